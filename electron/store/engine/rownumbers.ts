import type { SqlValue, Statements } from './sqlite.ts';

const COMMA = 0x2c;
const ZERO = 0x30;

/**
 * All values of the column `n` of a SELECT, whole numbers from 0 to 2^32 - 1, in its order. They come as one text: a
 * million of them take 0.1 s so, and 0.3 s and 24 MB of garbage one by one.
 */
export function rowNumbers(sql: Statements, select: string, params: readonly SqlValue[]): Uint32Array {
  const joined = sql
    .rows(`SELECT count(*) AS count, CAST(group_concat(n) AS BLOB) AS text FROM (${select})`)
    .get(...params) as { readonly count: number; readonly text: Uint8Array | null };
  const out = new Uint32Array(joined.count);
  if (!joined.text) return out;
  let at = 0;
  let value = 0;
  for (let i = 0; i < joined.text.length; i += 1) {
    const byte = joined.text[i] as number;
    if (byte === COMMA) {
      out[at] = value;
      at += 1;
      value = 0;
    } else {
      value = value * 10 + byte - ZERO;
    }
  }
  out[at] = value;
  return out;
}
