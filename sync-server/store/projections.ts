import { type CollectionName, collectionNames } from '../../shared/model/index.ts';
import { leftOut, projections } from '../../shared/rules/permissions.ts';
import { addDigest, subtractDigest } from '../../shared/sync/digest.ts';
import type { WireRow } from '../../shared/sync/wire.ts';
import { RowDigests } from './bucket-log.ts';
import { chunks, type Db, type Tx } from './dialect.ts';

/** What every database kept digests for that was written before this was noted down. */
const FIRST: readonly string[] = ['', 'products.cost'];
const KEY = 'projections';
/** Rows that are looked at in one transaction, and those that are summed up at once. */
const BATCH = 500;
const SUM_BATCH = 5_000;

/** Digests that were built for projections which the policy has and the database had not. */
export interface Built {
  readonly projections: readonly string[];
  /** Rows that were looked at. */
  readonly rows: number;
  readonly millis: number;
}

export interface BuildOptions {
  /** Rows per transaction. */
  readonly batch?: number;
  /** Called after each transaction; what it throws ends the work there. */
  readonly after?: () => void;
}

/** How far the digests of a database are. */
interface State {
  /** Projections whose digests are whole and kept up to date by every commit. */
  readonly built: readonly string[];
  readonly building?: Building;
}

interface Building {
  readonly projections: readonly string[];
  /** The company that was worked on last, and the row in it; null when that company is done. */
  readonly tenant: string;
  readonly row: string | null;
}

/**
 * Brings the digests of an opened database up to the policy of this version: a field that is hidden anew makes a new
 * projection, and no row written before has its digest. Goes on where a process that was ended has left off. Nothing is
 * served from the database before this is done, and every commit of this version keeps the new digests by itself.
 * @param now milliseconds
 * @returns null when nothing was missing
 */
export async function buildProjections(
  db: Db,
  now: () => number,
  { batch = BATCH, after = () => undefined }: BuildOptions = {},
): Promise<Built | null> {
  const began = now();
  const state = await read(db);
  const known = state?.built ?? FIRST;
  const missing = projections.filter((projection) => !known.includes(projection));
  if (missing.length === 0) {
    // What this version does not keep up to date is not whole for the next one that wants it, nor half built.
    const kept = known.filter((projection) => projections.includes(projection));
    const right = state !== undefined && state.building === undefined && kept.length === known.length;
    if (!right) await write(db, { built: kept });
    return null;
  }
  const objects = collectionNames.filter((name) => missing.some((one) => leftOut(one, name).length > 0));
  const from = state?.building?.projections.join(' ') === missing.join(' ') ? state.building : undefined;
  let rows = 0;
  const tenants = await db.selectFrom('tenants').select('id').orderBy('id').execute();
  for (const { id: tenant } of tenants) {
    if (from !== undefined && (tenant < from.tenant || (tenant === from.tenant && from.row === null)))
      continue;
    let row: string | null = from?.tenant === tenant ? from.row : '';
    while (row !== null) {
      const last: string = row;
      row = await inTurn(db, tenant, async (tx) => {
        const found = await digestRows(tx, tenant, objects, last, batch);
        rows += found.length;
        const next = found.length < batch ? null : (found.at(-1) ?? null);
        if (next === null) await sumUp(tx, tenant, objects, missing);
        await write(tx, { built: known, building: { projections: missing, tenant, row: next } });
        return next;
      });
      after();
    }
  }
  await write(db, { built: [...projections] });
  return { projections: missing, rows, millis: now() - began };
}

/** One transaction that no writer of the company gets between: like every writer it locks the commit counter first. */
function inTurn<T>(db: Db, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tenants')
      .set((eb) => ({ counter: eb.ref('counter') }))
      .where('id', '=', tenant)
      .execute();
    return work(tx);
  });
}

/** Writes the digests of some rows anew. @returns the ids of those that were looked at, in order */
async function digestRows(
  tx: Tx,
  tenant: string,
  objects: readonly CollectionName[],
  after: string,
  batch: number,
): Promise<string[]> {
  const found = await tx
    .selectFrom('rows')
    .select(['id', 'json', 'digests'])
    .where('tenant', '=', tenant)
    .where('id', '>', after)
    .where('collection', 'in', objects)
    .orderBy('id')
    .limit(batch)
    .execute();
  for (const { id, json, digests } of found) {
    const now = new RowDigests(JSON.parse(json) as WireRow).others();
    if (now === digests) continue;
    await tx
      .updateTable('rows')
      .set({ digests: now })
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .execute();
  }
  return found.map(({ id }) => id);
}

/** A bucket's digest in a projection is the whole one, with the rows that differ exchanged. */
async function sumUp(
  tx: Tx,
  tenant: string,
  objects: readonly CollectionName[],
  missing: readonly string[],
): Promise<void> {
  const whole = await tx
    .selectFrom('bucket_digests')
    .select(['bucket', 'digest'])
    .where('tenant', '=', tenant)
    .where('projection', '=', '')
    .execute();
  for (const { bucket, digest } of whole) {
    const sums = new Map(missing.map((projection) => [projection, digest]));
    let after = '';
    for (;;) {
      const rows = await differing(tx, tenant, bucket, objects, after);
      for (const row of rows) {
        const others = JSON.parse(row.digests) as Record<string, string>;
        for (const [projection, sum] of sums) {
          const other = others[projection];
          if (other !== undefined) sums.set(projection, addDigest(subtractDigest(sum, row.digest), other));
        }
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < SUM_BATCH) break;
      after = last.id;
    }
    await put(tx, tenant, bucket, sums);
  }
}

/** Live rows of a bucket that some projection sees less of. */
async function differing(
  tx: Tx,
  tenant: string,
  bucket: string,
  objects: readonly CollectionName[],
  after: string,
): Promise<{ id: string; digest: string; digests: string }[]> {
  const found = await tx
    .selectFrom('bucket_log')
    .innerJoin('rows', (join) =>
      join.onRef('rows.tenant', '=', 'bucket_log.tenant').onRef('rows.id', '=', 'bucket_log.id'),
    )
    .select(['rows.id', 'rows.digest', 'rows.digests'])
    .where('bucket_log.tenant', '=', tenant)
    .where('bucket_log.bucket', '=', bucket)
    .where('bucket_log.id', '>', after)
    .where('bucket_log.collection', 'in', objects)
    .where('bucket_log.op', '=', 'put')
    .where('rows.deleted', '=', 0)
    .where('rows.digests', 'is not', null)
    .orderBy('bucket_log.id')
    .limit(SUM_BATCH)
    .execute();
  return found.map(({ id, digest, digests }) => ({ id, digest, digests: digests ?? '{}' }));
}

async function put(tx: Tx, tenant: string, bucket: string, sums: ReadonlyMap<string, string>): Promise<void> {
  const rows = [...sums].map(([projection, digest]) => ({ tenant, bucket, projection, digest }));
  for (const part of chunks(rows)) {
    await tx
      .insertInto('bucket_digests')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'bucket', 'projection'])
          .doUpdateSet((eb) => ({ digest: eb.ref('excluded.digest') })),
      )
      .execute();
  }
}

async function read(db: Db): Promise<State | undefined> {
  const found = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return found === undefined ? undefined : (JSON.parse(found.value) as State);
}

async function write(db: Db | Tx, state: State): Promise<void> {
  const value = JSON.stringify(state);
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
