import { hashPassword } from '../auth/passwords.ts';
import type { Tenant } from '../store/accounts.ts';
import { type Source, type Wanted, writeRecords } from '../store/bulk.ts';
import type { Store } from '../store/store.ts';
import { basicDefinitions, companyId, defaultPipeline } from './definitions.ts';

const SET_UP: Source = { kind: 'set-up', name: 'server' };

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly team?: string;
  readonly territory?: string;
  readonly manager?: string;
  /** Left out: the person cannot sign in until a password is set. */
  readonly password?: string;
}

export interface Person extends NewPerson {
  readonly id: string;
}

/** A new company with its currency and lost reasons, and the default pipeline unless it brings its own. */
export async function addCompany(
  store: Store,
  company: { slug: string; name: string; currency?: string; ownPipeline?: boolean },
): Promise<Tenant> {
  const tenant = await store.accounts.addTenant(company.slug, company.name);
  const definitions = [
    ...basicDefinitions(tenant.id, company.name, company.currency ?? 'USD'),
    ...(company.ownPipeline ? [] : [defaultPipeline(tenant.id)]),
  ];
  await writeRecords(store, tenant.id, definitions, SET_UP);
  return tenant;
}

/** Adds or updates a person, with the directory entry that devices see. The id follows from the e-mail address. */
export async function putPerson(store: Store, tenant: string, person: NewPerson): Promise<Person> {
  const [known] = await putPeople(store, tenant, [person], SET_UP);
  if (known === undefined) throw new Error('no person was written');
  return known;
}

export async function putPeople(
  store: Store,
  tenant: string,
  people: readonly NewPerson[],
  source: Source,
): Promise<Person[]> {
  const known: Person[] = [];
  const entries: Wanted[] = [];
  for (const person of people) {
    const id = personId(tenant, person.email);
    await store.accounts.putUser(tenant, { ...person, id });
    if (person.password !== undefined) {
      await store.accounts.setPasswordHash(id, await hashPassword(person.password));
    }
    entries.push(directoryEntry(id, person));
    known.push({ ...person, id });
  }
  await writeRecords(store, tenant, entries, source);
  return known;
}

export function personId(tenant: string, email: string): string {
  return companyId(tenant, `user\n${email.toLowerCase()}`);
}

function directoryEntry(id: string, person: NewPerson): Wanted {
  return {
    collection: 'directory',
    id,
    owner: id,
    ...(person.team === undefined ? {} : { team: person.team }),
    ...(person.territory === undefined ? {} : { territory: person.territory }),
    body: {
      kind: 'user',
      name: person.name,
      email: person.email.toLowerCase(),
      role: person.role,
      active: true,
      ...(person.manager ? { manager: person.manager } : {}),
      ...(person.team ? { team: person.team } : {}),
      ...(person.territory ? { territory: person.territory } : {}),
    },
  };
}
