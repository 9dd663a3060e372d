import type { Store } from '../store/store.ts';

/** Somebody who wants to hear that a bucket has moved. */
export interface Listener {
  readonly tenant: string;
  readonly session: string;
  readonly buckets: readonly string[];
  moved(bucket: string, number: number): void;
  /** Nothing more will come. */
  ended(why: End): void;
}

/** Why a stream ends: the session is over, the device has opened a newer stream, the server is being stopped. */
export type End = 'session' | 'newer' | 'shutdown';

/** Milliseconds between looks at the counters, for commits that another process made (an import). */
const POLL = 1_000;

/**
 * Tells listeners how far each bucket is. Numbers are read from the database after the commit, so that nobody hears of
 * a row that cannot be read yet.
 */
export class Hub {
  readonly #store: Store;
  /** Who listens, and the last number each was told by bucket. */
  readonly #listeners = new Map<Listener, Map<string, number>>();
  readonly #log: (error: unknown) => void;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #closed = false;

  constructor(store: Store, log: (error: unknown) => void, poll = POLL) {
    this.#store = store;
    this.#log = log;
    this.#stopListening = store.onCommit(() => this.look());
    this.#timer = setInterval(() => this.look(), poll);
    this.#timer.unref();
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a listener and tells it at once where its buckets stand. A device has one stream: the newest. */
  async add(listener: Listener): Promise<() => void> {
    if (this.#closed) {
      listener.ended('shutdown');
      return () => undefined;
    }
    for (const other of [...this.#listeners.keys()]) {
      if (other.session !== listener.session) continue;
      other.ended('newer');
      this.#listeners.delete(other);
    }
    this.#listeners.set(listener, new Map());
    const tenant = await this.#store.db
      .selectFrom('tenants')
      .select('counter')
      .where('id', '=', listener.tenant)
      .executeTakeFirst();
    this.#say(listener, Number(tenant?.counter ?? 0));
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the counters; calls while a look is under way lead to exactly one more. */
  look(): void {
    if (this.#closed || this.#listeners.size === 0) return;
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#tell()
      .catch(this.#log)
      .finally(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.look();
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#stopListening();
    for (const listener of this.#listeners.keys()) listener.ended('shutdown');
    this.#listeners.clear();
    await this.#looking;
  }

  async #tell(): Promise<void> {
    const tenants = await this.#store.db.selectFrom('tenants').select(['id', 'counter']).execute();
    const counters = new Map(tenants.map(({ id, counter }) => [id, Number(counter)]));
    const sessions = [...this.#listeners.keys()].map(({ session }) => session);
    const over = await this.#store.devices.ended(sessions);
    for (const listener of [...this.#listeners.keys()]) {
      if (over.has(listener.session)) {
        listener.ended('session');
        this.#listeners.delete(listener);
      } else {
        this.#say(listener, counters.get(listener.tenant) ?? 0);
      }
    }
  }

  /** Tells a listener only what it has not been told. */
  #say(listener: Listener, number: number): void {
    const told = this.#listeners.get(listener);
    if (told === undefined) return;
    for (const bucket of listener.buckets) {
      if (number <= (told.get(bucket) ?? -1)) continue;
      told.set(bucket, number);
      listener.moved(bucket, number);
    }
  }
}
