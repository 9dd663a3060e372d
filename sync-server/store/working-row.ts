import { type Entity, entityOf, isCollection, type Row } from '../../shared/model/index.ts';
import { bucketsOfRow } from '../../shared/rules/reach.ts';
import type { FieldClock } from '../../shared/sync/merge.ts';
import type { WireRow } from '../../shared/sync/wire.ts';
import type { Tx } from './dialect.ts';
import type { RowsTable } from './schema.ts';

/** Key in a row's clocks for its last deletion or restoration. */
export const LIFE = '';

/** A row while a group is being decided: what it was, and what it would become. */
export interface WorkingRow {
  readonly entity: Entity;
  /** Revision in the database; 0 for a row that this group makes. */
  readonly storedRev: number;
  /** Live digests in the database by projection; null for a row that is new or deleted there. */
  readonly storedDigests: ((projection: string) => string) | null;
  /** The reasons to see it that the database holds. */
  readonly storedBuckets: readonly string[];
  /** Values as they would be; of a deleted row: as they were before. */
  row: Row;
  deleted: boolean;
  clocks: Record<string, FieldClock>;
  /** True when something is to be written. */
  dirty: boolean;
}

export function newRow(entity: Entity, row: Row): WorkingRow {
  return {
    entity,
    storedRev: 0,
    storedDigests: null,
    storedBuckets: [],
    row,
    deleted: false,
    clocks: {},
    dirty: true,
  };
}

export function fromTable(tenant: string, stored: RowsTable): WorkingRow {
  if (!isCollection(stored.collection)) throw new Error(`row of unknown collection ${stored.collection}`);
  const deleted = stored.deleted === 1;
  const wire = JSON.parse(deleted ? (stored.kept ?? stored.json) : stored.json) as WireRow;
  const { collection: _collection, deleted: _deleted, ...values } = wire;
  const row = { ...values, rev: stored.rev, tenant, name: stored.name };
  return {
    entity: entityOf(stored.collection),
    storedRev: stored.rev,
    storedDigests: deleted ? null : digestsOf(stored),
    storedBuckets: bucketsOfRow(row, stored.collection),
    row,
    deleted,
    clocks: JSON.parse(stored.clocks) as Record<string, FieldClock>,
    dirty: false,
  };
}

/** What a projection leaves out makes another digest; most rows are the same in all of them. */
function digestsOf({ digest, digests }: RowsTable): (projection: string) => string {
  if (digests === null) return () => digest;
  const others = JSON.parse(digests) as Record<string, string>;
  return (projection) => others[projection] ?? digest;
}

export async function loadRows(tx: Tx, tenant: string, ids: readonly string[]): Promise<WorkingRow[]> {
  const found: WorkingRow[] = [];
  for (let start = 0; start < ids.length; start += 500) {
    const stored = await tx
      .selectFrom('rows')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('id', 'in', ids.slice(start, start + 500))
      .execute();
    found.push(...stored.map((row) => fromTable(tenant, row)));
  }
  return found;
}

/** The row as it travels. A deleted row travels without its values. */
export function toWire(working: WorkingRow, rev: number): WireRow {
  const { row, entity, deleted } = working;
  return {
    collection: entity.name,
    id: row.id,
    rev,
    deleted,
    owner: row.owner,
    team: row.team,
    territory: row.territory,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    body: deleted ? {} : row.body,
  };
}
