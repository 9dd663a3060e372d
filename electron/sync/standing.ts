import type { PlainError } from '../../shared/errors.ts';
import type { HeldBack, SyncStatus } from '../../shared/ipc/session.ts';
import { values } from '../records/context.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import { Meter } from './meter.ts';
import { firstMemory, readMemory, type SyncMemory } from './state.ts';

export interface StandingParts {
  readonly store: Pick<StoreApi, 'commit' | 'outboxCount' | 'value'>;
  readonly now: () => number;
  readonly log: Log;
  /** Open inbox items of this person. */
  readonly needYou: () => number;
  readonly changed: (status: SyncStatus) => void;
  /** Address of the server. */
  readonly server: () => string;
  /** Nothing is read from the store any more. */
  readonly stopped: AbortSignal;
}

/** How things stand between this device and the server: what a person reads, and what the sync client remembers. */
export class Standing {
  readonly #parts: StandingParts;
  readonly #meter: Meter;
  #memory: SyncMemory = firstMemory;
  #state: SyncStatus['state'] = 'offline';
  #error: PlainError | null = null;
  #waiting = 0;
  #heldBack: HeldBack | null = null;
  #searchReady = true;

  constructor(parts: StandingParts) {
    this.#parts = parts;
    this.#meter = new Meter(parts.now);
  }

  /** Reads what was remembered. */
  async load(): Promise<void> {
    const memory = await readMemory(this.#parts.store);
    // A store that was complete when it was opened has no first sync to watch.
    this.#memory = { ...memory, working: memory.working || memory.firstSyncDone };
    await Promise.all([this.#readWaiting(), this.#readHeldBack()]);
  }

  get state(): SyncStatus['state'] {
    return this.#state;
  }

  get memory(): SyncMemory {
    return this.#memory;
  }

  /** Changes that were not sent yet, when they were counted last. */
  get waiting(): number {
    return this.#waiting;
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
      server: this.#parts.server(),
      progress: this.#meter.progress(this.#memory, this.#searchReady),
    };
  }

  /** Tells the window how things stand. */
  announce(): void {
    this.#parts.changed(this.status());
  }

  become(state: SyncStatus['state'], error: PlainError | null): void {
    const same = state === this.#state && error?.code === this.#error?.code;
    this.#state = state;
    this.#error = error;
    if (!same) this.announce();
  }

  remember(memory: SyncMemory): void {
    // What the person chose meanwhile stays chosen.
    this.#memory = { ...memory, working: memory.working || this.#memory.working };
  }

  /** The person does not wait for the rest of the first sync. */
  async startWorking(): Promise<void> {
    this.#memory = { ...this.#memory, working: true };
    await this.#parts.store.commit({ values: { [values.sync]: this.#memory } });
    this.announce();
  }

  /** Search does not know yet all that comes, or does again. */
  searchIs(ready: boolean): void {
    this.#searchReady = ready;
  }

  /** Part of an exchange is done. */
  progressed(): void {
    this.#meter.see(this.#memory);
    this.recount();
  }

  /** Counts again what waits, soon. */
  recount(): void {
    this.#announceAfter(() => this.#readWaiting()).catch((error: unknown) => this.#failed(error));
  }

  /** An exchange is over, well or not. */
  async exchanged(): Promise<void> {
    const read = () => Promise.all([this.#readWaiting(), this.#readHeldBack()]);
    await this.#announceAfter(read).catch((error: unknown) => this.#failed(error));
  }

  /** The person knows of the changes that the server keeps for an admin. */
  async understood(): Promise<void> {
    await this.#parts.store.commit({ values: { [values.heldBack]: null } });
    await this.#announceAfter(() => this.#readHeldBack());
  }

  async #announceAfter(read: () => Promise<unknown>): Promise<void> {
    if (!this.#parts.stopped.aborted) await read();
    this.announce();
  }

  async #readWaiting(): Promise<void> {
    this.#waiting = await this.#parts.store.outboxCount();
  }

  /** Changes only with the verdicts of an exchange. */
  async #readHeldBack(): Promise<void> {
    const read = await this.#parts.store.value(values.heldBack);
    this.#heldBack = (read as HeldBack | null | undefined) ?? null;
  }

  #failed(error: unknown): void {
    this.#parts.log.error('sync.count_failed', error);
  }
}
