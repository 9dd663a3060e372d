/** Reading values out of documents, and the forms in which columns and keys keep them. */

const ASCII = /^[\x20-\x7e]*$/;
const MARKS = /\p{M}+/gu;

/** Lower case without accents: how people expect words to sort and to be found. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // A text of nothing but marks stays what it is: only the empty text is empty.
  return text.normalize('NFD').replace(MARKS, '').toLowerCase() || text;
}

/**
 * A primary key as the store keeps it: a canonical UUID in 16 bytes, anything else as its text. A text with half of a
 * surrogate pair has no form in UTF-8: it is kept as its code units, behind a byte that makes the length odd.
 */
export type Key = string | Uint8Array;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const HALF_A_PAIR = /\p{Cs}/u;

/** Half of the size of most indexes are keys; packed they are 16 bytes instead of 36, in the same order. */
export function packKey(id: string): Key {
  if (id.length === 36 && UUID.test(id)) return Buffer.from(id.replaceAll('-', ''), 'hex');
  return HALF_A_PAIR.test(id) ? Buffer.from(`\0${id}`, 'utf16le').subarray(1) : id;
}

export function unpackKey(key: Key): string {
  if (typeof key === 'string') return key;
  if (key.length % 2 === 1) return Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf16le', 1);
  const hex = Buffer.from(key.buffer, key.byteOffset, key.length).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export type Path = readonly string[];

export function parsePath(path: string): Path {
  return path.split('.');
}

/** Stands for a value that lies inside a list: no plain column can hold it. */
export const INSIDE_LIST = Symbol('inside a list');

/** The value at a path; undefined where a member is missing, INSIDE_LIST where a list lies on the way. */
export function valueAt(doc: unknown, path: Path): unknown {
  let value: unknown = doc;
  for (const member of path) {
    if (value === null || typeof value !== 'object') return undefined;
    if (Array.isArray(value)) return INSIDE_LIST;
    value = (value as Record<string, unknown>)[member];
  }
  return value;
}

/** Every text at a path; `*` stands for every item of a list. Numbers count as text. */
export function textsAt(doc: unknown, path: Path, into: string[], from = 0): void {
  let value: unknown = doc;
  for (let i = from; i < path.length; i += 1) {
    if (value === null || typeof value !== 'object') return;
    const member = path[i] as string;
    if (member === '*') {
      if (Array.isArray(value)) for (const item of value) textsAt(item, path, into, i + 1);
      return;
    }
    value = (value as Record<string, unknown>)[member];
  }
  collectText(value, into);
}

function collectText(value: unknown, into: string[]): void {
  if (typeof value === 'string') {
    if (value !== '') into.push(value);
  } else if (typeof value === 'number') {
    into.push(String(value));
  } else if (Array.isArray(value)) {
    for (const item of value) collectText(item, into);
  }
}

const WIDE = /[\ud800-\uffff]/;

/** True for texts whose order by code unit (JavaScript) may differ from their order by byte (SQLite). */
export function isWide(text: string): boolean {
  return !(text.length < 4096 && ASCII.test(text)) && WIDE.test(text);
}

/** Order of two column values as SQLite has it: nothing, numbers, texts by byte, keys by byte. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const kinds = kindOf(a) - kindOf(b);
  if (kinds !== 0) return kinds;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    if (!isWide(a) && !isWide(b)) return a < b ? -1 : 1;
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return 0;
}

function kindOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'number') return 1;
  return typeof value === 'string' ? 2 : 3;
}
