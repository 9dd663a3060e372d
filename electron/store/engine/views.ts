import type { StoredDoc, ViewInfo, ViewQuery, ViewSum } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
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
}

/** Lists of row numbers that follow the commits: any offset of a list costs the same. */
export class Views {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #rows: Rows;
  readonly #announce: (view: ViewInfo) => void;
  readonly #views = new Map<string, View>();
  #nextId = 1;
  #announcing: ReturnType<typeof setTimeout> | undefined;
  #requerying: ReturnType<typeof setTimeout> | undefined;

  constructor(sql: Statements, catalog: Catalog, rows: Rows, announce: (view: ViewInfo) => void) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#rows = rows;
    this.#announce = announce;
  }

  async open(query: ViewQuery): Promise<ViewInfo> {
    const collection = this.#catalog.get(query.collection);
    if (CompiledView.needsMatcher(collection, query)) await loadMatcher();
    const compiled = new CompiledView(this.#sql, collection, query);
    const started = performance.now();
    const view: View = {
      id: `v${this.#nextId}`,
      query,
      compiled,
      rows: new RowList(compiled.run()),
      version: 1,
      announced: 1,
      stale: false,
      askedAt: started,
      took: performance.now() - started,
      sums: new Map(),
    };
    this.#nextId += 1;
    this.#views.set(view.id, view);
    return infoOf(view);
  }

  close(viewId: string): void {
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
      if (!changed || view.stale) continue;
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
      if (!this.#catalog.has(name)) {
        this.#views.delete(view.id);
        continue;
      }
      view.compiled = new CompiledView(this.#sql, this.#catalog.get(name), view.query);
      view.rows = new RowList(new Uint32Array());
      view.sums.clear();
      view.version += 1;
      this.#announceSoon();
    }
  }

  /** Stops the timers; views are not served any more. */
  end(): void {
    clearTimeout(this.#announcing);
    clearTimeout(this.#requerying);
    this.#views.clear();
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
      rows.insertAt(this.#placeOf(view, key), row);
      for (const sums of view.sums.values()) sums.add(doc);
      touched = true;
    }
    return touched;
  }

  /** Binary search over sort keys: about 17 row reads in a list of 100,000. */
  #placeOf(view: View, key: unknown[]): number {
    const { compiled, rows } = view;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = compiled.keyOf(rows.at(middle));
      if (other && compiled.compare(other, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #requerySoon(): void {
    if (this.#requerying) return;
    const due = [...this.#views.values()]
      .filter((view) => view.stale)
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
      if (!view.stale || view.askedAt + Math.max(REQUERY_EVERY, 10 * view.took) > now) continue;
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
    if (!this.#views.has(view.id)) return;
    const started = performance.now();
    view.compiled = new CompiledView(this.#sql, view.compiled.collection, view.query);
    view.rows = new RowList(view.compiled.run());
    view.stale = false;
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
