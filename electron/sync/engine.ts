import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { SyncStatus } from '../../shared/ipc/session.ts';
import type { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import { values } from '../records/context.ts';
import type { StoredSession } from '../records/stored-session.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import { ServerApi, type Transport } from './api.ts';
import { Backoff } from './backoff.ts';
import { Exchange } from './exchange.ts';
import { Listener } from './listener.ts';
import { Meter } from './meter.ts';
import { firstMemory, readMemory, type SyncMemory } from './state.ts';
import { Tokens } from './tokens.ts';
import { Wake } from './wake.ts';

export interface EngineParts {
  readonly store: StoreApi;
  readonly transport: Transport;
  readonly session: StoredSession;
  readonly clock: HybridClock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  /** Open inbox items of this person. */
  readonly needYou: () => number;
  readonly changed: (status: SyncStatus) => void;
  readonly pageRows?: number;
}

/** Edits of one breath go in one push. */
const EDIT_MS = 300;
/** Without a word from the live stream the server is asked this often, in milliseconds. */
const QUIET_MS = { live: 300_000, deaf: 15_000, error: 30_000 } as const;
const PAGE_ROWS = 1_000;
/** While offline: longer silence than this is no network. */
const PROBE_MS = 4_000;

/**
 * The sync client. One loop: it sleeps until an edit, a live event, a timer or a person wakes it, makes one exchange,
 * and sleeps again. It never fails for good: what goes wrong becomes a state and a later try. Runs without Electron.
 */
export class SyncEngine {
  readonly #parts: EngineParts;
  readonly #wake = new Wake();
  readonly #backoff: Backoff;
  readonly #stopped = new AbortController();
  readonly #meter: Meter;
  readonly #listener: Listener;
  #api: ServerApi;
  #tokens: Tokens;
  #server: string;
  #memory: SyncMemory = firstMemory;
  #state: SyncStatus['state'] = 'offline';
  #error: PlainError | null = null;
  #waiting = 0;
  #searchReady = true;
  #running: Promise<void> = Promise.resolve();
  #editTimer: NodeJS.Timeout | undefined;
  #round = 0;
  #rounds: { readonly after: number; readonly done: () => void }[] = [];
  #off: () => void = () => undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(() => (parts.random(1)[0] ?? 0) / 256);
    this.#meter = new Meter(parts.now);
    this.#server = parts.session.server;
    this.#api = new ServerApi(parts.session.server, parts.transport, this.#stopped.signal);
    this.#tokens = new Tokens(this.#api, parts.store, parts.session, parts.now);
    this.#listener = new Listener({
      store: parts.store,
      api: () => this.#api,
      tokens: () => this.#tokens,
      backoff: this.#backoff,
      log: parts.log,
      wake: () => this.#wake.poke(),
      stopped: this.#stopped.signal,
    });
  }

  /** Reads what was remembered. Call once, before anything else. */
  async load(): Promise<void> {
    const memory = await readMemory(this.#parts.store);
    // A store that was complete when it was opened has no first sync to watch.
    this.#memory = { ...memory, working: memory.working || memory.firstSyncDone };
    this.#waiting = await this.#parts.store.outboxCount();
  }

  /** Begins to sync in the background. */
  start(): void {
    this.#off = this.#parts.store.on((event) => {
      if (event.type !== 'search-complete') return;
      this.#searchReady = true;
      this.announce();
    });
    this.#running = this.#loop();
    this.#wake.poke();
  }

  /** Ends everything; waits until nothing writes any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#editTimer);
    this.#wake.poke();
    await this.#running;
    await this.#listener.stop();
    this.#off();
    for (const waiter of this.#rounds.splice(0)) waiter.done();
  }

  /** Whether rows are all here, or the person chose not to wait for them. */
  get firstSyncDone(): boolean {
    return this.#memory.firstSyncDone || this.#memory.working;
  }

  get isOffline(): boolean {
    return this.#state === 'offline' || this.#state === 'signed-out';
  }

  status(): SyncStatus {
    return {
      state: this.#state,
      waiting: this.#waiting,
      needYou: this.#parts.needYou(),
      lastSyncAt: this.#memory.lastSyncAt,
      verifiedAt: this.#memory.verifiedAt,
      error: this.#error,
      server: this.#server,
      progress: this.#meter.progress(this.#memory, this.#searchReady),
    };
  }

  /** Tells the window how things stand. */
  announce(): void {
    this.#parts.changed(this.status());
  }

  /** A person asks: makes one exchange and answers when it is over, well or not. */
  async now(): Promise<SyncStatus> {
    const done = this.#nextRound();
    this.#wake.poke();
    await done;
    return this.status();
  }

  /** Something outside has changed: the next try is now. */
  hurry(): void {
    this.#wake.poke();
  }

  /** An act was saved: it is sent soon, together with what follows at once. */
  saved(): void {
    this.#count().catch((error: unknown) => this.#parts.log.error('sync.count_failed', error));
    // While the server is away, the next try is already set; an edit does not hurry it.
    if (this.isOffline || this.#editTimer !== undefined) return;
    this.#editTimer = setTimeout(() => {
      this.#editTimer = undefined;
      this.#wake.poke();
    }, EDIT_MS);
  }

  async startWorking(): Promise<void> {
    this.#memory = { ...this.#memory, working: true };
    await this.#parts.store.commit({ values: { [values.sync]: this.#memory } });
    this.announce();
  }

  async signedInAgain(session: StoredSession): Promise<void> {
    await this.#tokens.replace(session);
    if (session.server !== this.#server) {
      this.#server = session.server;
      this.#api = new ServerApi(session.server, this.#parts.transport, this.#stopped.signal);
      this.#tokens = new Tokens(this.#api, this.#parts.store, session, this.#parts.now);
    }
    this.#wake.poke();
  }

  async #loop(): Promise<void> {
    let pause = 0;
    while (!this.#stopped.signal.aborted) {
      await this.#wake.wait(pause);
      if (this.#stopped.signal.aborted) return;
      this.#round += 1;
      const round = this.#round;
      pause = await this.#attempt();
      this.#rounds = this.#rounds.filter((waiter) => {
        if (waiter.after >= round) return true;
        waiter.done();
        return false;
      });
    }
  }

  /** Resolves after an exchange that has not begun yet. */
  #nextRound(): Promise<void> {
    return new Promise((done) => this.#rounds.push({ after: this.#round, done }));
  }

  /** One exchange. @returns milliseconds until the next one is due by itself */
  async #attempt(): Promise<number> {
    try {
      // A short question first: a network that swallows everything is noticed without a long wait.
      if (this.#state === 'offline') await this.#api.hello(PROBE_MS);
      if (this.#waiting > 0 || !this.#memory.firstSyncDone) this.#become('syncing', null);
      await this.#exchange();
      this.#backoff.reset();
      this.#become('online', null);
      this.#listener.start();
      return this.#listener.isListening ? QUIET_MS.live : QUIET_MS.deaf;
    } catch (error) {
      return this.#failed(error);
    } finally {
      await this.#count().catch((error: unknown) => this.#parts.log.error('sync.count_failed', error));
    }
  }

  async #exchange(): Promise<void> {
    const { store, session, clock, now, random, log, pageRows = PAGE_ROWS } = this.#parts;
    if (!this.#memory.firstSyncDone) this.#searchReady = false;
    const exchange = new Exchange({
      store,
      api: this.#api,
      tokens: this.#tokens,
      user: session.user,
      device: session.device,
      clock,
      now,
      random,
      log,
      memory: () => this.#memory,
      remember: (memory) => {
        // What the person chose meanwhile stays chosen.
        this.#memory = { ...memory, working: memory.working || this.#memory.working };
      },
      progress: () => this.#progressed(),
      signal: this.#stopped.signal,
      pageRows,
    });
    await exchange.run();
  }

  #progressed(): void {
    this.#meter.see(this.#memory);
    this.#count().catch((error: unknown) => this.#parts.log.error('sync.count_failed', error));
  }

  /** Turns a failure into a state; nothing that waits here is touched. */
  #failed(error: unknown): number {
    if (this.#stopped.signal.aborted) return Number.POSITIVE_INFINITY;
    const plain = toPlainError(error);
    if (plain.code === 'sync.offline') {
      if (this.#state !== 'offline') this.#parts.log.info('sync.offline');
      this.#become('offline', null);
      return this.#backoff.next();
    }
    if (isSignedOut(error)) {
      this.#parts.log.warn('sync.signed_out', { code: plain.code });
      this.#become('signed-out', plain);
      return Number.POSITIVE_INFINITY;
    }
    this.#parts.log.error('sync.failed', error, { code: plain.code });
    this.#become('error', plain);
    return QUIET_MS.error;
  }

  #become(state: SyncStatus['state'], error: PlainError | null): void {
    const same = state === this.#state && error?.code === this.#error?.code;
    this.#state = state;
    this.#error = error;
    if (!same) this.announce();
  }

  async #count(): Promise<void> {
    if (!this.#stopped.signal.aborted) this.#waiting = await this.#parts.store.outboxCount();
    this.announce();
  }
}

/** The session is over: only a new sign-in helps. Trying too often is not that. */
function isSignedOut(error: unknown): boolean {
  return (
    error instanceof RoadbookError && error.code.startsWith('auth.') && error.code !== 'auth.too_many_tries'
  );
}
