import { entityOf, fieldOf, isCollection } from '../../shared/model/index.ts';
import { type Role, roles } from '../../shared/rules/permissions.ts';
import { type Reach, reachOf } from '../../shared/rules/reach.ts';
import type { Group, Mutation } from '../../shared/sync/wire.ts';
import { reachesOf } from '../company/scopes.ts';
import type { Held } from '../store/quarantine.ts';
import type { Store } from '../store/store.ts';
import type { Withdrawal } from '../store/withdrawals.ts';

export interface HeldEdit {
  readonly object: string;
  /** Name of the record; '' where it has none here. */
  readonly name: string;
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly offline: boolean;
}

export interface HeldGroup {
  readonly id: string;
  readonly person: string;
  readonly deviceName: string;
  readonly at: string;
  readonly edits: readonly HeldEdit[];
}

export interface WithdrawalLine extends Withdrawal {
  /** What the bucket holds, in words: Territory North. */
  readonly what: string;
}

export interface Scopes {
  readonly reaches: readonly { readonly role: Role; readonly reach: Reach }[];
  readonly held: readonly HeldGroup[];
  readonly withdrawals: readonly WithdrawalLine[];
}

/** Most lines that a page shows of each. */
const MOST = 100;

const sees: Record<string, string> = {
  tenant: 'The whole company',
  shared: 'What everybody sees',
  owner: 'Own records of',
  team: 'Team',
  territory: 'Territory',
};

/** Who sees what, as the console shows it. */
export async function scopesOf(store: Store, tenant: string): Promise<Scopes> {
  const given = await reachesOf(store, tenant);
  const held = (await store.quarantine.list(tenant, 'held')).slice(0, MOST);
  const withdrawals = (await store.withdrawals.list(tenant)).slice(0, MOST);
  const groups = held.map((one) => ({ one, mutations: (JSON.parse(one.json) as Group).mutations }));
  const names = await namesOf(store, tenant, [
    ...groups.flatMap(({ mutations }) => mutations.map(({ record }) => record)),
    ...withdrawals.map(({ bucket }) => bucket.split(':')[1] ?? ''),
  ]);
  return {
    reaches: roles.filter((role) => role !== 'admin').map((role) => ({ role, reach: reachOf(role, given) })),
    held: groups.map(({ one, mutations }) => groupOf(one, mutations, names)),
    withdrawals: withdrawals.map((line) => {
      const [kind = '', id = ''] = line.bucket.split(':');
      const name = kind === 'tenant' || kind === 'shared' ? '' : (names.get(id) ?? 'unknown');
      return { ...line, what: `${sees[kind] ?? kind} ${name}`.trim() };
    }),
  };
}

function groupOf(held: Held, mutations: readonly Mutation[], names: ReadonlyMap<string, string>): HeldGroup {
  const edits = mutations.map(({ collection, record, field, base, value, op, offline }): HeldEdit => {
    const entity = isCollection(collection) ? entityOf(collection) : undefined;
    const label = entity === undefined ? field : (fieldOf(entity, field)?.label ?? field);
    return {
      object: entity?.label ?? collection,
      name: names.get(record) ?? '',
      field: op === 'set' ? label : op,
      from: base,
      to: value,
      offline,
    };
  });
  return { id: held.id, person: held.user_name, deviceName: held.device_name, at: held.at, edits };
}

async function namesOf(store: Store, tenant: string, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  const names = new Map<string, string>();
  for (let at = 0; at < wanted.length; at += 500) {
    const found = await store.db
      .selectFrom('rows')
      .select(['id', 'name'])
      .where('tenant', '=', tenant)
      .where('id', 'in', wanted.slice(at, at + 500))
      .execute();
    for (const { id, name } of found) names.set(id, name);
  }
  return names;
}
