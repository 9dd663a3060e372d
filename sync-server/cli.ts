import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { RoadbookError, toPlainError } from '../shared/errors.ts';
import { type Role, roles } from '../shared/rules/permissions.ts';
import { generatePassword, hashPassword } from './auth/passwords.ts';
import { backUp, markBackup, noteBackup, noteRestore } from './commands/backups.ts';
import {
  type Call,
  knownUser,
  MissingName,
  required,
  type Terminal,
  tenantOf,
  textOf,
  UsageError,
} from './commands/call.ts';
import {
  allowDevice,
  listDevices,
  listOrders,
  longestOffline,
  nameDevice,
  orderDevice,
  revokeDevice,
} from './commands/devices.ts';
import { changeReach, listQuarantine, listReach, movePersonTo, settleQuarantine } from './commands/scopes.ts';
import { setAccess } from './company/access.ts';
import { addCompany, putPerson } from './company/company.ts';
import { readPlace } from './config.ts';
import { restoreBackup } from './ops/backup.ts';
import { realEnvironment } from './store/environment.ts';
import { Store } from './store/store.ts';
import { verifyAudit } from './store/verify-audit.ts';

const USAGE = `tenants add NAME [--slug SLUG] [--currency USD]
tenants list
users add EMAIL [--name NAME] [--role ${roles.join('|')}] [--tenant SLUG] [--stdin]
users password EMAIL [--stdin]
users disable EMAIL
users enable EMAIL
users move EMAIL [--role ROLE] [--team NAME] [--territory NAME] ('' for none)
users list [--tenant SLUG]
reach list [--tenant SLUG]
reach set ROLE company|territory|team|own [--tenant SLUG]
quarantine list [--tenant SLUG]
quarantine restore GROUP [--tenant SLUG]
quarantine dismiss GROUP [--tenant SLUG]
devices list [--tenant SLUG]
devices name DEVICE NAME [--tenant SLUG]
devices revoke DEVICE [--tenant SLUG]
devices allow DEVICE [--tenant SLUG] (undoes revoke, and an order not yet followed)
devices leave DEVICE [--tenant SLUG] (it sends what it holds, then wipes itself)
devices lost DEVICE [--tenant SLUG] (it wipes itself at its next contact)
devices orders [--tenant SLUG]
devices offline [DAYS] [--tenant SLUG]
audit verify [--tenant SLUG]
backup make [--to FOLDER]
backup restore FILE (with the server stopped)
backup mark (on PostgreSQL, before its backup begins)
backup held (on PostgreSQL, after its backup was read back; the mark on standard input)
backup restored (on PostgreSQL, after a backup was put back, with the servers stopped)

A password is made and printed once; with --stdin it is read from standard input.`;

const commands: Record<string, (call: Call) => Promise<number>> = {
  'tenants add': addTenant,
  'tenants list': listTenants,
  'users add': addUser,
  'users password': setPassword,
  'users disable': (call) => setActive(call, false),
  'users enable': (call) => setActive(call, true),
  'users list': listUsers,
  'users move': movePersonTo,
  'reach list': listReach,
  'reach set': changeReach,
  'quarantine list': listQuarantine,
  'quarantine restore': (call) => settleQuarantine(call, 'restore'),
  'quarantine dismiss': (call) => settleQuarantine(call, 'dismiss'),
  'devices list': listDevices,
  'devices name': nameDevice,
  'devices revoke': revokeDevice,
  'devices allow': allowDevice,
  'devices leave': (call) => orderDevice(call, 'leave'),
  'devices lost': (call) => orderDevice(call, 'lost'),
  'devices orders': listOrders,
  'devices offline': longestOffline,
  'audit verify': checkAudit,
  'backup make': backUp,
  'backup mark': markBackup,
  'backup held': noteBackup,
  'backup restored': noteRestore,
};

/** Runs one command; returns the exit code. */
export async function runCommand(store: Store, args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        slug: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string' },
        tenant: { type: 'string' },
        currency: { type: 'string' },
        team: { type: 'string' },
        territory: { type: 'string' },
        to: { type: 'string' },
        stdin: { type: 'boolean' },
      },
    });
    const command = commands[positionals.slice(0, 2).join(' ')];
    if (command === undefined) throw new UsageError(USAGE);
    return await command({ store, terminal, target: positionals[2], more: positionals[3], options: values });
  } catch (error) {
    const wrongCall =
      error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    if (!wrongCall) throw error;
    const { message } = error as Error;
    terminal.say(error instanceof MissingName ? `${message}\n\n${USAGE}` : message);
    return 2;
  }
}

async function addTenant({ store, terminal, target, options }: Call): Promise<number> {
  const name = required(target, 'the name of the company');
  const slug =
    textOf(options.slug) ??
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  if (await store.accounts.tenantBySlug(slug)) throw new UsageError(`There is a company “${slug}” already.`);
  await addCompany(store, { slug, name, currency: textOf(options.currency) ?? 'USD' });
  terminal.say(`${name} is there as “${slug}”. Next: users add EMAIL --role admin --tenant ${slug}`);
  return 0;
}

async function listTenants({ store, terminal }: Call): Promise<number> {
  for (const { slug, name, counter } of await store.accounts.tenants()) {
    terminal.say(`${slug}  ${name}  at ${counter}`);
  }
  return 0;
}

async function addUser(call: Call): Promise<number> {
  const { store, terminal, target, options } = call;
  const email = required(target, 'an e-mail address').toLowerCase();
  const role = textOf(options.role) ?? 'rep';
  if (!roles.includes(role as Role))
    throw new UsageError(`There is no role “${role}”. Known: ${roles.join(', ')}.`);
  if (await store.accounts.userByEmail(email)) throw new UsageError(`${email} is there already.`);
  const tenant = await tenantOf(call);
  const password = await newPassword(call);
  await putPerson(store, tenant.id, {
    email,
    name: textOf(options.name) ?? email,
    role,
    password: password.text,
  });
  terminal.say(`${email} can sign in to ${tenant.name} as ${role}.${password.note}`);
  return 0;
}

async function setActive(call: Call, active: boolean): Promise<number> {
  const user = await knownUser(call);
  const changed = await setAccess(call.store, user, active);
  if (!changed) call.terminal.say(`${user.email} ${active ? 'may sign in' : 'is kept out'} already.`);
  else if (active) call.terminal.say(`${user.email} may sign in again, on each device anew.`);
  else
    call.terminal.say(
      `${user.email} may no longer sign in or sync. What is saved on the devices stays there. Records keep their owner.`,
    );
  return 0;
}

async function setPassword(call: Call): Promise<number> {
  const { store, terminal } = call;
  const user = await knownUser(call);
  const password = await newPassword(call);
  await store.accounts.setPasswordHash(user.id, await hashPassword(password.text));
  terminal.say(`${user.email} has a new password; devices sign in again.${password.note}`);
  return 0;
}

async function listUsers(call: Call): Promise<number> {
  const tenant = await tenantOf(call);
  for (const { email, name, role, password_hash, active } of await call.store.accounts.users(tenant.id)) {
    const state = active === 1 ? (password_hash === null ? '  (no password)' : '') : '  (disabled)';
    call.terminal.say(`${email}  ${name}  ${role}${state}`);
  }
  return 0;
}

async function checkAudit(call: Call): Promise<number> {
  const tenants =
    call.options.tenant === undefined ? await call.store.accounts.tenants() : [await tenantOf(call)];
  let whole = true;
  for (const { id, slug } of tenants) {
    const { entries, head, fault, headMatches } = await verifyAudit(call.store.db, call.store.origin, id);
    whole &&= fault === null && headMatches;
    if (fault !== null) call.terminal.say(`${slug}: entry ${fault.seq} does not fit (${fault.reason})`);
    else if (!headMatches) call.terminal.say(`${slug}: the log ends too early, after ${entries} entries`);
    else call.terminal.say(`${slug}: ${entries} entries, all in order, head ${head.slice(0, 16)}`);
  }
  return whole ? 0 : 1;
}

/** The named company, or the only one. */
async function newPassword({ store, terminal, options }: Call): Promise<{ text: string; note: string }> {
  if (options.stdin === true) {
    const given = (await terminal.readInput()).replace(/\r?\n$/, '');
    if (given.length < 10) throw new UsageError('A password needs at least 10 characters.');
    return { text: given, note: '' };
  }
  const text = generatePassword(store.environment.random);
  return { text, note: ` Password, shown once: ${text}` };
}

/** Runs a command on the configured data folder with the real terminal. */
export async function main(args: readonly string[]): Promise<number> {
  let store: Store | undefined;
  try {
    const place = readPlace(process.env);
    const [area, action, file] = args;
    if (area === 'backup' && action === 'restore' && file !== undefined) {
      if (place.postgres !== undefined) throw new RoadbookError('server.backup_elsewhere');
      const before = await restoreBackup(place.data, file, realEnvironment);
      console.log(`Restored.${before === '' ? '' : ` The database of before: ${before}`}`);
      return 0;
    }
    store = await Store.open(place);
    return await runCommand(store, args, {
      say: (line) => console.log(line),
      readInput: () => readAll(process.stdin),
    });
  } catch (error) {
    const plain = toPlainError(error);
    console.error(plain.code === 'internal' ? error : `${plain.message} ${plain.hint}`);
    return 1;
  } finally {
    await store?.close();
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
