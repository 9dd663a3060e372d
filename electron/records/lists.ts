import { RoadbookError } from '../../shared/errors.ts';
import type { ViewPage, ViewRequest, ViewState, ViewSummary } from '../../shared/ipc/records.ts';
import type { CollectionName } from '../../shared/model/index.ts';
import type { StoredDoc, ViewInfo, ViewQuery } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { Marks } from './marks.ts';
import { fromDoc, referencesOf, toRecordRow } from './rows.ts';
import { knownCollection, sumPaths, translate } from './views.ts';

/** Lists as the window sees them: views of the store with names and marks beside the rows. */
export class Lists {
  readonly #context: Context;
  readonly #marks: Marks;
  readonly #open = new Map<string, CollectionName>();
  readonly #opening = new Map<string, AbortController>();
  readonly #progress: (opening: string, share: number) => void;

  /** @param progress hears how far an opening is that takes long, 0 to 1, by the name that it was given */
  constructor(context: Context, marks: Marks, progress: (opening: string, share: number) => void) {
    this.#context = context;
    this.#marks = marks;
    this.#progress = progress;
  }

  /**
   * @param first rows from the start that come along with the answer
   * @param opening name by which its progress is told and by which it can be ended
   * @throws store.closed when it was ended
   */
  async open(
    request: ViewRequest,
    first?: number,
    opening?: string,
  ): Promise<ViewState & { page?: ViewPage }> {
    const query = translate(request, this.#context.user);
    const { viewId, count, version } = await this.#openView(query, opening);
    this.#open.set(viewId, knownCollection(query.collection));
    if (first === undefined || count === 0) return { viewId, count, version };
    return { viewId, count, version, page: await this.rows(viewId, 0, first) };
  }

  /** Ends an opening that nobody waits for any more. */
  cancel(opening: string): void {
    this.#opening.get(opening)?.abort();
  }

  async #openView(query: ViewQuery, opening: string | undefined): Promise<ViewInfo> {
    const { store } = this.#context;
    if (opening === undefined) return store.openView(query);
    if (this.#opening.has(opening))
      throw new RoadbookError('request.invalid', { reason: 'its name is taken' });
    const wanted = new AbortController();
    this.#opening.set(opening, wanted);
    try {
      return await store.openView(query, {
        signal: wanted.signal,
        progress: (share) => this.#progress(opening, share),
      });
    } finally {
      this.#opening.delete(opening);
    }
  }

  async rows(viewId: string, from: number, count: number): Promise<ViewPage> {
    const collection = this.#collection(viewId);
    const page = await this.#context.store.viewRows(viewId, from, count);
    const { rows, names } = await this.present(page.docs.map((doc) => ({ collection, doc })));
    return { viewId, version: page.version, count: page.count, from: page.from, rows, names };
  }

  /** Rows for the window: marks, and the names of everything that they refer to. */
  async present(found: readonly { readonly collection: CollectionName; readonly doc: StoredDoc }[]) {
    const held = found.map(({ collection, doc }) => ({ collection, held: fromDoc(doc) }));
    const ids = held.flatMap(({ collection, held: { row } }) => referencesOf(collection, row));
    const [mark, names] = await Promise.all([
      this.#marks.of(held.map(({ held: { row } }) => row.id)),
      this.names(ids),
    ]);
    const rows = held.map(({ collection, held: one }) => toRecordRow(collection, one, mark(one.row.id)));
    return { rows, names };
  }

  async names(ids: readonly string[]): Promise<Record<string, string>> {
    const wanted = [...new Set(ids)];
    return wanted.length === 0 ? {} : this.#context.store.lookup(wanted, 'name');
  }

  async summary(viewId: string): Promise<ViewSummary> {
    const paths = sumPaths(this.#collection(viewId));
    if (paths === null) {
      const { count } = await this.#context.store.viewRows(viewId, 0, 1);
      return { count, sums: [] };
    }
    const { count, sums } = await this.#context.store.viewSum(viewId, paths.path, paths.by, paths.weight);
    const named = sums.filter(({ by }) => by !== '');
    return {
      count,
      sums: named.map(({ by, sum, weighted }) => ({ currency: by, minor: sum, weightedMinor: weighted })),
    };
  }

  indexOf(viewId: string, id: string): Promise<number> {
    this.#collection(viewId);
    return this.#context.store.viewIndexOf(viewId, id);
  }

  async close(viewId: string): Promise<Record<string, never>> {
    if (this.#open.delete(viewId)) await this.#context.store.closeView(viewId);
    return {};
  }

  has(viewId: string): boolean {
    return this.#open.has(viewId);
  }

  /** A window that was loaded anew has forgotten its lists. */
  async closeAll(): Promise<void> {
    for (const wanted of this.#opening.values()) wanted.abort();
    await Promise.all([...this.#open.keys()].map((viewId) => this.close(viewId)));
  }

  #collection(viewId: string): CollectionName {
    const collection = this.#open.get(viewId);
    if (collection === undefined)
      throw new RoadbookError('request.invalid', { reason: 'this list is closed' });
    return collection;
  }
}
