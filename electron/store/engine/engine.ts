import { toPlainError } from '../../../shared/errors.ts';
import type { CollectionSpec, Commit, SearchQuery, StoreEvent, ViewQuery } from '../contract.ts';
import { Attachments } from './attachments.ts';
import { Behind } from './behind.ts';
import { Catalog } from './catalog.ts';
import { type Applied, Committer, type Lenience } from './commit.ts';
import { Copier } from './copy.ts';
import { storeError } from './errors.ts';
import type { HeadFile } from './head.ts';
import { History } from './history.ts';
import { Memberships } from './memberships.ts';
import { type OpenFile, openFile } from './open.ts';
import { Outbox } from './outbox.ts';
import { Purge } from './purge.ts';
import { Queries } from './query.ts';
import { Rows } from './rows.ts';
import { Search } from './search.ts';
import { type Sqlite, Statements } from './sqlite.ts';
import { passed } from './steps.ts';
import { packKey } from './values.ts';
import { type Opening, Views } from './views.ts';

export interface EngineOptions extends OpenFile {
  readonly collections: readonly CollectionSpec[];
  readonly owner: string;
  /** Milliseconds of a clock that only goes forward; default performance.now(). */
  readonly now?: () => number;
}

/** Collections that people's records are in; those that RxDB makes for itself are named with a slash. */
const isInner = (name: string) => name.includes('/');

/** One open store, in one thread. Everything is synchronous but what may need RxDB's matcher. */
export class Engine {
  readonly catalog: Catalog;
  readonly rows: Rows;
  readonly search: Search;
  readonly history: History;
  readonly outbox: Outbox;
  readonly memberships: Memberships;
  readonly attachments: Attachments;
  readonly queries: Queries;
  readonly views: Views;
  readonly behind: Behind;
  readonly #copier: Copier;
  readonly #declared: readonly CollectionSpec[];
  readonly #db: Sqlite;
  readonly #sql: Statements;
  readonly #head: HeadFile;
  readonly #committer: Committer;
  /** Rows were purged, and the log may still hold pages as they were before. */
  #purged = false;

  constructor(options: EngineOptions, emit: (event: StoreEvent) => void) {
    const { db, head, store, counter } = openFile(options);
    this.#db = db;
    this.#head = head;
    this.#declared = options.collections;
    try {
      const sql = new Statements(db);
      this.#sql = sql;
      this.#copier = new Copier(db, options.file);
      this.catalog = new Catalog(sql);
      db.transaction(() => {
        for (const spec of options.collections) this.catalog.ensure(spec);
      }).immediate();
      this.rows = new Rows(sql, this.catalog);
      this.search = new Search(sql, this.catalog, this.rows, options.now);
      this.history = new History(sql, options.owner, store);
      this.outbox = new Outbox(sql);
      this.memberships = new Memberships(sql, this.catalog);
      this.attachments = new Attachments(sql);
      const { catalog, rows, search, history, outbox, memberships, attachments } = this;
      const purge = new Purge({ sql, catalog, search, history, outbox });
      this.behind = new Behind(sql, catalog, search, purge, options.now);
      this.queries = new Queries(sql);
      this.views = new Views(sql, this.catalog, this.rows, (view) => emit({ type: 'view', view }));
      const parts = {
        sql,
        catalog,
        rows,
        search,
        history,
        outbox,
        memberships,
        attachments,
        purge,
        head,
        store,
      };
      this.#committer = new Committer(parts, counter);
      this.#purged = purge.waits;
    } catch (error) {
      head.close();
      db.close();
      throw storeError(error, true);
    }
  }

  commit(commit: Commit, lenience?: Lenience): Applied {
    const applied = this.#committer.apply(commit, lenience);
    this.behind.note(applied.changes.length);
    this.views.follow(applied.changes);
    if (applied.purged.length > 0) {
      this.#purged = true;
      this.views.follow(applied.purged);
    }
    return applied;
  }

  get(collection: string, ids: readonly string[], withDeleted = true): string[] {
    return this.rows.texts(this.catalog.get(collection), ids, withDeleted);
  }

  /** Ids do not say which collection they are of; a probe of a key index that does not have it costs 2 µs. */
  lookup(ids: readonly string[], member: string): Record<string, string> {
    const out: Record<string, string> = {};
    const collections = [...this.catalog.all()].filter(({ name }) => !isInner(name));
    for (const id of new Set(ids)) {
      for (const collection of collections) {
        const [text] = this.rows.texts(collection, [id], true);
        if (text === undefined) continue;
        const value = (JSON.parse(text) as Record<string, unknown>)[member];
        if (typeof value === 'string') out[id] = value;
        break;
      }
    }
    return out;
  }

  bases(collection: string, ids: readonly string[]): Record<string, unknown> {
    const { number } = this.catalog.get(collection);
    const one = this.#sql.values('SELECT base FROM bases WHERE collection = ? AND k = ?');
    const out: Record<string, unknown> = {};
    for (const id of ids) {
      const text = one.get(number, packKey(id)) as string | undefined;
      if (text !== undefined) out[id] = JSON.parse(text);
    }
    return out;
  }

  openView(query: ViewQuery, opening?: Opening) {
    return this.views.open(query, opening);
  }

  /**
   * Forgets all documents of a collection. One that the store was opened with stays, empty: commits go on. Lists
   * that are open over it are empty from then on.
   */
  removeCollection(name: string): void {
    const spec = this.#declared.find((one) => one.name === name);
    const primary = spec && this.catalog.get(name).primary;
    const wasSearched = this.catalog.has(name) && this.catalog.get(name).words !== undefined;
    this.catalog.remove(name);
    if (spec) this.catalog.ensure(spec, primary);
    if (wasSearched) this.search.forgetCollection();
    else this.search.reload();
    this.views.forget(name);
  }

  find(query: SearchQuery) {
    const started = performance.now();
    const hits = this.search.find(query);
    return { hits, complete: this.search.complete, millis: performance.now() - started };
  }

  value(key: string): unknown {
    const text = this.#sql.values('SELECT value FROM settings WHERE key = ?').get(key) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  }

  counts(): Record<string, number> {
    const out: Record<string, number> = {};
    for (const collection of this.catalog.all()) {
      if (!isInner(collection.name)) out[collection.name] = this.catalog.live(collection);
    }
    return out;
  }

  /**
   * A copy of all that is committed, with its head, on the disk when this resolves; commits go on meanwhile.
   * Errors: store.closed (the copy was ended), store.disk_full, store.read_only, store.damaged, store.failed.
   */
  copyTo(file: string): Promise<void> {
    return this.#copier.copyTo(file, () => this.#head.copyTo(file, this.#committer.head));
  }

  /** Ends the copy to that file, or all that are under way. */
  endCopy(file?: string): void {
    this.#copier.end(file);
  }

  /** Resolves when no copy is under way: only then may the store be closed. */
  copied(): Promise<void> {
    return this.#copier.idle();
  }

  /** Moves the log into the file, so that it does not grow; for a moment when nothing waits. */
  tidy(): void {
    if (this.#copier.busy) return;
    if (!this.#purged || this.behind.due() !== undefined) {
      this.#db.pragma('wal_checkpoint(PASSIVE)');
      return;
    }
    // A log that is begun anew is written over only bit by bit.
    const [result] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (result?.busy === 0) this.#purged = false;
  }

  close(): void {
    this.views.end();
    passed('close-begun');
    try {
      // Keeps the statistics that the planner needs for filters that many rows pass. A store that cannot write any
      // more is closed without.
      this.#db.pragma('optimize');
    } catch (error) {
      console.error('closed without statistics', toPlainError(storeError(error)).code);
    }
    try {
      this.#db.close();
      passed('close-database');
    } finally {
      this.#head.close();
    }
  }
}
