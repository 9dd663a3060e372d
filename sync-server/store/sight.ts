import { type CollectionName, collectionNames, type Row } from '../../shared/model/index.ts';
import { leftOut, projectionOf } from '../../shared/rules/permissions.ts';
import {
  type Area,
  bucketsOfRow,
  bucketsOfViewer,
  companyBucket,
  ownerBucket,
  type Reach,
  type Reaches,
  reachOf,
  readReaches,
  type Viewer,
} from '../../shared/rules/reach.ts';
import type { WireRow, WireViewer } from '../../shared/sync/wire.ts';
import type { Tx } from './dialect.ts';
import type { Principal } from './principal.ts';

/** What somebody sees, read in the transaction that uses it. */
export class Sight {
  readonly viewer: WireViewer;
  readonly buckets: readonly string[];
  /** The bucket of their own records. */
  readonly own: string;
  /** Names the fields that they hold; '' = all. */
  readonly projection: string;
  readonly #held: ReadonlySet<string>;

  constructor(user: string, viewer: WireViewer, buckets: readonly string[]) {
    this.viewer = viewer;
    this.own = ownerBucket(user);
    this.buckets = buckets;
    this.projection = projectionOf(viewer.role);
    this.#held = new Set(buckets);
  }

  /** Whether one of the reasons to see a row is theirs. */
  covers(buckets: readonly string[]): boolean {
    return buckets.some((bucket) => this.#held.has(bucket));
  }

  sees(row: Row, collection: CollectionName): boolean {
    return this.covers(bucketsOfRow(row, collection));
  }

  /** Whether a field is kept from them. */
  hides(collection: CollectionName, field: string): boolean {
    return leftOut(this.projection, collection).includes(field);
  }
}

/** What somebody sees at this moment, whatever they were when their request began. */
export async function sightOf(tx: Tx, principal: Principal): Promise<Sight> {
  const { tenant, user } = principal;
  const viewer = await viewerOf(tx, principal);
  const reach = reachOf(viewer.role, await givenReaches(tx, tenant));
  const areas = reach === 'team' || reach === 'territory' ? await areasOf(tx, tenant, reach) : [];
  return new Sight(user, viewer, bucketsOfViewer(tenant, { user, ...viewer }, reach, areas));
}

/**
 * The buckets of many people of one company: what it lets its roles see, and its trees, are read once.
 * @param reaches what roles see; as it stands unless given
 */
export async function bucketsOfPeople(
  tx: Tx,
  tenant: string,
  reaches?: Reaches,
): Promise<(viewer: Viewer) => readonly string[]> {
  const given = reaches ?? (await givenReaches(tx, tenant));
  const areas = {
    team: await areasOf(tx, tenant, 'team'),
    territory: await areasOf(tx, tenant, 'territory'),
  };
  const known = new Map<string, readonly string[]>();
  return (viewer) => {
    const reach = reachOf(viewer.role, given);
    const key = `${viewer.user} ${reach} ${viewer.team} ${viewer.territory}`;
    const buckets = known.get(key) ?? bucketsOfViewer(tenant, viewer, reach, areasIn(areas, reach));
    known.set(key, buckets);
    return buckets;
  };
}

/** Whether a bucket that a device has is kept from its person. Whoever sees the company sees what is in each bucket. */
export const isWithdrawn = (tenant: string, bucket: string, seen: readonly string[]): boolean =>
  !seen.includes(bucket) && !seen.includes(companyBucket(tenant));

const areasIn = (areas: { team: Area[]; territory: Area[] }, reach: Reach): readonly Area[] =>
  reach === 'team' || reach === 'territory' ? areas[reach] : [];

async function givenReaches(tx: Tx, tenant: string): Promise<Reaches> {
  const { reaches } = await tx
    .selectFrom('tenants')
    .select('reaches')
    .where('id', '=', tenant)
    .executeTakeFirstOrThrow();
  return readReaches(JSON.parse(reaches));
}

function areasOf(tx: Tx, tenant: string, kind: 'team' | 'territory'): Promise<Area[]> {
  return tx
    .selectFrom('areas')
    .select(['id', 'parent'])
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .execute();
}

/** All of the company and every field, for what an admin does in somebody's name: they stand where they stand. */
export async function wholeSight(tx: Tx, principal: Principal): Promise<Sight> {
  const viewer = await viewerOf(tx, principal);
  return new Sight(principal.user, { ...viewer, role: 'admin' }, [companyBucket(principal.tenant)]);
}

/** The server itself is nobody in the table of users. */
async function viewerOf(tx: Tx, principal: Principal): Promise<WireViewer> {
  const known = await tx
    .selectFrom('users')
    .select(['role', 'team', 'territory'])
    .where('id', '=', principal.user)
    .where('tenant', '=', principal.tenant)
    .executeTakeFirst();
  const { role, team, territory } = known ?? principal;
  return { role, team, territory };
}

/** Objects of which some projection leaves something out. */
const projected = (projection: string): ReadonlySet<string> =>
  new Set(collectionNames.filter((name) => leftOut(projection, name).length > 0));

/** Takes from texts of rows and changes what a projection leaves out; most of them are passed through untouched. */
export class Projector {
  readonly #projection: string;
  readonly #objects: ReadonlySet<string>;

  constructor(projection: string) {
    this.#projection = projection;
    this.#objects = projected(projection);
  }

  row(json: string, collection: string): string {
    if (!this.#objects.has(collection)) return json;
    return JSON.stringify(project(this.#projection, JSON.parse(json) as WireRow));
  }

  /** @returns undefined for the change of a field that is left out */
  change(json: string): string | undefined {
    if (this.#objects.size === 0) return json;
    const change = JSON.parse(json) as { collection: string; field: string; from: unknown; to: unknown };
    if (!this.#objects.has(change.collection)) return json;
    const hidden = leftOut(this.#projection, change.collection as CollectionName);
    if (hidden.includes(change.field)) return undefined;
    return JSON.stringify({
      ...change,
      from: without(change.from, hidden, change.field),
      to: without(change.to, hidden, change.field),
    });
  }
}

/** A row as a projection shows it. */
export function project(projection: string, wire: WireRow): WireRow {
  const hidden = leftOut(projection, wire.collection as CollectionName);
  if (hidden.every((field) => !(field in wire.body))) return wire;
  const shown = Object.entries(wire.body).filter(([field]) => !hidden.includes(field));
  return { ...wire, body: Object.fromEntries(shown) };
}

/** A change without a field carries a whole record. */
function without(value: unknown, hidden: readonly string[], field: string): unknown {
  if (field !== '' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !hidden.includes(name)));
}
