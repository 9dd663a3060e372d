import { setTimeout as delay } from 'node:timers/promises';
import { toPlainError } from '../../shared/errors.ts';
import type { Checkpoint, LiveEvent } from '../../shared/sync/wire.ts';
import { values } from '../records/context.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import type { ServerApi } from './api.ts';
import type { Backoff } from './backoff.ts';
import { readLive } from './live.ts';
import type { Tokens } from './tokens.ts';

/** A live stream that lasted less, in milliseconds, is not a good sign. */
const SHORT_STREAM_MS = 5_000;

export interface ListenerParts {
  readonly store: StoreApi;
  readonly api: () => ServerApi;
  readonly tokens: () => Tokens;
  readonly backoff: Backoff;
  readonly log: Log;
  /** A bucket has moved, or the stream broke: look at the server. */
  readonly wake: () => void;
  readonly stopped: AbortSignal;
}

/** Listens for buckets that move. Each break leads to a pull, and whoever pulled well starts it again. */
export class Listener {
  readonly #parts: ListenerParts;
  #stream: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  get isListening(): boolean {
    return this.#stream !== null;
  }

  /** Does nothing while it listens already. */
  start(): void {
    const { log, wake, stopped } = this.#parts;
    if (this.#stream !== null || stopped.aborted) return;
    const abort = new AbortController();
    const begun = performance.now();
    const done = this.#hear(abort.signal)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        const { code, details } = toPlainError(error);
        log.info('sync.live_ended', { code, reason: details.reason ?? '' });
      })
      .then(() => this.#calm(begun))
      .finally(() => {
        this.#stream = null;
        wake();
      });
    this.#stream = { abort, done };
  }

  async stop(): Promise<void> {
    this.#stream?.abort.abort();
    await this.#stream?.done;
  }

  /** A stream that ends as soon as it begins must not become a busy loop. */
  async #calm(begun: number): Promise<void> {
    const { stopped, backoff } = this.#parts;
    if (stopped.aborted || performance.now() - begun > SHORT_STREAM_MS) return;
    // Cut short when everything ends.
    await delay(backoff.next(), undefined, { signal: stopped }).catch(() => undefined);
  }

  async #hear(signal: AbortSignal): Promise<void> {
    const { api, tokens, log, wake, stopped } = this.#parts;
    const stream = await tokens().use((token) => api().live(token, signal));
    const heard = (event: LiveEvent) => {
      this.#isBehind(event).then(
        (behind) => {
          if (behind) wake();
        },
        (error: unknown) => {
          if (!stopped.aborted) log.error('sync.live_failed', error);
        },
      );
    };
    await readLive(stream, heard, signal);
  }

  async #isBehind({ bucket, number }: LiveEvent): Promise<boolean> {
    const checkpoint = (await this.#parts.store.value(values.checkpoint)) as Checkpoint | undefined;
    return (checkpoint?.buckets[bucket] ?? -1) < number;
  }
}
