import type { CollectionName } from '../../shared/model/index.ts';
import { bucketsOfRow } from '../../shared/rules/reach.ts';
import type { Change, Membership, WireRow } from '../../shared/sync/wire.ts';
import type { Principal } from '../../sync-server/store/principal.ts';
import type { Store } from '../../sync-server/store/store.ts';
import type { Company } from './company.ts';

/** A server whose database can be read. */
export interface Inspected {
  readonly store: Store;
  readonly company: Company;
  principal(device: number): Promise<Principal>;
}

/** A row of the server's table, with its values where it is deleted too. */
export interface ServerRow {
  readonly wire: WireRow;
  readonly deleted: boolean;
}

/** Everything that the server's file says, read without the server's own code for reading it. */
export interface ServerFacts {
  readonly counter: number;
  readonly rows: ReadonlyMap<string, ServerRow>;
  /** Changes of the audit log in its order. */
  readonly changes: readonly (Change & { readonly seq: number })[];
  readonly results: ReadonlyMap<string, string>;
  readonly quarantined: readonly { readonly id: string; readonly json: string }[];
  readonly users: ReadonlyMap<string, { role: string; team: string; territory: string }>;
  readonly parents: ReadonlyMap<string, string>;
  readonly reaches: Readonly<Record<string, string>>;
}

export async function factsOf({ store, company }: Inspected): Promise<ServerFacts> {
  const { db } = store;
  const { tenant } = company;
  const settings = await db
    .selectFrom('tenants')
    .select(['counter', 'reaches'])
    .where('id', '=', tenant)
    .executeTakeFirstOrThrow();
  const rows = await db.selectFrom('rows').select(['id', 'json', 'kept', 'deleted']).execute();
  const audit = await db
    .selectFrom('audit_log')
    .innerJoin('audit_values', (join) =>
      join
        .onRef('audit_values.tenant', '=', 'audit_log.tenant')
        .onRef('audit_values.seq', '=', 'audit_log.seq'),
    )
    .select(['audit_log.seq', 'audit_log.number', 'audit_values.json'])
    .where('audit_log.kind', '=', 'change')
    .orderBy('audit_log.seq')
    .execute();
  const mutations = await db.selectFrom('mutations').select(['id', 'result']).execute();
  const quarantined = await db.selectFrom('quarantine').select(['id', 'json']).execute();
  const users = await db.selectFrom('users').select(['id', 'role', 'team', 'territory']).execute();
  const areas = await db.selectFrom('areas').select(['id', 'parent']).execute();
  return {
    counter: Number(settings.counter),
    rows: new Map(
      rows.map(({ id, json, kept, deleted }) => [
        id,
        { wire: JSON.parse(kept ?? json) as WireRow, deleted: deleted === 1 },
      ]),
    ),
    changes: audit.map(({ seq, json }) => ({ ...(JSON.parse(json) as Change), seq: Number(seq) })),
    results: new Map(mutations.map(({ id, result }) => [id, result])),
    quarantined,
    users: new Map(users.map(({ id, ...place }) => [id, place])),
    parents: new Map(areas.map(({ id, parent }) => [id, parent])),
    reaches: JSON.parse(settings.reaches) as Record<string, string>,
  };
}

const SHARED = ['products', 'directory', 'definitions'];

/** Who sees what, in the plainest words: shared/rules/reach.ts says it for buckets. */
export function sees(facts: ServerFacts, user: string, { wire }: ServerRow): boolean {
  const person = facts.users.get(user);
  if (person === undefined) return false;
  const reach = person.role === 'admin' ? 'company' : (facts.reaches[person.role] ?? 'company');
  if (reach === 'company' || SHARED.includes(wire.collection) || wire.owner === user) return true;
  if (reach === 'own') return false;
  const top = reach === 'team' ? person.team : person.territory;
  return top !== '' && isUnder(facts, reach === 'team' ? wire.team : wire.territory, top);
}

function isUnder(facts: ServerFacts, area: string, top: string): boolean {
  const seen = new Set<string>();
  for (let at = area; at !== '' && !seen.has(at); at = facts.parents.get(at) ?? '') {
    if (at === top) return true;
    seen.add(at);
  }
  return false;
}

/** What a device would be given that has nothing yet: live rows by id, and the digest of each bucket. */
export async function freshPull(server: Inspected, device: number) {
  const repository = server.store.repository(await server.principal(device));
  const rows = new Map<string, WireRow>();
  const memberships = new Map<string, Membership>();
  for (let checkpoint: Parameters<typeof repository.pull>[0] = null; ; ) {
    const page = await repository.pull(checkpoint, 50);
    for (const text of page.rows) {
      const row = JSON.parse(text) as WireRow;
      rows.set(row.id, row);
    }
    for (const text of page.memberships) {
      const one = JSON.parse(text) as Membership;
      memberships.set(`${one.bucket} ${one.id}`, one);
    }
    checkpoint = page.checkpoint;
    if (!page.more) return { rows, digests: page.digests ?? {}, memberships };
  }
}

/** Buckets that a row is in, for a report. */
export const bucketsOf = ({ wire }: ServerRow, tenant: string): readonly string[] =>
  bucketsOfRow({ ...wire, tenant, name: '' }, wire.collection as CollectionName);
