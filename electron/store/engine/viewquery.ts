import type { StoredDoc, ViewQuery } from '../contract.ts';
import type { Collection } from './collection.ts';
import { columnForm, DocSort, type SortPart } from './docsort.ts';
import { type Condition, compile, type Selector } from './mango.ts';
import { matcherFor } from './matcher.ts';
import { rowNumbers } from './rownumbers.ts';
import type { SqlValue, Statements } from './sqlite.ts';
import { compareValues, fold, parsePath, textsAt, valueAt } from './values.ts';

/**
 * A view's query, compiled against the columns. Texts sort folded, empty values first; equal values stand in the
 * order of the primary key, in the direction of the last sort part, so that one index serves both directions.
 */
export class CompiledView {
  readonly collection: Collection;
  readonly condition: Condition;
  readonly #sql: Statements;
  readonly #query: ViewQuery;
  /** Shape of the collection that this was compiled for. */
  #shape: number;
  readonly #parts: readonly Part[];
  readonly #keyDirection: 'asc' | 'desc';
  readonly #matches: (doc: unknown) => boolean;
  /** True when keys or matches need the document itself: then the order takes steps(), not run(). */
  readonly readsDocs: boolean;

  constructor(sql: Statements, collection: Collection, query: ViewQuery) {
    this.#sql = sql;
    this.collection = collection;
    this.#query = query;
    this.#shape = collection.shape;
    this.condition = compile(collection, query.selector);
    const wanted = query.sort.filter(({ path }) => path !== collection.primary);
    this.#parts = wanted.map(({ path, direction }) => ({
      ...sortColumn(collection, path),
      path: parsePath(path),
      direction,
    }));
    const byKey = query.sort.find(({ path }) => path === collection.primary);
    this.#keyDirection = byKey?.direction ?? query.sort.at(-1)?.direction ?? 'asc';
    this.#matches = this.condition.exact ? () => true : viewMatcher(query.selector);
    this.readsDocs = !this.condition.exact || this.#parts.some((part) => part.sql === undefined);
  }

  /** True when RxDB's matcher is needed, so that it can be loaded first. */
  static needsMatcher(collection: Collection, query: ViewQuery): boolean {
    return !compile(collection, query.selector).exact;
  }

  /** False when columns have since seen something that makes the query mean another condition. */
  isCurrent(): boolean {
    if (this.#shape === this.collection.shape) return true;
    const now = compile(this.collection, this.#query.selector);
    if (now.sql !== this.condition.sql || now.exact !== this.condition.exact) return false;
    this.#shape = this.collection.shape;
    return true;
  }

  /** Every matching row in order, counted from the collection's first; where columns tell all. */
  run(): Uint32Array {
    const { rows, base } = this.collection;
    const order = [
      ...this.#parts.map((part) => `${part.sql} ${part.direction}`),
      `k ${this.#keyDirection}`,
    ].join(', ');
    return rowNumbers(
      this.#sql,
      `SELECT row - ${base} AS n FROM ${rows} WHERE deleted = 0 AND (${this.condition.sql}) ORDER BY ${order}`,
      this.condition.params,
    );
  }

  /** The same where documents are read: in steps of a few milliseconds, each with the share that is done. */
  steps(): Generator<number, Uint32Array> {
    return new DocSort(this.#sql, {
      collection: this.collection,
      condition: this.condition,
      parts: this.#parts,
      keyDirection: this.#keyDirection,
      matches: this.condition.exact ? undefined : this.#matches,
    }).run();
  }

  /** The sort key of a row that is in the view; undefined when it is not. */
  keyOf(row: number): unknown[] | undefined {
    const { rows, docs, base } = this.collection;
    const columns = this.#columnList();
    if (!this.readsDocs) {
      const found = this.#sql
        .rows(`SELECT ${columns} FROM ${rows} r WHERE r.row = ? AND deleted = 0 AND (${this.condition.sql})`)
        .get(base + row, ...this.condition.params) as Record<string, SqlValue> | undefined;
      return found && this.#key(found, undefined);
    }
    const found = this.#sql
      .rows(
        `SELECT ${columns}, d.doc FROM ${rows} r CROSS JOIN ${docs} d ON d.row = r.row
         WHERE r.row = ? AND deleted = 0 AND (${this.condition.sql})`,
      )
      .get(base + row, ...this.condition.params) as (Record<string, SqlValue> & { doc: string }) | undefined;
    if (!found) return undefined;
    const doc = JSON.parse(found.doc) as StoredDoc;
    return this.#matches(doc) ? this.#key(found, doc) : undefined;
  }

  compare(a: readonly unknown[], b: readonly unknown[]): number {
    for (const [i, { direction }] of this.#parts.entries()) {
      const order = compareValues(a[i], b[i]);
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    const order = compareValues(a.at(-1), b.at(-1));
    return this.#keyDirection === 'asc' ? order : -order;
  }

  /** A condition for SQL that holds for exactly the rows of the view; undefined where only the matcher can tell. */
  get where(): Condition | undefined {
    if (!this.condition.exact) return undefined;
    return { ...this.condition, sql: `deleted = 0 AND (${this.condition.sql})` };
  }

  #columnList(): string {
    const columns = this.#parts.flatMap((part, i) =>
      part.sql === undefined ? [] : [`r.${part.sql} AS s${i}`],
    );
    return [...columns, 'r.k AS k'].join(', ');
  }

  #key(found: Record<string, SqlValue>, doc: StoredDoc | undefined): unknown[] {
    const key = this.#parts.map((part, i) =>
      part.sql === undefined ? columnForm(undefined, valueAt(doc, part.path)) : found[`s${i}`],
    );
    key.push(found.k);
    return key;
  }
}

interface Part extends SortPart {
  readonly sql: string | undefined;
}

function sortColumn(collection: Collection, path: string): Pick<Part, 'sql' | 'type'> {
  if (path === '_meta.lwt') return { sql: 'lwt', type: 'own' };
  const column = collection.byPath.get(path);
  return { sql: column?.sql, type: column?.type };
}

/** RxDB's matcher, and beside it `$contains`, which is ours. */
export function viewMatcher(selector: Selector): (doc: unknown) => boolean {
  const tests = Object.entries(selector).map(([name, wanted]): ((doc: unknown) => boolean) => {
    if ((name === '$and' || name === '$or' || name === '$nor') && Array.isArray(wanted)) {
      const parts = wanted.map((part) => viewMatcher(part as Selector));
      if (name === '$and') return (doc) => parts.every((part) => part(doc));
      if (name === '$or') return (doc) => parts.some((part) => part(doc));
      return (doc) => !parts.some((part) => part(doc));
    }
    if (wanted === null || typeof wanted !== 'object' || !('$contains' in wanted)) {
      return matcherFor({ [name]: wanted });
    }
    const { $contains, ...rest } = wanted as Record<string, unknown>;
    const others = Object.keys(rest).length > 0 ? matcherFor({ [name]: rest }) : () => true;
    const part = fold(String($contains));
    const path = parsePath(name);
    return (doc) => {
      const texts: string[] = [];
      textsAt(doc, path, texts);
      return texts.some((text) => fold(text).includes(part)) && others(doc);
    };
  });
  return (doc) => tests.every((test) => test(doc));
}
