import type { SyncMark } from '../../shared/ipc/records.ts';
import type { Side } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Envelope } from '../store/envelope.ts';
import { readAll } from '../store/read-all.ts';
import type { Live } from './live.ts';
import { fromDoc } from './rows.ts';

/** Most open inbox items that are held in memory; more of them still show in the inbox. */
const MOST = 500;
const OPEN = { 'body.status': { $eq: 'open' } };

/** An open conflict or refusal that is for this person. */
export interface OpenItem {
  readonly id: string;
  readonly record: string;
  readonly field: string;
}

/**
 * Which records need this person: kept up to date by a live query of the open inbox items, so that a list page costs
 * no further question.
 */
export class Marks {
  readonly #store: StoreApi;
  readonly #user: string;
  #items: readonly OpenItem[] = [];
  #stop: () => void = () => undefined;
  #stopped = false;

  constructor(store: StoreApi, user: string) {
    this.#store = store;
    this.#user = user;
  }

  /** Returns when the open items are known. */
  async load(): Promise<void> {
    const sort = [{ path: 'body.at', direction: 'desc' }] as const;
    const docs = await readAll(this.#store, { collection: 'inbox', selector: OPEN, sort }, MOST);
    this.#items = this.#own(docs.map((doc) => fromDoc(doc).row));
  }

  /** @param changed called when the open items are others than before */
  async follow(live: Live, changed: () => void, failed: (error: unknown) => void): Promise<void> {
    const inbox = await live.collection('inbox');
    if (this.#stopped) return;
    const open = inbox.find({ selector: OPEN, sort: [{ 'body.at': 'desc' }], limit: MOST });
    const following = open.$.subscribe({
      next: (docs) => {
        const before = JSON.stringify(this.#items);
        this.#items = this.#own(docs);
        if (JSON.stringify(this.#items) !== before) changed();
      },
      error: failed,
    });
    this.#stop = () => following.unsubscribe();
  }

  /** What this person owns or has a side in. */
  #own(docs: readonly Pick<Envelope, 'id' | 'owner' | 'body'>[]): OpenItem[] {
    return docs.flatMap(({ id, owner, body }) => {
      const side = body.device as Partial<Side> | undefined;
      if (owner !== this.#user && side?.user !== this.#user) return [];
      return [{ id, record: String(body.record ?? ''), field: String(body.field ?? '') }];
    });
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

  stop(): void {
    this.#stopped = true;
    this.#stop();
  }
}
