import type { SyncMark } from '../../shared/ipc/records.ts';
import { fieldValue, type Side } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import { fromDoc } from './rows.ts';

/** Most open inbox items that are held in memory; more of them still show in the inbox. */
const MOST = 500;

/** An open conflict or refusal that is for this person. */
export interface OpenItem {
  readonly id: string;
  readonly record: string;
  readonly field: string;
}

/**
 * Which records need this person: kept up to date from a view of the open inbox items, so that a list page costs no
 * further question.
 */
export class Marks {
  readonly #store: StoreApi;
  readonly #user: string;
  #view: string | null = null;
  #items: readonly OpenItem[] = [];
  #changed: () => void = () => undefined;
  #stop: () => void = () => undefined;

  constructor(store: StoreApi, user: string) {
    this.#store = store;
    this.#user = user;
  }

  /** @param changed called when the open items are others than before */
  async start(changed: () => void, failed: (error: unknown) => void): Promise<void> {
    this.#changed = changed;
    const view = await this.#store.openView({
      collection: 'inbox',
      selector: { 'body.status': { $eq: 'open' } },
      sort: [{ path: 'body.at', direction: 'desc' }],
    });
    this.#view = view.viewId;
    this.#stop = this.#store.on((event) => {
      const touched =
        (event.type === 'view' && event.view.viewId === this.#view) ||
        (event.type === 'rows' && event.collection === 'inbox');
      if (touched) this.#read().catch(failed);
    });
    await this.#read();
  }

  async #read(): Promise<void> {
    if (this.#view === null) return;
    const { docs } = await this.#store.viewRows(this.#view, 0, MOST);
    const items = docs.flatMap((doc) => {
      const { row } = fromDoc(doc);
      const side = fieldValue(row, 'device') as Partial<Side> | undefined;
      if (row.owner !== this.#user && side?.user !== this.#user) return [];
      return [{ id: row.id, record: String(row.body.record ?? ''), field: String(row.body.field ?? '') }];
    });
    const before = JSON.stringify(this.#items);
    this.#items = items;
    if (JSON.stringify(items) !== before) this.#changed();
  }

  get needYou(): number {
    return this.#items.length;
  }

  /** Open items of one record: field -> item. */
  inboxOf(record: string): Record<string, string> {
    const own = this.#items.filter((item) => item.record === record);
    return Object.fromEntries(own.map((item) => [item.field, item.id]));
  }

  /** How each of these records stands towards the server. */
  async of(ids: readonly string[]): Promise<(id: string) => SyncMark> {
    const needing = new Set(this.#items.map((item) => item.record));
    const waiting = new Set((await this.#store.outboxOf(ids)).map((entry) => entry.record));
    return (id) => (needing.has(id) ? 'needs-you' : waiting.has(id) ? 'waiting' : 'in-step');
  }

  async stop(): Promise<void> {
    this.#stop();
    if (this.#view !== null) await this.#store.closeView(this.#view);
    this.#view = null;
  }
}
