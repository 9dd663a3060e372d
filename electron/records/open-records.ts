import { RoadbookError } from '../../shared/errors.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { StoreApi } from '../store/contract.ts';
import { values } from './context.ts';
import type { OrderEvents, Running, SessionParts } from './session-parts.ts';
import type { StoredSession } from './stored-session.ts';

/**
 * What is open: the store, what works on it, and the key of the drafts. They come and go together; whatever fails on
 * the way out does not keep a key in memory.
 */
export class OpenRecords {
  readonly #parts: Pick<SessionParts, 'keys' | 'run' | 'log'>;
  readonly #became: (user: SessionUser) => void;
  readonly #orders: OrderEvents;
  #store: StoreApi | null = null;
  #running: Running | null = null;
  #draftKey: Uint8Array | null = null;

  /**
   * @param orders told of what the server orders this device to do
   * @param became told when the server takes the person for something else than at the sign-in
   */
  constructor(
    parts: Pick<SessionParts, 'keys' | 'run' | 'log'>,
    orders: OrderEvents,
    became: (user: SessionUser) => void = () => undefined,
  ) {
    this.#parts = parts;
    this.#became = became;
    this.#orders = orders;
  }

  /** The open store, also while nothing works on it yet. */
  get store(): StoreApi | null {
    return this.#store;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** @throws store.closed while nothing works on the store */
  get running(): Running {
    if (this.#running === null) throw new RoadbookError('store.closed');
    return this.#running;
  }

  /** Base64. @throws store.closed */
  get draftKey(): string {
    if (this.#draftKey === null || this.#running === null) throw new RoadbookError('store.closed');
    return Buffer.from(this.#draftKey).toString('base64');
  }

  /** Takes over an open store; the caller may wipe its copy of the data key. */
  hold(store: StoreApi, dataKey: Uint8Array): void {
    this.#store = store;
    this.#draftKey = this.#parts.keys.derive(dataKey, 'drafts');
  }

  /** Who works here, as the store knows it; null before its first commit. */
  async session(): Promise<StoredSession | null> {
    return ((await this.#store?.value(values.session)) as StoredSession | undefined) ?? null;
  }

  /** @throws store.closed when no store is held */
  async begin(session: StoredSession): Promise<void> {
    if (this.#store === null) throw new RoadbookError('store.closed');
    this.#running = await this.#parts.run(this.#store, session, this.#became, this.#orders);
  }

  /**
   * Stops everything that works on the store. When no change waits then, nothing can be saved any more and it stays
   * stopped; otherwise the work goes on.
   * @returns whether it stays stopped
   */
  async stopWhenEmpty(): Promise<boolean> {
    const { running } = this;
    await running.stop();
    if ((await running.store.outboxCount()) === 0) return true;
    const session = await this.session();
    if (session !== null) await this.begin(session);
    return false;
  }

  async shut(): Promise<void> {
    const running = this.#running;
    const store = this.#store;
    this.#running = null;
    this.#store = null;
    this.#draftKey?.fill(0);
    this.#draftKey = null;
    try {
      try {
        await running?.stop();
      } finally {
        // Whatever keeps the parts from ending, the thread must not go on holding the key.
        await store?.close();
      }
    } catch (error) {
      this.#parts.log.error('session.close_failed', error);
    }
  }
}
