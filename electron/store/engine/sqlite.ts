import type Database from 'better-sqlite3-multiple-ciphers';

export type Sqlite = Database.Database;
export type Statement = Database.Statement<unknown[], unknown>;
/** What SQLite takes and gives. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** Most statements kept prepared; shapes of queries are few, so this is only a bound against a flood of odd ones. */
const MOST_STATEMENTS = 500;

/** Prepared statements by their text: preparing costs more than most of our statements themselves. */
export class Statements {
  readonly db: Sqlite;
  readonly #rows = new Map<string, Statement>();
  readonly #values = new Map<string, Statement>();

  constructor(db: Sqlite) {
    this.db = db;
  }

  /** Rows come as objects. */
  rows(sql: string): Statement {
    return this.#from(this.#rows, sql, false);
  }

  /** Rows come as the value of their first column. */
  values(sql: string): Statement {
    return this.#from(this.#values, sql, true);
  }

  run(sql: string, ...params: SqlValue[]): void {
    this.rows(sql).run(...params);
  }

  #from(cache: Map<string, Statement>, sql: string, pluck: boolean): Statement {
    const known = cache.get(sql);
    if (known) return known;
    if (cache.size >= MOST_STATEMENTS) {
      const [oldest] = cache.keys();
      if (oldest !== undefined) cache.delete(oldest);
    }
    const made = this.db.prepare<unknown[]>(sql);
    if (pluck) made.pluck(true);
    cache.set(sql, made);
    return made;
  }
}
