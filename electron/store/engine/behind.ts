import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import type { Purge } from './purge.ts';
import type { Search } from './search.ts';
import type { Statements } from './sqlite.ts';
import { passed } from './steps.ts';

/** Rows from which a column index is worth its upkeep; below, reading the whole narrow table is as quick. */
const INDEX_FROM = 2000;
/** Rows in one commit that count as a bulk. */
const BULK = 50;
/** Milliseconds without a bulk after which the column indexes are made. */
const QUIET = 1000;
/** Milliseconds after a bulk in which the next one would have to wait for a slice of words: they come one upon the other. */
const PAUSE = 20;

/** What is made behind the commits, in small steps between other work: column indexes first, then the word index. Words of purged rows go last. */
export class Behind {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #search: Search;
  readonly #now: () => number;
  readonly #purge: Purge;
  #lastBulk = Number.NEGATIVE_INFINITY;

  constructor(
    sql: Statements,
    catalog: Catalog,
    search: Search,
    purge: Purge,
    now = () => performance.now(),
  ) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#search = search;
    this.#now = now;
    this.#purge = purge;
  }

  note(changedRows: number): void {
    if (changedRows >= BULK) this.#lastBulk = this.#now();
  }

  /** Milliseconds until there may be something to do; undefined when nothing is left. */
  due(): number | undefined {
    if (this.#search.waits || this.#purge.waits) return Math.max(0, this.#lastBulk + PAUSE - this.#now());
    if (!this.#unindexed()) return undefined;
    return Math.max(0, this.#lastBulk + QUIET - this.#now());
  }

  /** One step. A power cut may undo it: what it was made from, and the mark, are still there then. */
  step(): void {
    const { db } = this.#sql;
    const collection = this.#lastBulk + QUIET <= this.#now() ? this.#unindexed() : undefined;
    db.pragma('synchronous = NORMAL');
    try {
      db.exec('BEGIN IMMEDIATE');
      passed('behind-begun');
      if (collection) this.#catalog.indexNext(collection);
      else if (this.#search.waits) this.#search.slice();
      else this.#purge.forgetSome();
      passed('behind-stepped');
      db.exec('COMMIT');
      passed('behind-done');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      this.#search.reload();
      this.#purge.reload();
      throw error;
    } finally {
      db.pragma('synchronous = FULL');
    }
  }

  #unindexed(): Collection | undefined {
    for (const collection of this.#catalog.all()) {
      if (
        !collection.indexed &&
        collection.columns.length > 0 &&
        this.#catalog.live(collection) >= INDEX_FROM
      ) {
        return collection;
      }
    }
    return undefined;
  }
}
