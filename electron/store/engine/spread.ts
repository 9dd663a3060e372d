import type { Collection } from './collection.ts';
import type { Statements } from './sqlite.ts';

/** How many of the newest rows tell how common something is. */
const SAMPLE = 64;
/** Rows of a collection that may come until its words are looked at anew, as a part of all. */
const DRIFT = 0.05;
/** Words and parts that are remembered. */
const MOST_KNOWN = 5000;

/**
 * How common words and parts are, guessed from how far back the newest few rows reach that have them. It only decides in
 * which way an index is asked, so it may be somewhat out of date.
 */
export class Spread {
  readonly #sql: Statements;
  readonly #known = new Map<string, { readonly about: number; readonly rows: number }>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** About how many rows of a collection answer a question to one of its tables. */
  rowsOf(collection: Collection, table: string, question: string): number {
    const { nextRow, base } = collection;
    const rows = nextRow - base;
    const key = `${table} ${question}`;
    const known = this.#known.get(key);
    if (known !== undefined && rows - known.rows <= DRIFT * known.rows) return known.about;
    const newest = this.#sql.values(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ${SAMPLE - 1}`,
    );
    const [last] = answers(() => newest.iterate(question));
    const about = last === undefined ? SAMPLE : (SAMPLE * rows) / Math.max(1, nextRow - last);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, { about, rows });
    return about;
  }
}

/** A sign of a script that the index does not know splits a word in two; such a pair cannot be asked for. */
export function* answers(ask: () => Iterable<unknown>): Generator<number> {
  try {
    yield* ask() as Iterable<number>;
  } catch (error) {
    if (error instanceof Error && error.message.includes('fts5: phrase queries')) return;
    throw error;
  }
}
