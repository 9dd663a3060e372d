import type { SearchQuery } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { type Condition, compile } from './mango.ts';
import type { SqlValue, Statements } from './sqlite.ts';

/** Documents of one collection that are read for one question, where it is the only one. */
const MOST_CANDIDATES = 300;
/** … and where there are many. */
const FEWEST_CANDIDATES = 60;
/** Up to so many rows that the asker may see are read one by one: that is quicker than to look for them in the index. */
const FEW_ROWS = 250;
/** Up to so many are listed beside the index: a look into the list is ten times as quick as one at the row. */
const LISTED_ROWS = 60_000;
/** Rows of a collection that may come or go until it is counted anew, as a part of all. */
const DRIFT = 0.05;

/** A collection that is searched, and what of it the asker may see. */
export interface Place {
  readonly collection: Collection;
  readonly words: string;
  readonly parts: string;
  /** Most documents that are read for one question. */
  readonly most: number;
  /** About which part of all rows the asker may see. */
  readonly share: number;
  /** Holds for the rows that the asker may see, in a question to the table of words or of parts. */
  readonly allowed: (table: string) => string;
  readonly params: readonly SqlValue[];
  /** The rows that the asker may see, where those are few: no index is asked. */
  readonly few: readonly number[] | undefined;
}

interface Listed {
  readonly key: string;
  /** Of the connection, when the list was made: any change since may be one of these rows. */
  readonly changes: number;
}

/** Where a query looks, and how the rows that its asker may see are told from others. */
export class Places {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  /** How many rows pass, at least nearly: it only decides how they are told. */
  readonly #counts = new Map<string, { readonly passing: number; readonly rows: number }>();
  readonly #listed = new Map<number, Listed>();

  constructor(sql: Statements, catalog: Catalog) {
    this.#sql = sql;
    this.#catalog = catalog;
  }

  /** @throws TypeError when columns alone cannot tell who may see a row */
  of({ collections, within }: SearchQuery): Place[] {
    const filled = [...this.#catalog.all()].filter(
      (one) =>
        one.words !== undefined &&
        (collections === undefined || collections.includes(one.name)) &&
        this.#hasRows(one),
    );
    const most = Math.max(FEWEST_CANDIDATES, Math.ceil(MOST_CANDIDATES / filled.length));
    return filled.map((collection) => {
      const { number, name } = collection;
      const place = { collection, words: `words_${number}`, parts: `parts_${number}`, most };
      const selector = within?.[name];
      if (selector === undefined)
        return { ...place, share: 1, allowed: () => '', params: [], few: undefined };
      const condition = compile(collection, selector);
      // Who may see what must never hang on what the columns cannot tell.
      if (!condition.exact) throw new TypeError(`${name}: columns cannot tell who reads`);
      return { ...place, ...this.#narrowed(collection, condition) };
    });
  }

  #hasRows({ rows, live }: Collection): boolean {
    if (live >= 0) return live > 0;
    return this.#sql.values(`SELECT 1 FROM ${rows} WHERE deleted = 0 LIMIT 1`).get() !== undefined;
  }

  #narrowed(
    collection: Collection,
    { sql, params }: Condition,
  ): Pick<Place, 'share' | 'allowed' | 'params' | 'few'> {
    const { number, rows, nextRow, base } = collection;
    const key = `${number} ${sql} ${JSON.stringify(params, plainly)}`;
    const passing = this.#passing(key, collection, sql, params);
    const share = passing / Math.max(1, nextRow - base);
    if (passing <= FEW_ROWS) {
      const few = this.#sql
        .values(`SELECT row FROM ${rows} WHERE deleted = 0 AND (${sql}) LIMIT ${2 * FEW_ROWS}`)
        .all(...params) as number[];
      if (few.length < 2 * FEW_ROWS)
        return { share, allowed: () => '', params: [], few: few.sort((a, b) => b - a) };
      // There are more by now.
      this.#counts.delete(key);
      return this.#narrowed(collection, { sql, params, exact: true });
    }
    if (passing <= LISTED_ROWS) {
      this.#list(collection, key, sql, params);
      const list = `temp.within_${number}`;
      return {
        share,
        allowed: (table) => `AND EXISTS (SELECT 1 FROM ${list} l WHERE l.row = ${table}.rowid)`,
        params: [],
        few: undefined,
      };
    }
    return {
      share,
      allowed: (table) => `AND EXISTS (SELECT 1 FROM ${rows} r WHERE r.row = ${table}.rowid AND (${sql}))`,
      params,
      few: undefined,
    };
  }

  #passing(
    key: string,
    { rows, nextRow, base }: Collection,
    sql: string,
    params: readonly SqlValue[],
  ): number {
    const made = nextRow - base;
    const known = this.#counts.get(key);
    if (known && Math.abs(made - known.rows) <= DRIFT * known.rows) return known.passing;
    const passing = this.#sql
      .values(
        `SELECT count(*) FROM (SELECT 1 FROM ${rows} WHERE deleted = 0 AND (${sql}) LIMIT ${LISTED_ROWS + 1})`,
      )
      .get(...params) as number;
    if (this.#counts.size >= MOST_COUNTS) this.#counts.clear();
    this.#counts.set(key, { passing, rows: made });
    return passing;
  }

  /** In memory (temp_store); kept while nothing changes, as it does between two letters that are typed. */
  #list({ number, rows }: Collection, key: string, sql: string, params: readonly SqlValue[]): void {
    const list = `temp.within_${number}`;
    const known = this.#listed.get(number);
    if (known?.key === key && known.changes === this.#changes()) return;
    this.#sql.db.exec(`CREATE TABLE IF NOT EXISTS ${list} (row INTEGER PRIMARY KEY); DELETE FROM ${list}`);
    this.#sql.run(`INSERT INTO ${list} SELECT row FROM ${rows} WHERE deleted = 0 AND (${sql})`, ...params);
    this.#listed.set(number, { key, changes: this.#changes() });
  }

  #changes(): number {
    return this.#sql.values('SELECT total_changes()').get() as number;
  }
}

/** Bounds that are kept; roles and people have few. */
const MOST_COUNTS = 100;

function plainly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
