import type { SyncStatus } from '../../shared/ipc/session.ts';
import type { StoredSession } from '../records/stored-session.ts';
import { Backoff } from './backoff.ts';
import { Connection } from './connection.ts';
import { drain } from './drain.ts';
import type { EngineParts } from './engine-parts.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeParts } from './exchange-parts.ts';
import { failureOf } from './failure.ts';
import { Listener } from './listener.ts';
import { Rounds } from './rounds.ts';
import { Standing } from './standing.ts';
import { Wake } from './wake.ts';

/** Milliseconds before the first contact of records that were opened: the first list has the machine until then. */
const OPENED_MS = 250;
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
  readonly #standing: Standing;
  readonly #listener: Listener;
  readonly #connection: Connection;
  readonly #rounds = new Rounds();
  #running: Promise<void> = Promise.resolve();
  #editTimer: NodeJS.Timeout | undefined;
  /** Something was saved since the last exchange began, and nothing else will send it. */
  #savedWhileAway = false;
  /** A person waits for the next exchange. */
  #asked = false;
  /** From now on this device only sends. */
  #leaving = false;
  #off: () => void = () => undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(() => (parts.random(1)[0] ?? 0) / 256);
    this.#connection = new Connection(parts, this.#stopped.signal);
    this.#standing = new Standing({
      ...parts,
      server: () => this.#connection.server,
      stopped: this.#stopped.signal,
    });
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
  load(): Promise<void> {
    return this.#standing.load();
  }

  /** Begins to sync in the background. */
  start(): void {
    this.#off = this.#parts.store.on((event) => {
      if (event.type !== 'search-complete') return;
      this.#standing.searchIs(true);
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
    const { firstSyncDone, working } = this.#standing.memory;
    return firstSyncDone || working;
  }

  get isOffline(): boolean {
    const { state } = this.#standing;
    return state === 'offline' || state === 'signed-out' || state === 'by-hand';
  }

  status(): SyncStatus {
    return this.#standing.status();
  }

  /** Tells the window how things stand. */
  announce(): void {
    this.#standing.announce();
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
  understood(): Promise<void> {
    return this.#standing.understood();
  }

  /** The person has chosen to sync by hand, or not to. */
  modeChanged(): void {
    this.#wake.poke();
  }

  /** An act was saved: it is sent soon, together with what follows at once. */
  saved(): void {
    this.#standing.recount();
    // While the server is away, the next try is already set; an edit does not hurry it.
    if (this.isOffline) this.#savedWhileAway = true;
    else this.#sendSoon();
  }

  #sendSoon(): void {
    if (this.#stopped.signal.aborted || this.#editTimer !== undefined) return;
    this.#editTimer = setTimeout(() => {
      this.#editTimer = undefined;
      this.#wake.poke();
    }, EDIT_MS);
  }

  startWorking(): Promise<void> {
    return this.#standing.startWorking();
  }

  async signedInAgain(session: StoredSession): Promise<void> {
    await this.#connection.replace(session);
    this.#wake.poke();
  }

  async #loop(): Promise<void> {
    let pause = this.#standing.memory.firstSyncDone ? OPENED_MS : 0;
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
    if (this.#byHand && !asked && this.#standing.memory.firstSyncDone) return this.#rest();
    try {
      // A short question first: a network that swallows everything is noticed without a long wait.
      if (this.#standing.state === 'offline') await this.#connection.api.hello(PROBE_MS);
      if (this.#standing.waiting > 0 || !this.#standing.memory.firstSyncDone)
        this.#standing.become('syncing', null);
      this.#savedWhileAway = false;
      await this.#exchange();
      this.#backoff.reset();
      if (this.#byHand) return await this.#rest();
      this.#standing.become('online', null);
      // The outbox may have been read by then.
      if (this.#savedWhileAway) this.#sendSoon();
      this.#listener.start();
      return this.#listener.isListening ? QUIET_MS.live : QUIET_MS.deaf;
    } catch (error) {
      return this.#failed(error);
    } finally {
      await this.#standing.exchanged();
    }
  }

  /** Sends what is left. @returns milliseconds until the next try */
  async #attemptToLeave(): Promise<number> {
    const { store, log, drained } = this.#parts;
    try {
      this.#standing.become('syncing', null);
      await drain(this.#exchangeParts());
      this.#backoff.reset();
      const waiting = await store.outboxCount();
      log.info('sync.drained', { waiting });
      if (waiting === 0) drained?.();
      return QUIET_MS.deaf;
    } catch (error) {
      return Math.min(this.#failed(error), QUIET_MS.live);
    } finally {
      await this.#standing.exchanged();
    }
  }

  get #byHand(): boolean {
    return this.#parts.byHand?.() === true;
  }

  /** In no contact until the person asks. */
  async #rest(): Promise<number> {
    await this.#listener.stop();
    this.#standing.become('by-hand', null);
    return Number.POSITIVE_INFINITY;
  }

  async #exchange(): Promise<void> {
    if (!this.#standing.memory.firstSyncDone) this.#standing.searchIs(false);
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
      memory: () => this.#standing.memory,
      remember: (memory) => this.#standing.remember(memory),
      progress: () => this.#standing.progressed(),
      became: async (viewer) => {
        const user = await this.#connection.become(viewer);
        if (user !== null) this.#parts.became(user);
      },
      withdrew: this.#parts.withdrew,
      signal: this.#stopped.signal,
      pageRows,
    };
  }

  /** @returns milliseconds until the next try */
  #failed(thrown: unknown): number {
    if (this.#stopped.signal.aborted) return Number.POSITIVE_INFINITY;
    const { log } = this.#parts;
    const { state, error, wait = 0 } = failureOf(thrown);
    const wasOffline = this.#standing.state === 'offline';
    this.#standing.become(state, error);
    if (this.#byHand && this.#standing.memory.firstSyncDone) return Number.POSITIVE_INFINITY;
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
}
