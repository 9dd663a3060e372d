import { RoadbookError } from '../../shared/errors.ts';
import { type Role, roles } from '../../shared/rules/permissions.ts';
import { type Reach, type Reaches, reaches, readReaches } from '../../shared/rules/reach.ts';
import { sightChanged } from '../store/areas.ts';
import { bringUpToDate } from '../store/bring.ts';
import { changeBy, type Source } from '../store/bulk.ts';
import { Commit } from '../store/commit.ts';
import { instant } from '../store/environment.ts';
import type { Store } from '../store/store.ts';
import { loadRows } from '../store/working-row.ts';

/** What the company lets its roles see. */
export async function reachesOf(store: Store, tenant: string): Promise<Reaches> {
  const { reaches: text } = await store.db
    .selectFrom('tenants')
    .select('reaches')
    .where('id', '=', tenant)
    .executeTakeFirstOrThrow();
  return readReaches(JSON.parse(text));
}

/**
 * Lets a role see more or less of the company. Devices receive what is new to them and let go of the rest at their next
 * contact.
 * @throws request.invalid for an admin, who sees everything, and for what is no role or no reach
 */
export async function setReach(
  store: Store,
  tenant: string,
  role: string,
  reach: string,
  source: Source,
): Promise<Reaches> {
  const change = checkReach(role, reach);
  const { environment } = store;
  const next = await store.db.transaction().execute(async (tx) => {
    const commit = await Commit.begin(tx, environment, tenant);
    const { reaches: text } = await tx
      .selectFrom('tenants')
      .select('reaches')
      .where('id', '=', tenant)
      .executeTakeFirstOrThrow();
    const before = readReaches(JSON.parse(text));
    const after: Reaches = { ...before, [change.role]: change.reach };
    if (JSON.stringify(before) === JSON.stringify(after)) return before;
    await tx
      .updateTable('tenants')
      .set({ reaches: JSON.stringify(after) })
      .where('id', '=', tenant)
      .execute();
    await sightChanged(tx, tenant);
    commit.entry('reach', {
      role,
      from: before[change.role] ?? 'company',
      to: reach,
      by: source.name,
      at: instant(environment.now()),
    });
    await commit.finish([]);
    return after;
  });
  store.committed(tenant);
  return next;
}

/** @throws request.invalid for an admin, who sees everything, and for what is no role or no reach */
export function checkReach(role: string, reach: string): { role: Role; reach: Reach } {
  const knownRole = roles.find((one) => one === role && one !== 'admin');
  const knownReach = reaches.find((one) => one === reach);
  if (knownRole === undefined)
    throw new RoadbookError('request.invalid', { reason: `the reach of “${role}” cannot be set` });
  if (knownReach === undefined)
    throw new RoadbookError('request.invalid', { reason: `there is no reach “${reach}”` });
  return { role: knownRole, reach: knownReach };
}

/** What an admin may change about where a person stands. */
export interface Place {
  readonly role?: string;
  /** Id of a team; '' for none. */
  readonly team?: string;
  /** Id of a territory; '' for none. */
  readonly territory?: string;
}

/**
 * Moves a person to another role, team or territory, with the directory entry that devices see. Their records stay where
 * they are; what they see changes at once.
 * @throws record.not_found, request.invalid, integrity.reference
 */
export async function movePerson(
  store: Store,
  tenant: string,
  user: string,
  place: Place,
  source: Source,
): Promise<void> {
  if (place.role !== undefined && !roles.some((one) => one === place.role)) {
    throw new RoadbookError('request.invalid', { reason: `there is no role “${place.role}”` });
  }
  const { environment } = store;
  await store.db.transaction().execute(async (tx) => {
    const commit = await Commit.begin(tx, environment, tenant);
    for (const kind of ['team', 'territory'] as const) {
      const id = place[kind];
      if (id === undefined || id === '') continue;
      const area = await tx
        .selectFrom('areas')
        .select('id')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirst();
      if (area === undefined) throw new RoadbookError('integrity.reference', { field: kind });
    }
    const known = await tx
      .selectFrom('users')
      .select(['role', 'team', 'territory'])
      .where('tenant', '=', tenant)
      .where('id', '=', user)
      .executeTakeFirst();
    if (known === undefined) throw new RoadbookError('record.not_found');
    const next = { ...known, ...place };
    const names = ['role', 'team', 'territory'] as const;
    if (names.every((name) => next[name] === known[name])) return;
    await tx
      .updateTable('users')
      .set({ role: next.role, team: next.team, territory: next.territory })
      .where('id', '=', user)
      .execute();
    await sightChanged(tx, tenant);
    const now = environment.now();
    commit.entry('person-moved', { user, from: known, to: next, by: source.name, at: instant(now) });
    const rows = await loadRows(tx, tenant, [user]);
    for (const entry of rows) {
      const body = { role: next.role, team: next.team, territory: next.territory };
      for (const field of bringUpToDate(entry, { collection: 'directory', id: user, body }, now)) {
        commit.change(changeBy(source, environment, entry, field, now));
      }
    }
    await commit.finish(rows);
  });
  store.committed(tenant);
}
