import type { CollectionName } from '../../shared/model/index.ts';
import { bucketsOfRow } from '../../shared/rules/reach.ts';
import type { Tx } from './dialect.ts';
import { loadRows, type WorkingRow } from './working-row.ts';

/**
 * Inbox items go where the record goes that they are about: whoever does not see it any more must not keep its values
 * there. Items that are being written already are changed in place.
 * @param rows of a commit
 * @returns further rows that it is to write
 */
export async function itemsThatFollow(
  tx: Tx,
  tenant: string,
  rows: readonly WorkingRow[],
): Promise<WorkingRow[]> {
  const moved = rows.filter(hasMoved);
  if (moved.length === 0) return [];
  const byRecord = new Map(moved.map((working) => [working.row.id, working]));
  const known = new Set(rows.map(({ row }) => row.id));
  const found = await loadRows(tx, tenant, await itemsAbout(tx, tenant, byRecord));
  const items = [...rows.filter(({ entity }) => entity.name === 'inbox'), ...found];
  const followed: WorkingRow[] = [];
  for (const item of items) {
    const record = byRecord.get(String(item.row.body.record ?? ''));
    if (record === undefined) continue;
    const { owner, team, territory } = record.row;
    item.row = { ...item.row, owner, team, territory };
    item.dirty = true;
    if (!known.has(item.row.id)) followed.push(item);
  }
  return followed;
}

function hasMoved({ entity, row, storedRev, storedBuckets, dirty }: WorkingRow): boolean {
  if (!dirty || storedRev === 0 || entity.name === 'inbox') return false;
  const now = bucketsOfRow(row, entity.name as CollectionName);
  return now.length !== storedBuckets.length || now.some((bucket) => !storedBuckets.includes(bucket));
}

/** A company has few open items, and they are looked through only when a record moves. */
async function itemsAbout(tx: Tx, tenant: string, records: ReadonlyMap<string, unknown>): Promise<string[]> {
  const items = await tx
    .selectFrom('rows')
    .select(['id', 'json', 'kept'])
    .where('tenant', '=', tenant)
    .where('collection', '=', 'inbox')
    .execute();
  return items
    .filter(({ json, kept }) => {
      const { body } = JSON.parse(kept ?? json) as { body: { record?: unknown } };
      return records.has(String(body.record ?? ''));
    })
    .map(({ id }) => id);
}
