import { type Entity, entityOf, isCollection, type Row } from '../../shared/model/index.ts';
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
  /** Live digest in the database; null for a row that is new or deleted there. */
  readonly storedDigest: string | null;
  /** Values as they would be; of a deleted row: as they were before. */
  row: Row;
  deleted: boolean;
  clocks: Record<string, FieldClock>;
  /** True when something is to be written. */
  dirty: boolean;
}

export function newRow(entity: Entity, row: Row): WorkingRow {
  return { entity, storedRev: 0, storedDigest: null, row, deleted: false, clocks: {}, dirty: true };
}

export function fromTable(tenant: string, stored: RowsTable): WorkingRow {
  if (!isCollection(stored.collection)) throw new Error(`row of unknown collection ${stored.collection}`);
  const deleted = stored.deleted === 1;
  const wire = JSON.parse(deleted ? (stored.kept ?? stored.json) : stored.json) as WireRow;
  const { collection: _collection, deleted: _deleted, ...values } = wire;
  return {
    entity: entityOf(stored.collection),
    storedRev: stored.rev,
    storedDigest: deleted ? null : stored.digest,
    row: { ...values, rev: stored.rev, tenant, name: stored.name },
    deleted,
    clocks: JSON.parse(stored.clocks) as Record<string, FieldClock>,
    dirty: false,
  };
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
