import {
  type Body,
  type CollectionName,
  entityOf,
  fieldValue,
  isScopeField,
  withField,
} from '../../shared/model/index.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import { fromDoc, type Held, titled } from '../records/rows.ts';
import type { StoredDoc } from '../store/contract.ts';

/** Server values with edits that still wait on top, in the order in which they were made. */
export function overlay(collection: CollectionName, server: Held, waiting: readonly Mutation[]): Held {
  const result = waiting.reduce(applyMutation, server);
  return { ...result, row: titled(collection, result.row) };
}

function applyMutation(held: Held, mutation: Mutation): Held {
  switch (mutation.op) {
    case 'set':
      return { ...held, row: withField(held.row, mutation.field, mutation.value) };
    case 'delete':
      return { ...held, deleted: true };
    case 'restore':
      return { ...held, deleted: false };
    case 'create':
      return { ...held, row: Object.entries(mutation.value as Body).reduce(setField, held.row) };
  }
}

function setField(row: Held['row'], [name, value]: [string, unknown]): Held['row'] {
  // Owner, team and territory are what the server says as soon as it has the record.
  return isScopeField(name) ? row : withField(row, name, value);
}

/**
 * Takes back edits that the server did not apply: their fields fall back to the server's values. Fields that another
 * edit still holds (waiting, or applied and not pulled yet) stay.
 * @param base server values; undefined when the server has no such record: then the record goes
 */
export function takeBack(
  collection: CollectionName,
  shown: Held,
  base: Held | undefined,
  lost: readonly Mutation[],
  held: ReadonlySet<string>,
): Held {
  if (base === undefined) {
    return lost.some((mutation) => mutation.op === 'create') ? { ...shown, deleted: true } : shown;
  }
  let { row, deleted } = shown;
  for (const { op, field } of lost) {
    if (op === 'delete' || op === 'restore') {
      if (!held.has('')) deleted = base.deleted;
      continue;
    }
    if (op !== 'set' || held.has(field)) continue;
    for (const name of [field, ...computedWith(collection, field)]) {
      row = withField(row, name, fieldValue(base.row, name));
    }
  }
  return { row: titled(collection, row), deleted };
}

/** A deleted row travels without its values; the device keeps those it had, so that it can be shown and restored. */
export function withKeptBody(server: Held, previous: StoredDoc | undefined): Held {
  if (!server.deleted || previous === undefined || Object.keys(server.row.body).length > 0) return server;
  const { name, body } = fromDoc(previous).row;
  return { ...server, row: { ...server.row, name, body } };
}

/** Computed fields that an edit of this field moved along. */
function computedWith(collection: CollectionName, field: string): string[] {
  if (field !== 'stage') return [];
  const { fields } = entityOf(collection);
  return Object.keys(fields).filter((name) => fields[name]?.merge === 'computed');
}
