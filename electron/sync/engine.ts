import type { PlainError } from '../../shared/errors.ts';
import type { HeldBack, SyncStatus } from '../../shared/ipc/session.ts';
import type { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import type { SessionUser, WireViewer } from '../../shared/sync/wire.ts';
import { values } from '../records/context.ts';
import type { StoredSession } from '../records/stored-session.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Transport } from './api.ts';
import { Backoff } from './backoff.ts';
import { Connection } from './connection.ts';
import { drain } from './drain.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeParts } from './exchange-parts.ts';
import { failureOf } from './failure.ts';
import { Listener } from './listener.ts';
import { Meter } from './meter.ts';
import { Rounds } from './rounds.ts';
import { firstMemory, readMemory, type SyncMemory } from './state.ts';
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
  /** Role, team or territory are others than at the sign-in; called after that is on the disk. */
  readonly became: (user: SessionUser) => void;
  /** Records have left this device: drafts and backups may still hold them. */
  readonly withdrew: () => void;
  /** Something came as an order to this device; not yet checked. */
  readonly ordered?: (order: unknown) => void;
  /** This device leaves the company, and nothing waits on it any more. */
  readonly drained?: () => void;
  readonly pageRows?: number;
  /** True while nothing is to travel before the person asks. */
  readonly byHand?: () => boolean;
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
  readonly #connection: Connection;
  readonly #rounds = new Rounds();
  #memory: SyncMemory = firstMemory;
  #state: SyncStatus['state'] = 'offline';
  #error: PlainError | null = null;
  #waiting = 0;
  #searchReady = true;
  #running: Promise<void> = Promise.resolve();
  #editTimer: NodeJS.Timeout | undefined;
  /** A person waits for the next exchange. */
  #asked = false;
  #heldBack: HeldBack | null = null;
  /** From now on this device only sends. */
  #leaving = false;
  #off: () => void = () => undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(() => (parts.random(1)[0] ?? 0) / 256);
    this.#meter = new Meter(parts.now);
    this.#connection = new Connection(parts, this.#stopped.signal);
    this.#listener = new Listener({
      store: parts.store,
      api: () => this.#connection.api,
      tokens: () => this.#connection.tokens,
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
    await this.#look();
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
    this.#rounds.end();
  }

  /** Whether rows are all here, or the person chose not to wait for them. */
  get firstSyncDone(): boolean {
    return this.#memory.firstSyncDone || this.#memory.working;
  }

  get isOffline(): boolean {
    return this.#state === 'offline' || this.#state === 'signed-out' || this.#state === 'by-hand';
  }

  status(): SyncStatus {
    return {
      state: this.#state,
      waiting: this.#waiting,
      needYou: this.#parts.needYou(),
      heldBack: this.#heldBack,
      lastSyncAt: this.#memory.lastSyncAt,
      verifiedAt: this.#memory.verifiedAt,
      error: this.#error,
      server: this.#connection.server,
      progress: this.#meter.progress(this.#memory, this.#searchReady),
    };
  }

  /** Tells the window how things stand. */
  announce(): void {
    this.#parts.changed(this.status());
  }

  /** A person asks: makes one exchange and answers when it is over, well or not. */
  async now(): Promise<SyncStatus> {
    const done = this.#rounds.next();
    this.#asked = true;
    this.#wake.poke();
    await done;
    return this.status();
  }

  /** Asks the server for the order to leave the company. @throws sync.offline, auth.* */
  async askToLeave(): Promise<void> {
    const { api, tokens } = this.#connection;
    await tokens.use((token) => api.leave(token));
  }

  /** This device leaves the company: it only sends from now on, and says when nothing waits any more. */
  leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#wake.poke();
  }

  /** Something outside has changed: the next try is now. */
  hurry(): void {
    this.#wake.poke();
  }

  /** The person knows of the changes that the server keeps for an admin. */
  async understood(): Promise<void> {
    await this.#parts.store.commit({ values: { [values.heldBack]: null } });
    await this.#count();
  }

  /** The person has chosen to sync by hand, or not to. */
  modeChanged(): void {
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
    await this.#connection.replace(session);
    this.#wake.poke();
  }

  async #loop(): Promise<void> {
    let pause = 0;
    while (!this.#stopped.signal.aborted) {
      await this.#wake.wait(pause);
      if (this.#stopped.signal.aborted) return;
      pause = await this.#rounds.run(() => this.#attempt());
    }
  }

  /** One exchange. @returns milliseconds until the next one is due by itself */
  async #attempt(): Promise<number> {
    const asked = this.#asked;
    this.#asked = false;
    if (this.#leaving) return this.#attemptToLeave();
    if (this.#byHand && !asked && this.#memory.firstSyncDone) return this.#rest();
    try {
      // A short question first: a network that swallows everything is noticed without a long wait.
      if (this.#state === 'offline') await this.#connection.api.hello(PROBE_MS);
      if (this.#waiting > 0 || !this.#memory.firstSyncDone) this.#become('syncing', null);
      await this.#exchange();
      this.#backoff.reset();
      if (this.#byHand) return await this.#rest();
      this.#become('online', null);
      this.#listener.start();
      return this.#listener.isListening ? QUIET_MS.live : QUIET_MS.deaf;
    } catch (error) {
      return this.#failed(error);
    } finally {
      await this.#count().catch((error: unknown) => this.#parts.log.error('sync.count_failed', error));
    }
  }

  /** Sends what is left. @returns milliseconds until the next try */
  async #attemptToLeave(): Promise<number> {
    const { store, log, drained } = this.#parts;
    try {
      this.#become('syncing', null);
      await drain(this.#exchangeParts());
      this.#backoff.reset();
      const waiting = await store.outboxCount();
      log.info('sync.drained', { waiting });
      if (waiting === 0) drained?.();
      return QUIET_MS.deaf;
    } catch (error) {
      return Math.min(this.#failed(error), QUIET_MS.live);
    } finally {
      await this.#count().catch((error: unknown) => log.error('sync.count_failed', error));
    }
  }

  get #byHand(): boolean {
    return this.#parts.byHand?.() === true;
  }

  /** In no contact until the person asks. */
  async #rest(): Promise<number> {
    await this.#listener.stop();
    this.#become('by-hand', null);
    return Number.POSITIVE_INFINITY;
  }

  async #exchange(): Promise<void> {
    if (!this.#memory.firstSyncDone) this.#searchReady = false;
    await new Exchange(this.#exchangeParts()).run();
  }

  #exchangeParts(): ExchangeParts {
    const { store, session, clock, now, random, log, pageRows = PAGE_ROWS } = this.#parts;
    return {
      store,
      api: this.#connection.api,
      tokens: this.#connection.tokens,
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
      became: (viewer) => this.#became(viewer),
      withdrew: this.#parts.withdrew,
      signal: this.#stopped.signal,
      pageRows,
    };
  }

  async #became({ role, team, territory }: WireViewer): Promise<void> {
    const { tokens } = this.#connection;
    const { user } = tokens;
    if (user.role === role && user.team === team && user.territory === territory) return;
    const now = { ...user, role, team, territory };
    await tokens.become(now);
    this.#parts.became(now);
  }

  #progressed(): void {
    this.#meter.see(this.#memory);
    this.#count().catch((error: unknown) => this.#parts.log.error('sync.count_failed', error));
  }

  /** @returns milliseconds until the next try */
  #failed(thrown: unknown): number {
    if (this.#stopped.signal.aborted) return Number.POSITIVE_INFINITY;
    const { log } = this.#parts;
    const { state, error, wait = 0 } = failureOf(thrown);
    const wasOffline = this.#state === 'offline';
    this.#become(state, error);
    if (this.#byHand && this.#memory.firstSyncDone) return Number.POSITIVE_INFINITY;
    switch (state) {
      case 'offline':
        if (!wasOffline) log.info('sync.offline', error === null ? {} : { code: error.code });
        return this.#backoff.next();
      case 'signed-out':
        log.warn('sync.signed_out', { code: error?.code });
        return Number.POSITIVE_INFINITY;
      case 'error':
        log.error('sync.failed', thrown, { code: error?.code });
        return Math.max(wait, QUIET_MS.error);
    }
  }

  #become(state: SyncStatus['state'], error: PlainError | null): void {
    const same = state === this.#state && error?.code === this.#error?.code;
    this.#state = state;
    this.#error = error;
    if (!same) this.announce();
  }

  /** What waits here, and what the server keeps for an admin. */
  async #look(): Promise<void> {
    const { store } = this.#parts;
    this.#waiting = await store.outboxCount();
    this.#heldBack = ((await store.value(values.heldBack)) as HeldBack | null | undefined) ?? null;
  }

  async #count(): Promise<void> {
    if (!this.#stopped.signal.aborted) await this.#look();
    this.announce();
  }
}
