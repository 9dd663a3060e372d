import type { SearchQuery, StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import { type Collection, SPAN } from './collection.ts';
import { excerptOf, judge, queryWords } from './excerpt.ts';
import type { RowChange, Rows } from './rows.ts';
import type { Statements } from './sqlite.ts';
import { phoneDigits, wordsOf } from './words.ts';

/** Documents that are read and judged for one answer: ranking every hit of a short prefix would take too long. */
const MOST_CANDIDATES = 500;
/** Rows that one slice of the work behind a sync indexes. */
const SLICE_ROWS = 100;

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
  #pending: boolean;

  constructor(sql: Statements, catalog: Catalog, rows: Rows) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#rows = rows;
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
      const mark = this.#sql.rows('INSERT OR IGNORE INTO unindexed (row) VALUES (?)');
      for (const { row, doc, wasLive } of changes) if (wasLive || !doc._deleted) mark.run(row);
      this.#pending = true;
      return;
    }
    for (const { collection, row, doc, wasLive } of changes) {
      if (wasLive) this.#forget(row);
      if (!doc._deleted) this.#index(collection, row, doc);
    }
  }

  /**
   * Indexes some of the rows that wait, in a transaction of its own. It is not fsynced: the mark goes with the words,
   * so that after a power cut the same rows wait again.
   * @returns true when rows are left
   */
  slice(): boolean {
    const { db } = this.#sql;
    const waiting = this.#sql
      .values(`SELECT row FROM unindexed ORDER BY row LIMIT ${SLICE_ROWS}`)
      .all() as number[];
    if (waiting.length === 0) {
      this.#pending = false;
      return false;
    }
    db.pragma('synchronous = NORMAL');
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const row of waiting) this.#catchUp(row);
      this.#sql.run('DELETE FROM unindexed WHERE row <= ?', waiting.at(-1) ?? 0);
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    } finally {
      db.pragma('synchronous = FULL');
    }
    this.#pending = this.#anyPending();
    return this.#pending;
  }

  find(query: SearchQuery): FoundDoc[] {
    const asked = queryWords(query.text);
    if (asked.length === 0 || query.limit <= 0) return [];
    const digits = phoneDigits(query.text);
    const collections = [...this.#catalog.all()].filter(
      (collection) =>
        collection.title.length + collection.text.length > 0 &&
        (query.collections === undefined || query.collections.includes(collection.name)),
    );
    const hits = collections.flatMap((collection) => {
      const rows = this.#candidates(
        collection,
        { asked, digits },
        Math.ceil(MOST_CANDIDATES / collections.length),
      );
      return rows.flatMap((row) => {
        const text = this.#rows.text(collection, row);
        if (text === undefined) return [];
        const doc = JSON.parse(text) as StoredDoc;
        return doc._deleted ? [] : [{ collection, row, text, doc, ...judge(collection, doc, asked) }];
      });
    });
    hits.sort((a, b) => b.score - a.score || a.titleLength - b.titleLength || b.row - a.row);
    return hits.slice(0, query.limit).map(({ collection, text, doc }) => ({
      collection: collection.name,
      text,
      excerpt: excerptOf(collection, doc, asked, digits),
    }));
  }

  /** Rows of one collection, the likeliest first: whole words in the title, beginnings there, beginnings anywhere. */
  #candidates(
    collection: Collection,
    { asked, digits }: { asked: readonly string[]; digits: string | undefined },
    most: number,
  ): number[] {
    const begins = asked.map((word) => `"${word}"*`).join(' ');
    const whole = asked.map((word) => `"${word}"`).join(' ');
    const tiers = [`{title} : (${whole})`, `{title} : (${begins})`, begins];
    if (digits !== undefined) tiers.unshift(digitForms(digits));
    const match = this.#sql.values(
      'SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?',
    );
    const rows = new Set<number>();
    for (const tier of tiers) {
      if (rows.size >= most) break;
      const found = match.all(
        tier,
        collection.base,
        collection.base + SPAN - 1,
        most - rows.size,
      ) as number[];
      for (const row of found) rows.add(row);
    }
    return [...rows];
  }

  #catchUp(row: number): void {
    const collection = this.#catalog.ofRow(row);
    if (!collection) return;
    this.#forget(row);
    const text = this.#rows.text(collection, row);
    if (text === undefined) return;
    const doc = JSON.parse(text) as StoredDoc;
    if (!doc._deleted) this.#index(collection, row, doc);
  }

  #index(collection: Collection, row: number, doc: StoredDoc): void {
    if (collection.title.length + collection.text.length === 0) return;
    const { title, text } = wordsOf(collection, doc);
    this.#sql.rows('INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)').run(row, title, text);
  }

  #forget(row: number): void {
    this.#sql.rows('DELETE FROM words WHERE rowid = ?').run(row);
  }

  #anyPending(): boolean {
    return this.#sql.values('SELECT row FROM unindexed LIMIT 1').get() !== undefined;
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
