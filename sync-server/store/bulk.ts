import { type Body, type CollectionName, entityOf, type Row } from '../../shared/model/index.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { MAX_GROUP } from '../../shared/sync/wire.ts';
import { type Brought, bringUpToDate } from './bring.ts';
import { Commit, type NewChange } from './commit.ts';
import { type Environment, instant } from './environment.ts';
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
 * Brings records to a wanted state in numbered batches. Each batch that wrote something has one audit entry that names
 * the records it made, and one entry per changed field, as a push has. Values that a person has changed since are left
 * alone, and so are deleted records. Doing it twice changes nothing.
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
      else if (bringUpToDate(known, record, now).length > 0) counts.changed += 1;
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
    const made: WorkingRow[] = [];
    const changed = new Set<WorkingRow>();
    const changes: NewChange[] = [];
    for (const record of batch) {
      const known = found.get(record.id);
      if (known === undefined) {
        const fresh = newRow(entityOf(record.collection), rowOf(record, tenant, now));
        found.set(record.id, fresh);
        made.push(fresh);
        written.created += 1;
        continue;
      }
      if (known.deleted) {
        written.deleted += 1;
        continue;
      }
      const brought = bringUpToDate(known, record, now);
      written[brought.length > 0 ? 'changed' : 'unchanged'] += 1;
      if (brought.length === 0) continue;
      if (!made.includes(known)) changed.add(known);
      changes.push(...brought.map((field) => changeBy(source, environment, known, field, now)));
    }
    if (made.length + changed.size === 0) return written;
    commit.entry(source.kind, {
      source: source.name,
      at: instant(now),
      created: written.created,
      changed: written.changed,
      records: made.map(({ row }) => row.id),
    });
    for (const change of changes) commit.change(change);
    await commit.finish([...made, ...changed]);
    return written;
  });
}

/** A change that no person and no device made: the source stands where the device would. */
export function changeBy(
  source: Source,
  environment: Environment,
  working: WorkingRow,
  { field, from, to }: Brought,
  now: number,
): NewChange {
  return {
    mutation: uuidv7(now, environment.random),
    collection: working.entity.name,
    record: working.row.id,
    name: working.entity.title(working.row.body),
    op: 'set',
    field,
    from: from ?? null,
    to: to ?? null,
    user: '',
    device: '',
    deviceName: `${source.kind} ${source.name}`,
    madeAt: instant(now),
    offline: false,
    result: 'applied',
  };
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
