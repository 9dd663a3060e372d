import { type Collection, KEYS, SEEN } from './collection.ts';
import { ownColumns } from './mango.ts';

export interface SortPart {
  readonly path: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * ORDER BY for a query of RxDB, or undefined where the columns would sort differently from RxDB's comparator: texts
 * that sort apart by byte, lists, keys of two forms, or both null and missing values.
 */
export function orderFor(collection: Collection, sort: readonly SortPart[]): string | undefined {
  const parts: string[] = [];
  for (const { path, direction } of sort) {
    const sql = sortColumn(collection, path);
    if (sql === undefined) return undefined;
    parts.push(`${sql} ${direction}`);
    if (path === collection.primary) break;
  }
  return parts.join(', ');
}

function sortColumn(collection: Collection, path: string): string | undefined {
  if (path === collection.primary) {
    return collection.keys === KEYS.packed || collection.keys === KEYS.text || collection.keys === 0
      ? 'k'
      : undefined;
  }
  const own = ownColumns[path];
  if (own !== undefined) return own;
  const column = collection.byPath.get(path);
  if (!column || column.type === 'text') return undefined;
  const seen = column.seen;
  if (seen & (SEEN.other | SEEN.wide)) return undefined;
  const kinds = seen & (SEEN.text | SEEN.number | SEEN.boolean);
  if ((kinds & (kinds - 1)) !== 0) return undefined;
  if ((seen & SEEN.empty) !== 0 && (seen & SEEN.missing) !== 0) return undefined;
  return column.sql;
}
