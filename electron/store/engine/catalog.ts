import type { CollectionSpec } from '../contract.ts';
import { type Collection, collectionFrom, type StoredSpec, type StoredState, stateOf } from './collection.ts';
import { readColumns } from './incoming.ts';
import { collectionTables, searchTables } from './schema.ts';
import type { SqlValue, Statements } from './sqlite.ts';

/** The collections of a store: makes their tables, follows changed column lists, keeps what columns have seen. */
export class Catalog {
  readonly #sql: Statements;
  readonly #byName = new Map<string, Collection>();
  readonly #byNumber = new Map<number, Collection>();

  constructor(sql: Statements) {
    this.#sql = sql;
    const stored = sql.rows('SELECT number, name, spec, state FROM collections').all() as StoredCollection[];
    for (const row of stored) this.#add(row.number, row.name, JSON.parse(row.spec), JSON.parse(row.state));
  }

  /** Makes the collection or brings it to the columns and search paths of `spec`; existing rows are filled in. */
  ensure(spec: CollectionSpec, primary = 'id'): Collection {
    const known = this.#byName.get(spec.name);
    if (known && sameSpec(known, spec)) return known;
    return this.#sql.db
      .transaction(() => (known ? this.#change(known, spec) : this.#make(spec, primary)))
      .immediate();
  }

  /** @throws when no such collection was ever made: a mistake of the caller, not of the data */
  get(name: string): Collection {
    const found = this.#byName.get(name);
    if (!found) throw new TypeError(`no collection ${name}`);
    return found;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  ofRow(row: number): Collection | undefined {
    return this.#byNumber.get(Math.floor(row / 2 ** 40));
  }

  all(): Iterable<Collection> {
    return this.#byName.values();
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** Keeps what the columns have seen, in the transaction that wrote it. */
  saveState(collection: Collection): void {
    this.#sql.run(
      'UPDATE collections SET state = ? WHERE number = ?',
      JSON.stringify(stateOf(collection)),
      collection.number,
    );
  }

  /** After a rollback: what was counted in memory is read again. */
  reload(collection: Collection): void {
    const row = this.#sql.rows('SELECT state FROM collections WHERE number = ?').get(collection.number) as {
      state: string;
    };
    const state: StoredState = JSON.parse(row.state);
    collection.keys = state.keys;
    collection.indexed = state.indexed;
    for (const column of collection.columns) column.seen = state.seen[column.sql] ?? 0;
    Object.assign(collection, this.#counts(collection));
    collection.shape += 1;
  }

  remove(name: string): void {
    const collection = this.#byName.get(name);
    if (!collection) return;
    const { number, base } = collection;
    this.#sql.db.transaction(() => {
      this.#sql.run('DELETE FROM unindexed WHERE row BETWEEN ? AND ?', base, base + 2 ** 40 - 1);
      for (const table of ['bases', 'memberships', 'attachments']) {
        this.#sql.run(`DELETE FROM ${table} WHERE collection = ?`, number);
      }
      this.#sql.db.exec(
        `DELETE FROM collections WHERE number = ${number}; DROP TABLE rows_${number}; DROP TABLE docs_${number}; DROP TABLE IF EXISTS words_${number}; DROP TABLE IF EXISTS parts_${number}`,
      );
    })();
    this.#byName.delete(name);
    this.#byNumber.delete(number);
  }

  #make(spec: CollectionSpec, primary: string): Collection {
    const last = this.#sql.values('SELECT max(number) FROM collections').get() as number | null;
    const number = (last ?? 0) + 1;
    const stored: StoredSpec = {
      primary,
      columns: spec.columns.map((column, i) => ({ ...column, sql: `c${i}` })),
      search: spec.search,
    };
    const columns = stored.columns
      .map((column) => `, ${column.sql}${column.type === 'number' ? ' NUMERIC' : ''}`)
      .join('');
    this.#sql.db.exec(collectionTables(number, columns, isSearched(spec)));
    const state: StoredState = { keys: 0, indexed: false, seen: {} };
    this.#sql.run(
      'INSERT INTO collections (number, name, spec, state) VALUES (?, ?, ?, ?)',
      number,
      spec.name,
      JSON.stringify(stored),
      JSON.stringify(state),
    );
    return this.#add(number, spec.name, stored, state);
  }

  /**
   * Makes the next missing column index of a collection; false when it has them all. Filling an index row by row
   * takes six times as long as sorting the column once (13 instead of 79 µs a row for eleven columns), so the first
   * rows of a collection come without; until then SQLite reads the narrow table.
   */
  indexNext(collection: Collection): boolean {
    const missing = collection.columns.find((column) => !this.#hasIndex(collection.number, column.sql));
    if (missing) {
      this.#index(collection.number, missing.sql);
      return true;
    }
    collection.indexed = true;
    this.saveState(collection);
    this.#sql.db.exec(`ANALYZE ${collection.rows}`);
    return false;
  }

  #hasIndex(number: number, column: string): boolean {
    const name = `rows_${number}_${column}`;
    return (
      this.#sql.values("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?").get(name) !==
      undefined
    );
  }

  /** Only live rows are in views and queries; the key at the end makes the order of equal values certain. */
  #index(number: number, column: string): void {
    this.#sql.db.exec(
      `CREATE INDEX rows_${number}_${column} ON rows_${number} (${column}, k) WHERE deleted = 0`,
    );
  }

  #change(known: Collection, spec: CollectionSpec): Collection {
    const { number } = known;
    const kept = known.columns.filter((column) =>
      spec.columns.some((wanted) => wanted.path === column.path && wanted.type === column.type),
    );
    let free = 1 + Math.max(-1, ...known.columns.map((column) => Number(column.sql.slice(1))));
    const stored: StoredSpec = {
      primary: known.primary,
      columns: spec.columns.map((wanted) => {
        const old = kept.find((column) => column.path === wanted.path);
        if (old) return { path: old.path, type: old.type, sql: old.sql };
        free += 1;
        return { ...wanted, sql: `c${free - 1}` };
      }),
      search: spec.search,
    };
    for (const column of known.columns) {
      if (kept.includes(column)) continue;
      this.#sql.db.exec(
        `DROP INDEX IF EXISTS rows_${number}_${column.sql}; ALTER TABLE rows_${number} DROP COLUMN ${column.sql}`,
      );
    }
    const fresh = stored.columns.filter((column) => !kept.some((old) => old.sql === column.sql));
    for (const column of fresh) {
      const type = column.type === 'number' ? ' NUMERIC' : '';
      this.#sql.db.exec(`ALTER TABLE rows_${number} ADD COLUMN ${column.sql}${type}`);
    }
    const collection = this.#add(number, known.name, stored, stateOf(known));
    if (fresh.length > 0) this.#fill(collection);
    if (known.indexed) for (const column of fresh) this.#index(number, column.sql);
    if (!sameSearch(known, spec)) {
      if (isSearched(spec)) this.#sql.db.exec(searchTables(number));
      this.#sql.run(`INSERT OR IGNORE INTO unindexed SELECT row, 1 FROM ${collection.rows}`);
    }
    this.#sql.run('UPDATE collections SET spec = ? WHERE number = ?', JSON.stringify(stored), number);
    this.saveState(collection);
    return collection;
  }

  #fill(collection: Collection): void {
    const set = collection.columns.map((column) => `${column.sql} = ?`).join(', ');
    const update = this.#sql.rows(`UPDATE ${collection.rows} SET ${set} WHERE row = ?`);
    const page = this.#sql.rows(
      `SELECT row, doc FROM ${collection.docs} WHERE row > ? ORDER BY row LIMIT 500`,
    );
    let last = 0;
    for (;;) {
      const rows = page.all(last) as { row: number; doc: string }[];
      for (const { row, doc } of rows) {
        const values: SqlValue[] = [];
        readColumns(collection, JSON.parse(doc), values);
        update.run(...values, row);
        last = row;
      }
      if (rows.length < 500) return;
    }
  }

  #add(number: number, name: string, spec: StoredSpec, state: StoredState): Collection {
    const made = collectionFrom(number, name, spec, state);
    const collection: Collection = Object.assign(made, this.#counts(made));
    this.#byName.set(name, collection);
    this.#byNumber.set(number, collection);
    return collection;
  }

  #counts(collection: { readonly rows: string; readonly base: number }): { nextRow: number; live: number } {
    const last = this.#sql.values(`SELECT max(row) FROM ${collection.rows}`).get() as number | null;
    return { nextRow: (last ?? collection.base) + 1, live: -1 };
  }

  /** Live rows, counted once and kept from then on. */
  live(collection: Collection): number {
    if (collection.live < 0) {
      collection.live = this.#sql
        .values(`SELECT count(*) FROM ${collection.rows} WHERE deleted = 0`)
        .get() as number;
    }
    return collection.live;
  }
}

interface StoredCollection {
  number: number;
  name: string;
  spec: string;
  state: string;
}

function sameSpec(known: Collection, spec: CollectionSpec): boolean {
  const same =
    known.columns.length === spec.columns.length &&
    spec.columns.every((wanted) => known.byPath.get(wanted.path)?.type === wanted.type);
  return same && sameSearch(known, spec);
}

function isSearched(spec: CollectionSpec): boolean {
  return spec.search.title.length + spec.search.text.length > 0;
}

function sameSearch(known: Collection, spec: CollectionSpec): boolean {
  const join = (paths: readonly (readonly string[])[]) => paths.map((path) => path.join('.')).join(' ');
  const { title, text, parts = [] } = spec.search;
  return (
    join(known.title) === title.join(' ') &&
    join(known.text) === text.join(' ') &&
    join(known.parts) === parts.join(' ')
  );
}
