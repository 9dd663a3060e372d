import { type Body, type CollectionName, fieldValue } from '../../shared/model/index.ts';
import type { Mutation, WireRow } from '../../shared/sync/wire.ts';
import type { StoredDoc } from '../store/contract.ts';
import type { Context } from './context.ts';
import { fromDoc, fromWire, toWire } from './rows.ts';

/** Server revision and values that a person saw when an edit began. */
export interface Seen {
  readonly rev: number;
  readonly values: Body;
}

/** Server values of a row: kept beside it while edits wait, otherwise the row itself. */
export async function baseOf(
  { store }: Pick<Context, 'store'>,
  collection: CollectionName,
  doc: StoredDoc,
): Promise<{ wire: WireRow; isNew: boolean }> {
  const kept = await store.bases(collection, [doc.id]);
  const wire = kept[doc.id] as WireRow | undefined;
  if (wire !== undefined && wire !== null) return { wire, isNew: false };
  const held = fromDoc(doc);
  // A record that the server has not accepted has no server values yet.
  return { wire: toWire(collection, held), isNew: held.row.rev > 0 };
}

/**
 * What a new edit of one field stands on. While an earlier edit of the same field waits, the person has seen no newer
 * server value of it, even when the row's base has moved: the new edit stands on what the earlier one stood on.
 */
export async function seenBy(
  { store, user }: Pick<Context, 'store' | 'user'>,
  id: string,
  field: string,
  base: WireRow,
  given: Seen | undefined,
): Promise<{ base: unknown; baseRev: number }> {
  const waiting = await store.outboxOf([id]);
  const first = waiting.find((entry) => entry.field === field)?.mutation as Mutation | undefined;
  if (first !== undefined) return { base: first.base, baseRev: first.baseRev };
  // A pull may have moved the record on while the form stood open.
  if (given !== undefined && given.rev < base.rev && Object.hasOwn(given.values, field)) {
    return { base: given.values[field], baseRev: given.rev };
  }
  const { row } = fromWire(base, user.tenant);
  return { base: fieldValue(row, field), baseRev: base.rev };
}
