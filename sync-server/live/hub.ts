import type { Store } from '../store/store.ts';

/** Somebody who wants to hear that a bucket has moved. */
export interface Listener {
  readonly tenant: string;
  readonly session: string;
  readonly buckets: readonly string[];
  moved(bucket: string, number: number): void;
  /** The session is over. */
  ended(): void;
}

/** Milliseconds between looks at the counters, for commits that another process made (an import). */
const POLL = 1_000;

/**
 * Tells listeners how far each bucket is. Numbers are read from the database after the commit, so that nobody hears of
 * a row that cannot be read yet.
 */
export class Hub {
  readonly #store: Store;
  readonly #listeners = new Set<Listener>();
  readonly #known = new Map<string, number>();
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
    for (const other of [...this.#listeners]) {
      if (other.session !== listener.session) continue;
      other.ended();
      this.#listeners.delete(other);
    }
    this.#listeners.add(listener);
    const tenant = await this.#store.db
      .selectFrom('tenants')
      .select('counter')
      .where('id', '=', listener.tenant)
      .executeTakeFirst();
    for (const bucket of listener.buckets) listener.moved(bucket, Number(tenant?.counter ?? 0));
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
    for (const listener of [...this.#listeners]) listener.ended();
    this.#listeners.clear();
    await this.#looking;
  }

  async #tell(): Promise<void> {
    const tenants = await this.#store.db.selectFrom('tenants').select(['id', 'counter']).execute();
    const moved = new Map<string, number>();
    for (const { id, counter } of tenants) {
      if (this.#known.get(id) === Number(counter)) continue;
      this.#known.set(id, Number(counter));
      moved.set(id, Number(counter));
    }
    const over = await this.#store.devices.ended([...this.#listeners].map(({ session }) => session));
    for (const listener of [...this.#listeners]) {
      if (over.has(listener.session)) {
        listener.ended();
        this.#listeners.delete(listener);
        continue;
      }
      const number = moved.get(listener.tenant);
      if (number === undefined) continue;
      for (const bucket of listener.buckets) listener.moved(bucket, number);
    }
  }
}
