import { RoadbookError } from '../../shared/errors.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { SyncReport } from '../../shared/sync/wire.ts';
import { type Client, checkpointOf, clientOf, type ExchangeParts } from './exchange-parts.ts';
import { type Mismatch, Pull } from './pull.ts';
import { Push } from './push.ts';

/** Restores of the server that one exchange follows; more are left to the next one. */
const RESTARTS = 3;

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
    this.#pull = new Pull(parts, this.#client, async (epoch) => {
      await this.#push.send('waiting', epoch);
    });
  }

  /** @throws errors of the catalogue; sync.differs when a refetch did not help */
  async run(): Promise<void> {
    const { store, log, memory } = this.#parts;
    const start = performance.now();
    const mismatches = await this.#withRestarts(() => this.#pushAndPull()).finally(() => {
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
    let next = work;
    for (let round = 0; ; round += 1) {
      try {
        return await next();
      } catch (error) {
        if (!(error instanceof RoadbookError) || round === RESTARTS) throw error;
        const { code, details } = error;
        if (code !== 'sync.bad_checkpoint' && code !== 'sync.epoch_changed') throw error;
        log.warn(code);
        // After a restore the server names its epoch. Otherwise it may be an older copy of itself, of the same one.
        const epoch = String(details.epoch ?? (await checkpointOf(store))?.epoch ?? '');
        next = () => this.#againFrom(epoch);
      }
    }
  }

  /**
   * First what the server may have lost, then what has not been sent yet, then everything anew. All that is still held
   * is sent again: a server that went back gives out the same commit numbers once more, so that none of them tells
   * what is safe.
   */
  async #againFrom(epoch: string): Promise<Mismatch[]> {
    const again = await this.#push.send('accepted', epoch);
    const sent = await this.#push.send('waiting', epoch || again);
    return this.#pull.anew(epoch || sent || again);
  }

  /** What waits goes first, so that it comes back with the rows. */
  async #pushAndPull(): Promise<Mismatch[]> {
    const checkpoint = await checkpointOf(this.#parts.store);
    if (checkpoint !== null) {
      await this.#push.send('waiting', checkpoint.epoch);
      return this.#pull.onward('');
    }
    // Before its first page a device does not know which life of the server has accepted what it sent.
    const again = await this.#push.send('accepted', '');
    const sent = await this.#push.send('waiting', again);
    return this.#pull.onward(sent || again);
  }

  /** Buckets that this device has rows of, or goes on following. */
  async #holds(): Promise<string[]> {
    const { store } = this.#parts;
    const checkpoint = await checkpointOf(store);
    return [...new Set([...(await store.buckets()), ...Object.keys(checkpoint?.buckets ?? {})])];
  }

  /** Nothing is said where nothing has happened and the server knows what is here: such an exchange is one pull. */
  async #report(report: Omit<SyncReport, keyof Client>): Promise<void> {
    const { api, tokens } = this.#parts;
    const { rowsIn, rowsOut, removed, waiting, mismatches, holds } = report;
    const isQuiet = rowsIn + rowsOut + (removed ?? 0) + waiting + mismatches.length === 0;
    const here = JSON.stringify([waiting, ...[...(holds ?? [])].sort()]);
    if (isQuiet && told.get(tokens) === here) return;
    // Until the answer is here, nobody knows what the server has heard.
    told.delete(tokens);
    await tokens.use((token) => api.report({ ...this.#client, ...report }, token));
    told.set(tokens, here);
  }
}

/** What the last report has said of the device as it stands, for as long as it talks to that server. */
const told = new WeakMap<ExchangeParts['tokens'], string>();
