import { type Body, type CollectionName, entityOf, type Row } from '../../shared/model/index.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { MAX_GROUP } from '../../shared/sync/wire.ts';
import { Commit } from './commit.ts';
import { instant } from './environment.ts';
import type { Store } from './store.ts';
import { loadRows, newRow, type WorkingRow } from './working-row.ts';

/** A record as an import or a set-up wants it to be. */
export interface Wanted {
  readonly collection: CollectionName;
  readonly id: string;
  readonly owner?: string;
  readonly team?: string;
  readonly territory?: string;
  readonly body: Body;
  /** When it was made and last changed, where the source knows. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface Written {
  created: number;
  changed: number;
  unchanged: number;
  /** Records that were deleted here and stay so. */
  deleted: number;
}

/** What the audit log says about a batch. */
export interface Source {
  /** Kind of audit entry: import, set-up. */
  readonly kind: string;
  readonly name: string;
}

/**
 * Brings records to a wanted state in numbered batches, with one audit entry per batch that changed something. Values
 * that a person has changed since are left alone, and so are deleted records. Doing it twice changes nothing.
 */
export async function writeRecords(
  store: Store,
  tenant: string,
  wanted: readonly Wanted[],
  source: Source,
): Promise<Written> {
  const total: Written = { created: 0, changed: 0, unchanged: 0, deleted: 0 };
  for (let start = 0; start < wanted.length; start += MAX_GROUP) {
    const batch = wanted.slice(start, start + MAX_GROUP);
    const written = await writeBatch(store, tenant, batch, source);
    for (const key of Object.keys(total) as (keyof Written)[]) total[key] += written[key];
  }
  if (total.created + total.changed > 0) store.committed(tenant);
  return total;
}

/** What `writeRecords` would do, without doing it. */
export async function compareRecords(
  store: Store,
  tenant: string,
  wanted: readonly Wanted[],
): Promise<Written> {
  const counts: Written = { created: 0, changed: 0, unchanged: 0, deleted: 0 };
  const now = store.environment.now();
  for (let start = 0; start < wanted.length; start += MAX_GROUP) {
    const batch = wanted.slice(start, start + MAX_GROUP);
    const ids = batch.map(({ id }) => id);
    const rows = await store.db.transaction().execute((tx) => loadRows(tx, tenant, ids));
    const found = new Map(rows.map((working) => [working.row.id, working]));
    for (const record of batch) {
      const known = found.get(record.id);
      if (known === undefined) counts.created += 1;
      else if (known.deleted) counts.deleted += 1;
      else if (bringUpToDate(known, record, now)) counts.changed += 1;
      else counts.unchanged += 1;
    }
  }
  return counts;
}

function writeBatch(
  store: Store,
  tenant: string,
  batch: readonly Wanted[],
  source: Source,
): Promise<Written> {
  const { environment } = store;
  return store.db.transaction().execute(async (tx) => {
    const commit = await Commit.begin(tx, environment, tenant);
    const now = environment.now();
    const found = new Map(
      (
        await loadRows(
          tx,
          tenant,
          batch.map(({ id }) => id),
        )
      ).map((working) => [working.row.id, working]),
    );
    const written: Written = { created: 0, changed: 0, unchanged: 0, deleted: 0 };
    const rows: WorkingRow[] = [];
    for (const record of batch) {
      const known = found.get(record.id);
      if (known === undefined) {
        const made = newRow(entityOf(record.collection), rowOf(record, tenant, now));
        found.set(record.id, made);
        rows.push(made);
        written.created += 1;
      } else if (known.deleted) {
        written.deleted += 1;
      } else if (bringUpToDate(known, record, now)) {
        if (!rows.includes(known)) rows.push(known);
        written.changed += 1;
      } else {
        written.unchanged += 1;
      }
    }
    if (rows.length === 0) return written;
    commit.entry(source.kind, {
      source: source.name,
      at: instant(now),
      created: written.created,
      changed: written.changed,
      records: rows.map(({ row }) => row.id),
    });
    await commit.finish(rows);
    return written;
  });
}

function rowOf(record: Wanted, tenant: string, now: number): Row {
  const createdAt = record.createdAt ?? instant(now);
  return {
    id: record.id,
    rev: 0,
    tenant,
    owner: record.owner ?? '',
    team: record.team ?? '',
    territory: record.territory ?? '',
    name: '',
    createdAt,
    createdBy: record.owner ?? '',
    updatedAt: record.updatedAt ?? createdAt,
    updatedBy: record.owner ?? '',
    body: record.body,
  };
}

/** Sets what differs and was not changed by a person; true when something was set. */
function bringUpToDate(known: WorkingRow, record: Wanted, now: number): boolean {
  const differing = Object.entries(record.body).filter(
    ([field, value]) => isOurs(known, field) && !sameValue(known.row.body[field], value),
  );
  const scope = {
    owner: record.owner ?? known.row.owner,
    team: record.team ?? known.row.team,
    territory: record.territory ?? known.row.territory,
  };
  const moved =
    isOurs(known, 'owner') &&
    (scope.owner !== known.row.owner ||
      scope.team !== known.row.team ||
      scope.territory !== known.row.territory);
  if (differing.length === 0 && !moved) return false;
  const fields = [...differing.map(([field]) => field), ...(moved ? ['owner'] : [])];
  for (const field of fields) {
    known.clocks[field] = {
      rev: known.storedRev + 1,
      clock: formatStamp({ millis: now, counter: 0, node: 'server' }),
      user: '',
      device: '',
      at: instant(now),
    };
  }
  known.row = {
    ...known.row,
    ...(moved ? scope : {}),
    updatedAt: instant(now),
    updatedBy: '',
    body: { ...known.row.body, ...Object.fromEntries(differing) },
  };
  known.dirty = true;
  return true;
}

function isOurs(known: WorkingRow, field: string): boolean {
  const clock = known.clocks[field];
  return clock === undefined || clock.device === '';
}
