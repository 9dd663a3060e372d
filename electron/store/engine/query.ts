import type { StoredDoc } from '../contract.ts';
import type { Collection } from './collection.ts';
import { type Condition, compile, type Selector } from './mango.ts';
import { comparatorFor, loadMatcher, matcherFor, type RxSort } from './matcher.ts';
import { orderFor, type SortPart } from './order.ts';
import type { Statements } from './sqlite.ts';
import { packKey } from './values.ts';

/** A filled query of RxDB: the primary key is always in the sort. */
export interface RxQuery {
  readonly selector: Selector;
  readonly sort: RxSort;
  readonly skip: number;
  readonly limit?: number;
}

/** Runs RxDB's queries: in SQL as far as columns can say it, by RxDB's own matcher on what is left. */
export class Queries {
  readonly #sql: Statements;
  /** Queries that had to look into documents; a high number asks for a column. */
  fallbacks = 0;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** JSON of the documents that match, in order. */
  async find(collection: Collection, query: RxQuery): Promise<string[]> {
    if (query.limit === 0) return [];
    const condition = compile(collection, query.selector);
    const order = orderFor(collection, sortParts(query.sort));
    if (condition.exact && order !== undefined) {
      const { rows, docs } = collection;
      // Which rows, first: what is sorted or skipped is not looked up. SQLite keeps a question with a limit apart, and
      // CROSS JOIN has it go through the answer in its order.
      return this.#sql
        .values(
          `SELECT d.doc FROM (
             SELECT r.row AS row FROM ${rows} r WHERE ${condition.sql} ORDER BY ${order} LIMIT ? OFFSET ?
           ) o CROSS JOIN ${docs} d ON d.row = o.row`,
        )
        .all(...condition.params, query.limit ?? -1, query.skip) as string[];
    }
    this.fallbacks += 1;
    await loadMatcher();
    return this.#filter(collection, query, condition, order);
  }

  async count(collection: Collection, query: RxQuery): Promise<number> {
    if (query.limit === 0) return 0;
    const condition = compile(collection, query.selector);
    if (!condition.exact) return (await this.find(collection, query)).length;
    const all = this.#sql
      .values(`SELECT count(*) FROM ${collection.rows} WHERE ${condition.sql}`)
      .get(...condition.params) as number;
    return Math.min(Math.max(0, all - query.skip), query.limit ?? Number.POSITIVE_INFINITY);
  }

  /** Documents changed after a checkpoint, in the order (lwt, key); deleted ones too. */
  changedSince(
    collection: Collection,
    limit: number,
    checkpoint: { id: string; lwt: number } | undefined,
  ): string[] {
    const { rows, docs } = collection;
    return this.#sql
      .values(
        `SELECT d.doc FROM ${rows} r CROSS JOIN ${docs} d ON d.row = r.row
         WHERE (r.lwt, r.k) > (?, ?) ORDER BY r.lwt, r.k LIMIT ?`,
      )
      .all(checkpoint?.lwt ?? 0, packKey(checkpoint?.id ?? ''), limit) as string[];
  }

  /** Removes deleted documents whose last change is that old; false when there are more than one call may take. */
  cleanup(collection: Collection, before: number, most: number): boolean {
    const { rows, docs } = collection;
    const old = this.#sql
      .values(`SELECT row FROM ${rows} WHERE deleted = 1 AND lwt <= ? LIMIT ?`)
      .all(before, most) as number[];
    if (old.length === 0) return true;
    this.#sql.db
      .transaction(() => {
        for (const row of old) {
          this.#sql.run(
            `DELETE FROM attachments WHERE collection = ? AND k = (SELECT k FROM ${rows} WHERE row = ?)`,
            collection.number,
            row,
          );
          this.#sql.run(`DELETE FROM ${docs} WHERE row = ?`, row);
          this.#sql.run(`DELETE FROM ${rows} WHERE row = ?`, row);
        }
      })
      .immediate();
    return old.length < most;
  }

  #filter(collection: Collection, query: RxQuery, condition: Condition, order: string | undefined): string[] {
    const matches = condition.exact ? () => true : matcherFor(query.selector);
    const { rows, docs } = collection;
    const texts = this.#sql.db
      .prepare<unknown[], string>(
        `SELECT d.doc FROM ${rows} r CROSS JOIN ${docs} d ON d.row = r.row
         WHERE ${condition.sql}${order === undefined ? '' : ` ORDER BY ${order}`}`,
      )
      .pluck(true)
      .iterate(...condition.params);
    const end = query.limit === undefined ? Number.POSITIVE_INFINITY : query.skip + query.limit;
    const found: { text: string; doc: StoredDoc }[] = [];
    for (const text of texts) {
      const doc = JSON.parse(text) as StoredDoc;
      if (!matches(doc)) continue;
      found.push({ text, doc });
      if (order !== undefined && found.length >= end) break;
    }
    if (order === undefined) {
      const compare = comparatorFor(query.sort);
      const { primary } = collection;
      // RxDB's comparator takes null and a missing value for the same and then looks no further.
      found.sort(
        (a, b) => compare(a.doc, b.doc) || (String(a.doc[primary]) < String(b.doc[primary]) ? -1 : 1),
      );
    }
    return found
      .slice(query.skip, end === Number.POSITIVE_INFINITY ? undefined : end)
      .map(({ text }) => text);
  }
}

function sortParts(sort: RxSort): SortPart[] {
  return sort.map((part) => {
    const [path, direction] = Object.entries(part)[0] as [string, 'asc' | 'desc'];
    return { path, direction };
  });
}
