import type { SearchQuery, StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { excerptOf, judge, queryWords } from './excerpt.ts';
import type { RowChange, Rows } from './rows.ts';
import type { Statements } from './sqlite.ts';
import { phoneDigits, wordsOf } from './words.ts';

/** Documents that are read and judged for one answer: ranking every hit of a short prefix would take too long. */
const MOST_CANDIDATES = 300;
/** … and of one collection, however many there are. */
const FEWEST_CANDIDATES = 60;
/** Most rows and milliseconds of one slice of the work behind a sync, before its commit. */
const SLICE_ROWS = 400;
const SLICE_MILLIS = 8;

export interface FoundDoc {
  readonly collection: string;
  /** JSON of the document. */
  readonly text: string;
  readonly excerpt: readonly string[];
}

/** The word index over all collections. */
export class Search {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #rows: Rows;
  readonly #now: () => number;
  #pending: boolean;

  constructor(sql: Statements, catalog: Catalog, rows: Rows, now = () => performance.now()) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#rows = rows;
    this.#now = now;
    this.#pending = this.#anyPending();
  }

  /** False while rows wait to be indexed. */
  get complete(): boolean {
    return !this.#pending;
  }

  reload(): void {
    this.#pending = this.#anyPending();
  }

  /** Indexes changed rows in the transaction that writes them, or leaves a mark that survives a crash. */
  follow(changes: readonly RowChange[], when: 'now' | 'behind'): void {
    if (when === 'behind') {
      const mark = this.#sql.rows('INSERT OR IGNORE INTO unindexed (row, again) VALUES (?, ?)');
      for (const { row, doc, wasLive } of changes)
        if (wasLive || !doc._deleted) mark.run(row, wasLive ? 1 : 0);
      this.#pending = true;
      return;
    }
    for (const { collection, row, doc, wasLive } of changes) {
      if (this.#pending) this.#sql.run('DELETE FROM unindexed WHERE row = ?', row);
      if (wasLive) this.#forget(collection, row);
      if (!doc._deleted) this.#index(collection, row, doc);
    }
  }

  /** Indexes some of the rows that wait, inside the transaction of the caller. */
  slice(): void {
    const waiting = this.#sql
      .rows(`SELECT row, again FROM unindexed ORDER BY row LIMIT ${SLICE_ROWS}`)
      .all() as Waiting[];
    const end = this.#now() + SLICE_MILLIS;
    let last = 0;
    for (const { row, again } of waiting) {
      this.#catchUp(row, again === 1);
      last = row;
      if (this.#now() > end) break;
    }
    this.#sql.run('DELETE FROM unindexed WHERE row <= ?', last);
    this.#pending = this.#anyPending();
  }

  find(query: SearchQuery): FoundDoc[] {
    const asked = queryWords(query.text);
    if (asked.length === 0 || query.limit <= 0) return [];
    const digits = phoneDigits(query.text);
    const collections = [...this.#catalog.all()].filter(
      (collection) =>
        collection.words !== undefined &&
        (query.collections === undefined || query.collections.includes(collection.name)) &&
        this.#catalog.live(collection) > 0,
    );
    const most = Math.max(FEWEST_CANDIDATES, Math.ceil(MOST_CANDIDATES / collections.length));
    const hits = collections.flatMap((collection) =>
      [...this.#candidates(collection, { asked, digits, most })].flatMap((row) => {
        const text = this.#rows.text(collection, row);
        if (text === undefined) return [];
        const doc = JSON.parse(text) as StoredDoc;
        return doc._deleted ? [] : [{ collection, row, text, doc, ...judge(collection, doc, asked) }];
      }),
    );
    hits.sort((a, b) => b.score - a.score || a.titleLength - b.titleLength || b.row - a.row);
    return hits.slice(0, query.limit).map(({ collection, text, doc }) => ({
      collection: collection.name,
      text,
      excerpt: excerptOf(collection, doc, asked, digits),
    }));
  }

  /**
   * Rows that are worth judging. Beginnings anywhere are asked for first: when those are few, they are all there is.
   * Only a common word needs more questions, for rows that have it in the title and as a whole word.
   */
  #candidates(collection: Collection, { asked, digits, most }: Asked): Iterable<number> {
    const begins = asked.map((word) => `"${word}"*`).join(' ');
    const whole = asked.map((word) => `"${word}"`).join(' ');
    const match = this.#sql.values(
      `SELECT rowid FROM ${collection.words} WHERE ${collection.words} MATCH ? LIMIT ?`,
    );
    const rows = new Set<number>();
    const add = (question: string): boolean => {
      const found = answers(() => match.all(question, most) as number[]);
      for (const row of found) rows.add(row);
      return found.length === most;
    };
    if (digits !== undefined) add(digitForms(digits));
    if (add(begins) && add(`{title} : (${begins})`)) add(`{title} : (${whole})`);
    return rows;
  }

  #catchUp(row: number, again: boolean): void {
    const collection = this.#catalog.ofRow(row);
    if (!collection) return;
    if (again) this.#forget(collection, row);
    const text = this.#rows.text(collection, row);
    if (text === undefined) return;
    const doc = JSON.parse(text) as StoredDoc;
    if (!doc._deleted) this.#index(collection, row, doc);
  }

  #index(collection: Collection, row: number, doc: StoredDoc): void {
    if (collection.words === undefined) return;
    const { title, text } = wordsOf(collection, doc);
    this.#sql
      .rows(`INSERT INTO ${collection.words} (rowid, title, text) VALUES (?, ?, ?)`)
      .run(row, title, text);
  }

  #forget(collection: Collection, row: number): void {
    if (collection.words === undefined) return;
    this.#sql.rows(`DELETE FROM ${collection.words} WHERE rowid = ?`).run(row);
  }

  #anyPending(): boolean {
    return this.#sql.values('SELECT row FROM unindexed LIMIT 1').get() !== undefined;
  }
}

interface Waiting {
  readonly row: number;
  readonly again: number;
}

interface Asked {
  readonly asked: readonly string[];
  readonly digits: string | undefined;
  readonly most: number;
}

/** A sign of a script that the index does not know splits a word in two; such a pair cannot be asked for. */
function answers(ask: () => number[]): number[] {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && error.message.includes('fts5: phrase queries')) return [];
    throw error;
  }
}

/** The number as typed, and without a country code that the record may lack. */
function digitForms(digits: string): string {
  return [0, 1, 2, 3]
    .map((from) => digits.slice(from))
    .filter((part) => part.length >= 5)
    .map((part) => `"${part}"*`)
    .join(' OR ');
}
