import type { SearchQuery, StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { Finder, type FoundDoc } from './find.ts';
import type { RowChange, Rows } from './rows.ts';
import type { Statements } from './sqlite.ts';
import { Terms } from './terms.ts';
import { plain, titleOf, wordsOf } from './words.ts';

/** Most rows and milliseconds of one slice of the work behind a sync, before its commit. */
const SLICE_ROWS = 400;
const SLICE_MILLIS = 8;
/** Words of former titles that are looked after in one slice. */
const SLICE_TERMS = 200;

/** The indexes of words, of parts of words and of the words of titles, over all collections. */
export class Search {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #rows: Rows;
  readonly #terms: Terms;
  readonly #finder: Finder;
  readonly #now: () => number;
  #pending: boolean;
  #leaving: boolean;

  constructor(sql: Statements, catalog: Catalog, rows: Rows, now = () => performance.now()) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#rows = rows;
    this.#now = now;
    this.#terms = new Terms(sql);
    this.#finder = new Finder({ sql, catalog, rows, terms: this.#terms });
    this.#pending = this.#anyPending();
    this.#leaving = this.#terms.someLeave;
  }

  /** False while rows wait to be indexed. */
  get complete(): boolean {
    return !this.#pending;
  }

  /** True while a slice has something to do. */
  get waits(): boolean {
    return this.#pending || this.#leaving;
  }

  /** The words of titles that guesses are made from. */
  get terms(): string[] {
    return this.#terms.list();
  }

  reload(): void {
    this.#pending = this.#anyPending();
    this.#leaving = this.#terms.someLeave;
    this.#terms.reload();
  }

  /** All rows of a collection are gone: so may be words that only their titles had. */
  forgetCollection(): void {
    this.#terms.leaveAll();
    this.reload();
  }

  /** Indexes changed rows in the transaction that writes them, or leaves a mark that survives a crash. */
  follow(changes: readonly RowChange[], when: 'now' | 'behind'): void {
    for (const change of changes) this.#leave(change);
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
    // Only when every title is indexed can a word be known to be in none.
    if (this.#pending || !this.#leaving) return;
    this.#terms.sweep(SLICE_TERMS, (term) => this.#inTitles(term));
    this.#leaving = this.#terms.someLeave;
  }

  find(query: SearchQuery): FoundDoc[] {
    return this.#finder.find(query);
  }

  #leave({ collection, doc, before, wasLive }: RowChange): void {
    if (collection.words === undefined || !wasLive || before === undefined) return;
    const was = plain(titleOf(collection, JSON.parse(before) as StoredDoc));
    if (!doc._deleted && was === plain(titleOf(collection, doc))) return;
    this.#terms.leave(was);
    this.#leaving = true;
  }

  #inTitles(term: string): boolean {
    for (const { words } of this.#catalog.all()) {
      if (words === undefined) continue;
      const found = this.#sql.values(`SELECT rowid FROM ${words} WHERE ${words} MATCH ? LIMIT 1`);
      if (found.get(`{title} : "${term}"`) !== undefined) return true;
    }
    return false;
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
    const { title, text, parts } = wordsOf(collection, doc);
    this.#sql
      .rows(`INSERT INTO ${collection.words} (rowid, title, text) VALUES (?, ?, ?)`)
      .run(row, title, text);
    this.#sql.rows(`INSERT INTO parts_${collection.number} (rowid, parts) VALUES (?, ?)`).run(row, parts);
    this.#terms.add(title);
  }

  #forget({ words, number }: Collection, row: number): void {
    if (words === undefined) return;
    this.#sql.rows(`DELETE FROM ${words} WHERE rowid = ?`).run(row);
    this.#sql.rows(`DELETE FROM parts_${number} WHERE rowid = ?`).run(row);
  }

  #anyPending(): boolean {
    return this.#sql.values('SELECT row FROM unindexed LIMIT 1').get() !== undefined;
  }
}

interface Waiting {
  readonly row: number;
  readonly again: number;
}
