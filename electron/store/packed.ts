import type { StoredDoc } from './contract.ts';
import { INSIDE_LIST, type Path, valueAt } from './engine/values.ts';

/**
 * Documents on their way to the store's thread: each as the JSON that will be stored, and what its row says beside it.
 * A document as an object would be taken apart and put together once more on the way, and then made JSON.
 */
export interface PackedDocs {
  readonly texts: readonly string[];
  /** Where the values of the columns are read, joined by dots. */
  readonly paths: readonly string[];
  /** For each document: id, revision, deleted, time of the last write, and the value at each path. */
  readonly heads: readonly unknown[];
}

/** Members of a head before the values of the columns. */
export const OWN = 4;
/** Stands for what no column keeps, a list or an object: like such a number, it cannot be compared. */
const OTHER = Number.NaN;

export function packDocs(docs: readonly StoredDoc[], primary: string, paths: readonly Path[]): PackedDocs {
  const texts: string[] = [];
  const heads: unknown[] = [];
  for (const doc of docs) {
    texts.push(JSON.stringify(doc));
    heads.push(String(doc[primary]), doc._rev, doc._deleted, doc._meta.lwt);
    for (const path of paths) {
      const value = valueAt(doc, path);
      heads.push(value === INSIDE_LIST || (typeof value === 'object' && value !== null) ? OTHER : value);
    }
  }
  return { texts, paths: paths.map((path) => path.join('.')), heads };
}
