import type { CollectionSpec, ColumnType } from '../contract.ts';
import { fold, INSIDE_LIST, isWide, type Path, parsePath } from './values.ts';

/** Row numbers of a collection lie in a span of their own, so that a word hit alone tells whose row it is. */
export const SPAN = 2 ** 40;

/**
 * What a column has seen so far. A filter or sort may be left to SQLite only while the column holds all that the
 * document says: one list among texts, and the matcher has to look at the documents again.
 */
export const SEEN = { text: 1, number: 2, boolean: 4, other: 8, wide: 16, empty: 32, missing: 64 } as const;

export interface Column {
  readonly path: string;
  readonly parts: Path;
  readonly type: ColumnType;
  /** Name in SQL, fixed for the life of the store. */
  readonly sql: string;
  seen: number;
}

/** What kinds of primary key a collection has seen: packed ones and texts sort apart. */
export const KEYS = { packed: 1, text: 2, wide: 4 } as const;

export interface Collection {
  readonly number: number;
  readonly name: string;
  readonly base: number;
  /** Member that holds the primary key. */
  readonly primary: string;
  readonly columns: readonly Column[];
  readonly byPath: ReadonlyMap<string, Column>;
  readonly title: readonly Path[];
  readonly text: readonly Path[];
  /** Texts that are also found by any part of them; the title always is. */
  readonly parts: readonly Path[];
  readonly rows: string;
  readonly docs: string;
  /** Table of the word index; undefined where nothing is searched. */
  readonly words: string | undefined;
  nextRow: number;
  live: number;
  keys: number;
  /** False until the columns have their indexes: those are made in one go behind the first rows. */
  indexed: boolean;
  /** Grows when a column stops (or starts) to tell all: compiled queries depend on it. */
  shape: number;
}

/** As it is kept in the store. */
export interface StoredSpec {
  readonly primary: string;
  readonly columns: readonly { readonly path: string; readonly type: ColumnType; readonly sql: string }[];
  readonly search: CollectionSpec['search'];
}

export interface StoredState {
  readonly keys: number;
  readonly indexed: boolean;
  readonly seen: Readonly<Record<string, number>>;
}

export function collectionFrom(
  number: number,
  name: string,
  spec: StoredSpec,
  state: StoredState,
): Omit<Collection, 'nextRow' | 'live'> {
  const columns = spec.columns.map((column) => ({
    ...column,
    parts: parsePath(column.path),
    seen: state.seen[column.sql] ?? 0,
  }));
  return {
    number,
    name,
    base: number * SPAN,
    primary: spec.primary,
    columns,
    byPath: new Map(columns.map((column) => [column.path, column])),
    title: spec.search.title.map(parsePath),
    text: spec.search.text.map(parsePath),
    parts: (spec.search.parts ?? []).map(parsePath),
    rows: `rows_${number}`,
    docs: `docs_${number}`,
    words: spec.search.title.length + spec.search.text.length > 0 ? `words_${number}` : undefined,
    keys: state.keys,
    indexed: state.indexed,
    shape: 0,
  };
}

export function stateOf(collection: Collection): StoredState {
  return {
    keys: collection.keys,
    indexed: collection.indexed,
    seen: Object.fromEntries(collection.columns.map((column) => [column.sql, column.seen])),
  };
}

/** What a column keeps of a value; notes what it has seen. */
export function columnValue(column: Column, value: unknown): string | number | null {
  if (typeof value === 'string') {
    if (column.type === 'number') {
      column.seen |= SEEN.other;
      return null;
    }
    column.seen |= SEEN.text;
    if (isWide(value)) column.seen |= SEEN.wide;
    return column.type === 'text' ? fold(value) : value;
  }
  if (value === undefined || value === INSIDE_LIST) {
    column.seen |= value === undefined ? SEEN.missing : SEEN.other;
    return null;
  }
  if (value === null) {
    column.seen |= SEEN.empty;
    return null;
  }
  if (column.type === 'number' && typeof value === 'number' && Number.isFinite(value)) {
    column.seen |= SEEN.number;
    return value;
  }
  if (column.type === 'number' && typeof value === 'boolean') {
    column.seen |= SEEN.boolean;
    return value ? 1 : 0;
  }
  column.seen |= SEEN.other;
  return null;
}

export function noteKey(collection: Collection, id: string, packed: boolean): boolean {
  const kind = packed ? KEYS.packed : isWide(id) ? KEYS.text | KEYS.wide : KEYS.text;
  if ((collection.keys & kind) === kind) return false;
  collection.keys |= kind;
  return true;
}
