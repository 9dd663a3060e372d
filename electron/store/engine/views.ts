import { RoadbookError } from '../../../shared/errors.ts';
import type { StoredDoc, ViewInfo, ViewQuery, ViewSum } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { Filling, fill, placeOf } from './filling.ts';
import { loadMatcher } from './matcher.ts';
import { RowList } from './rowlist.ts';
import type { RowChange, Rows } from './rows.ts';
import type { Statements } from './sqlite.ts';
import { Sums } from './sums.ts';
import { CompiledView } from './viewquery.ts';

/** More changed rows than this in one commit, and a view is asked for again instead of being mended row by row. */
const MOST_MENDED = 200;
/** Least milliseconds between two announcements of a view: about 20 a second. */
const ANNOUNCE_EVERY = 50;
/** A bulk of commits re-queries a view at most this often, or once per ten times what the query took. */
const REQUERY_EVERY = 200;

export interface ViewPageText extends ViewInfo {
  readonly from: number;
  /** JSON of the documents. */
  readonly texts: readonly string[];
}

interface View {
  readonly id: string;
  readonly query: ViewQuery;
  compiled: CompiledView;
  rows: RowList;
  version: number;
  announced: number;
  stale: boolean;
  /** When it was last asked for, and how long that took, in milliseconds. */
  askedAt: number;
  took: number;
  /** Sums that somebody asked for, kept up to date row by row. */
  readonly sums: Map<string, Sums>;
  /** While its order is being found by reading documents. */
  filling: Filling | undefined;
}

/** Who waits for a list hears how far it is, and may end it by this name. */
export interface Opening {
  readonly name: string;
  readonly tell: (share: number) => void;
}

/** Lists of row numbers that follow the commits: any offset of a list costs the same. */
export class Views {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #rows: Rows;
  readonly #announce: (view: ViewInfo) => void;
  readonly #views = new Map<string, View>();
  readonly #opening = new Map<string, View>();
  /** One list at a time is filled by reading documents: memory for one is bounded, for many it would not be. */
  #turn: Promise<unknown> = Promise.resolve();
  #nextId = 1;
  #announcing: ReturnType<typeof setTimeout> | undefined;
  #requerying: ReturnType<typeof setTimeout> | undefined;

  constructor(sql: Statements, catalog: Catalog, rows: Rows, announce: (view: ViewInfo) => void) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#rows = rows;
    this.#announce = announce;
  }

  /**
   * Errors: store.closed when the opening was ended, or the collection or the store went away meanwhile.
   */
  async open(query: ViewQuery, opening?: Opening): Promise<ViewInfo> {
    const collection = this.#catalog.get(query.collection);
    if (CompiledView.needsMatcher(collection, query)) await loadMatcher();
    const compiled = new CompiledView(this.#sql, collection, query);
    const started = performance.now();
    const view: View = {
      id: `v${this.#nextId}`,
      query,
      compiled,
      rows: new RowList(compiled.readsDocs ? new Uint32Array() : compiled.run()),
      version: 1,
      announced: 1,
      stale: false,
      askedAt: started,
      took: performance.now() - started,
      sums: new Map(),
      filling: undefined,
    };
    this.#nextId += 1;
    this.#views.set(view.id, view);
    if (compiled.readsDocs) await this.#openSlowly(view, opening);
    return infoOf(view);
  }

  async #openSlowly(view: View, opening: Opening | undefined): Promise<void> {
    if (opening) this.#opening.set(opening.name, view);
    try {
      await this.#fill(view, opening?.tell);
    } catch (error) {
      this.close(view.id);
      throw error;
    } finally {
      if (opening) this.#opening.delete(opening.name);
    }
    if (!this.#views.has(view.id)) throw new RoadbookError('store.closed');
    // Nobody knows it yet.
    view.version = 1;
    view.announced = 1;
    this.#requerySoon();
  }

  /** A list that is not wanted any more before it is open. */
  endOpening(name: string): void {
    const view = this.#opening.get(name);
    if (view) this.close(view.id);
  }

  close(viewId: string): void {
    const view = this.#views.get(viewId);
    if (view?.filling) view.filling.ended = true;
    this.#views.delete(viewId);
  }

  page(viewId: string, from: number, count: number): ViewPageText {
    const view = this.#get(viewId);
    const { collection } = view.compiled;
    const start = Math.max(0, from);
    const texts: string[] = [];
    const live = this.#sql.values(
      `SELECT d.doc FROM ${collection.docs} d CROSS JOIN ${collection.rows} r ON r.row = d.row
       WHERE d.row = ? AND r.deleted = 0`,
    );
    const plain = this.#sql.values(`SELECT doc FROM ${collection.docs} WHERE row = ?`);
    const read = view.stale ? live : plain;
    for (const row of view.rows.slice(start, start + count)) {
      const text = read.get(collection.base + row) as string | undefined;
      if (text !== undefined) texts.push(text);
    }
    return { ...infoOf(view), from: start, texts };
  }

  indexOf(viewId: string, id: string): number {
    const view = this.#get(viewId);
    const row = this.#rows.rowOf(view.compiled.collection, id);
    return row === undefined ? -1 : view.rows.indexOf(row - view.compiled.collection.base);
  }

  sum(viewId: string, path: string, by: string, weight: string | undefined): ViewSum {
    const view = this.#get(viewId);
    const name = JSON.stringify([path, by, weight]);
    let sums = view.sums.get(name);
    if (!sums) {
      sums = new Sums({ path, by, weight });
      const { collection, where } = view.compiled;
      if (where) sums.load(this.#sql, collection, where);
      else for (const doc of this.#docsOf(view)) sums.add(doc);
      view.sums.set(name, sums);
    }
    return { count: view.rows.length, sums: sums.list() };
  }

  /** Mends every view of the changed collections; called after the commit. */
  follow(changes: readonly RowChange[]): void {
    if (changes.length === 0 || this.#views.size === 0) return;
    const byCollection = new Map<Collection, RowChange[]>();
    for (const change of changes) {
      const list = byCollection.get(change.collection);
      if (list) list.push(change);
      else byCollection.set(change.collection, [change]);
    }
    for (const view of this.#views.values()) {
      const changed = byCollection.get(view.compiled.collection);
      if (!changed) continue;
      if (view.filling) {
        for (const { row } of changed) view.filling.changed.add(row - view.compiled.collection.base);
      }
      if (view.stale || view.filling) continue;
      if (changed.length > MOST_MENDED || !view.compiled.isCurrent()) {
        view.stale = true;
        this.#requerySoon();
      } else if (this.#mend(view, changed)) {
        view.version += 1;
        this.#announceSoon();
      }
    }
  }

  /** The documents of a collection are gone: its lists are empty, and closed when the collection itself is gone. */
  forget(name: string): void {
    for (const view of this.#views.values()) {
      if (view.query.collection !== name) continue;
      if (view.filling) view.filling.ended = true;
      view.filling = undefined;
      if (!this.#catalog.has(name)) {
        this.#views.delete(view.id);
        continue;
      }
      view.compiled = new CompiledView(this.#sql, this.#catalog.get(name), view.query);
      view.rows = new RowList(new Uint32Array());
      view.stale = false;
      view.sums.clear();
      view.version += 1;
      this.#announceSoon();
    }
  }

  /** Stops the timers; views are not served any more. */
  end(): void {
    clearTimeout(this.#announcing);
    clearTimeout(this.#requerying);
    for (const view of [...this.#views.values()]) this.close(view.id);
  }

  #get(viewId: string): View {
    const view = this.#views.get(viewId);
    if (!view) throw new TypeError(`no view ${viewId}`);
    return view;
  }

  /** @returns true when the view shows anything different */
  #mend(view: View, changes: readonly RowChange[]): boolean {
    const { compiled, rows } = view;
    let touched = false;
    // All that left or moved goes out first: the search for a place then sees only rows that stand right. The same
    // row twice in one commit goes out once and comes back once, as it is at the end.
    const back = new Map<number, { readonly key: unknown[]; readonly doc: StoredDoc }>();
    for (const { row: found, doc, before, wasLive } of changes) {
      const row = found - compiled.collection.base;
      const at = wasLive ? rows.indexOf(row) : -1;
      if (at >= 0) {
        rows.removeAt(at);
        touched = true;
        if (view.sums.size > 0 && before !== undefined) {
          const old = JSON.parse(before) as StoredDoc;
          for (const sums of view.sums.values()) sums.remove(old);
        }
      }
      const key = compiled.keyOf(row);
      if (key) back.set(row, { key, doc });
    }
    for (const [row, { key, doc }] of back) {
      rows.insertAt(placeOf(compiled, rows, key), row);
      for (const sums of view.sums.values()) sums.add(doc);
      touched = true;
    }
    return touched;
  }

  #requerySoon(): void {
    if (this.#requerying) return;
    const due = [...this.#views.values()]
      .filter((view) => view.stale && !view.filling)
      .map((view) => view.askedAt + Math.max(REQUERY_EVERY, 10 * view.took));
    if (due.length === 0) return;
    const wait = Math.max(0, Math.min(...due) - performance.now());
    this.#requerying = setTimeout(() => {
      this.#requerying = undefined;
      this.#requery();
      this.#requerySoon();
    }, wait);
  }

  #requery(): void {
    const now = performance.now();
    for (const view of this.#views.values()) {
      if (!view.stale || view.filling || view.askedAt + Math.max(REQUERY_EVERY, 10 * view.took) > now)
        continue;
      const { collection } = view.compiled;
      if (CompiledView.needsMatcher(collection, view.query) && view.compiled.condition.exact) {
        // A column stopped telling all: RxDB's matcher has to be there before the view can be asked for.
        void loadMatcher().then(() => this.#refresh(view));
      } else {
        this.#refresh(view);
      }
    }
  }

  #refresh(view: View): void {
    if (!this.#views.has(view.id) || view.filling) return;
    const started = performance.now();
    view.compiled = new CompiledView(this.#sql, view.compiled.collection, view.query);
    if (view.compiled.readsDocs) {
      void this.#fill(view, undefined).then(() => this.#requerySoon());
      return;
    }
    view.rows = new RowList(view.compiled.run());
    this.#refreshed(view, started, false);
  }

  /** Finds the order of a view by reading documents, once those before it are done; until then it is as it was. */
  async #fill(view: View, tell: ((share: number) => void) | undefined): Promise<void> {
    const filling = new Filling();
    view.filling = filling;
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise<void>((resolve) => {
      done = resolve;
    });
    try {
      await before;
      // A column may have stopped to tell all by now, and RxDB's matcher is needed.
      if (!filling.ended && CompiledView.needsMatcher(view.compiled.collection, view.query)) {
        await loadMatcher();
      }
      if (filling.ended) return;
      const started = performance.now();
      filling.changed.clear();
      view.compiled = new CompiledView(this.#sql, view.compiled.collection, view.query);
      const filled = await fill(view.compiled, filling, tell);
      if (!filled) return;
      view.rows = filled.rows;
      this.#refreshed(view, started, filled.stale);
    } finally {
      if (view.filling === filling) view.filling = undefined;
      done();
    }
  }

  #refreshed(view: View, started: number, stale: boolean): void {
    view.stale = stale;
    view.sums.clear();
    view.askedAt = started;
    view.took = performance.now() - started;
    view.version += 1;
    this.#announceSoon();
  }

  #announceSoon(): void {
    this.#announcing ??= setTimeout(() => {
      this.#announcing = undefined;
      for (const view of this.#views.values()) {
        if (view.version === view.announced) continue;
        view.announced = view.version;
        this.#announce(infoOf(view));
      }
    }, ANNOUNCE_EVERY);
  }

  *#docsOf(view: View): Generator<StoredDoc> {
    const { collection } = view.compiled;
    for (const row of view.rows.slice(0, view.rows.length)) {
      const text = this.#rows.text(collection, collection.base + row);
      if (text !== undefined) yield JSON.parse(text) as StoredDoc;
    }
  }
}

function infoOf(view: View): ViewInfo {
  return { viewId: view.id, count: view.rows.length, version: view.version };
}
