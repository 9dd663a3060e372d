import type { KnownUser } from '../auth/sign-in.ts';
import type { Tenant } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';

/** What the commands print to and read from. */
export interface Terminal {
  say(line: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** A wrong call of a command: told to the person, not a fault of the program. */
export class UsageError extends Error {}

/** A call that lacks a word: the list of commands helps. */
export class MissingName extends UsageError {}

export interface Call {
  readonly store: Store;
  readonly terminal: Terminal;
  readonly target: string | undefined;
  /** What stands after the target. */
  readonly more: string | undefined;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export async function knownUser({ store, target }: Call): Promise<KnownUser> {
  const email = required(target, 'an e-mail address');
  const user = await store.accounts.userByEmail(email);
  if (user === undefined) throw new UsageError(`Nobody has the address ${email}.`);
  return user;
}

export async function tenantOf({ store, options }: Call): Promise<Tenant> {
  const slug = textOf(options.tenant);
  const tenants = await store.accounts.tenants();
  const found = slug === undefined ? tenants : tenants.filter((tenant) => tenant.slug === slug);
  const [tenant] = found;
  if (tenant !== undefined && found.length === 1) return tenant;
  const known = tenants.map((entry) => entry.slug).join(', ') || 'none';
  throw new UsageError(
    slug === undefined
      ? `Name the company with --tenant. Known: ${known}.`
      : `There is no company “${slug}”. Known: ${known}.`,
  );
}

export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new MissingName(`Name ${what}.`);
  return value;
}

export function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
