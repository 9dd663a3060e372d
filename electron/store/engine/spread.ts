import type { Collection } from './collection.ts';
import type { Statements } from './sqlite.ts';

/** How many of the newest rows tell how common something is. */
const SAMPLE = 64;
/** From so many rows on it takes milliseconds to put together the words that begin so. */
const DENSE_ROWS = 15_000;
/** How common words and parts are, guessed from how far back the newest few rows reach that have them. */
export class Spread {
  readonly #sql: Statements;
  readonly #known = new Map<string, number>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** About how many rows of a collection answer a question to one of its tables. */
  rowsOf(collection: Collection, table: string, question: string): number {
    const key = `${table} ${question}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { nextRow, base } = collection;
    const newest = this.#sql.values(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ${SAMPLE - 1}`,
    );
    const [last] = answers(() => newest.iterate(question));
    const about = last === undefined ? SAMPLE : (SAMPLE * (nextRow - base)) / Math.max(1, nextRow - last);
    this.#known.set(key, about);
    return about;
  }

  isDense(collection: Collection, table: string, question: string): boolean {
    if (collection.nextRow - collection.base < DENSE_ROWS) return false;
    return this.rowsOf(collection, table, question) > DENSE_ROWS;
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
