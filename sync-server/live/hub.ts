import type { Store } from '../store/store.ts';

/** Somebody who wants to hear that a bucket has moved. */
export interface Listener {
  readonly tenant: string;
  readonly session: string;
  readonly buckets: readonly string[];
  /** Of the company when these buckets were read. */
  readonly scopeVersion: number;
  moved(bucket: string, number: number): void;
  /** Nothing more will come. */
  ended(why: End): void;
}

/**
 * Why a stream ends: the session is over, the device has opened a newer stream, what its person sees may have changed,
 * the server is being stopped.
 */
export type End = 'session' | 'newer' | 'scope' | 'shutdown';

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
  /** The highest number that was read, by company. */
  readonly #seen = new Map<string, number>();
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
    const heads = await this.#heads([listener.tenant], 0);
    this.#say(listener, heads.get(listener.tenant) ?? new Map());
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
    const listening = [...this.#listeners.keys()];
    const tenants = [...new Set(listening.map(({ tenant }) => tenant))];
    const over = await this.#store.sessions.ended(listening.map(({ session }) => session));
    const versions = await this.#store.scopeVersions(tenants);
    const since = Math.min(...tenants.map((tenant) => this.#seen.get(tenant) ?? 0));
    const heads = await this.#heads(tenants, since);
    for (const listener of listening) {
      if (!this.#listeners.has(listener)) continue;
      if (over.has(listener.session)) this.#end(listener, 'session');
      else if ((versions.get(listener.tenant) ?? 0) > listener.scopeVersion) this.#end(listener, 'scope');
      else this.#say(listener, heads.get(listener.tenant) ?? new Map());
    }
    for (const [tenant, buckets] of heads) {
      this.#seen.set(tenant, Math.max(this.#seen.get(tenant) ?? 0, ...buckets.values()));
    }
  }

  /** How far the buckets of companies are, those above a number. */
  async #heads(tenants: readonly string[], above: number): Promise<Map<string, Map<string, number>>> {
    const heads = new Map<string, Map<string, number>>();
    if (tenants.length === 0) return heads;
    const moved = await this.#store.db
      .selectFrom('buckets')
      .selectAll()
      .where('tenant', 'in', tenants)
      .where('number', '>', above)
      .execute();
    for (const { tenant, bucket, number } of moved) {
      const buckets = heads.get(tenant) ?? new Map<string, number>();
      heads.set(tenant, buckets.set(bucket, Number(number)));
    }
    return heads;
  }

  #end(listener: Listener, why: End): void {
    listener.ended(why);
    this.#listeners.delete(listener);
  }

  /** Tells a listener only what it has not been told. */
  #say(listener: Listener, heads: ReadonlyMap<string, number>): void {
    const told = this.#listeners.get(listener);
    if (told === undefined) return;
    for (const bucket of listener.buckets) {
      const number = heads.get(bucket) ?? 0;
      if (number <= (told.get(bucket) ?? -1)) continue;
      told.set(bucket, number);
      listener.moved(bucket, number);
    }
  }
}
