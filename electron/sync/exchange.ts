import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { SyncReport } from '../../shared/sync/wire.ts';
import { type Client, checkpointOf, clientOf, type ExchangeParts } from './exchange-parts.ts';
import { type Mismatch, Pull } from './pull.ts';
import { Push } from './push.ts';

/**
 * One exchange with the server: push what waits, pull what is new, compare digests, report. Everything that it
 * learns is on disk before it says so; it can be cut off anywhere and started again.
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #client: Client;
  readonly #push: Push;
  readonly #pull: Pull;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#client = clientOf(uuidv7(parts.now(), parts.random));
    this.#push = new Push(parts, this.#client);
    this.#pull = new Pull(parts, this.#client, (epoch) => this.#push.send('waiting', epoch));
  }

  /** @throws errors of the catalogue; sync.differs when a refetch did not help */
  async run(): Promise<void> {
    const { store, log, memory } = this.#parts;
    const start = performance.now();
    const checkpoint = await checkpointOf(store);
    const mismatches = await this.#withRestarts(async () => {
      await this.#push.send('waiting', checkpoint?.epoch ?? '');
      return this.#pull.onward();
    }).finally(() => {
      if (this.#pull.hasLeft) this.#parts.withdrew();
    });
    const millis = Math.round(performance.now() - start);
    const waiting = await store.outboxCount();
    const { rows: rowsIn, removed } = this.#pull;
    const done = { rowsIn, rowsOut: this.#push.rows, millis, waiting, removed };
    await this.#report({ ...done, holds: await this.#holds(), mismatches });
    log.info('sync.done', done);
    if (memory().differs) throw new RoadbookError('sync.differs');
  }

  /** Goes on after the server was restored, or does not know this device's place in its log any more. */
  async #withRestarts(work: () => Promise<Mismatch[]>): Promise<Mismatch[]> {
    const { store, log } = this.#parts;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RoadbookError)) throw error;
      if (error.code === 'sync.bad_checkpoint') {
        log.warn('sync.bad_checkpoint');
        // The server may be an older copy of itself: whatever it accepted and this device still holds goes first.
        const known = await checkpointOf(store);
        return this.#againFrom(known?.epoch ?? '', 0);
      }
      if (error.code !== 'sync.epoch_changed') throw error;
      log.warn('sync.epoch_changed');
      return this.#againFrom(String(error.details.epoch ?? ''), Number(error.details.durableThrough ?? 0));
    }
  }

  /** First what the server may have lost, then what has not been sent yet, then everything anew. */
  async #againFrom(epoch: string, durable: number): Promise<Mismatch[]> {
    await this.#push.send('accepted', epoch, durable);
    await this.#push.send('waiting', epoch);
    return this.#pull.anew();
  }

  /** Buckets that this device has rows of, or goes on following. */
  async #holds(): Promise<string[]> {
    const { store } = this.#parts;
    const checkpoint = await checkpointOf(store);
    return [...new Set([...(await store.buckets()), ...Object.keys(checkpoint?.buckets ?? {})])];
  }

  async #report(report: Omit<SyncReport, keyof Client>): Promise<void> {
    const { api, tokens } = this.#parts;
    await tokens.use((token) => api.report({ ...this.#client, ...report }, token));
  }
}
