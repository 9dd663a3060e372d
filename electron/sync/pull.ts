import { RoadbookError } from '../../shared/errors.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import type { Checkpoint, PullResponse, SyncReport } from '../../shared/sync/wire.ts';
import { instant, values } from '../records/context.ts';
import type { Received } from './api.ts';
import { type Client, checkpointOf, type ExchangeParts } from './exchange-parts.ts';
import { Leaving } from './leaving.ts';
import { applyPage } from './page.ts';
import type { SyncMemory } from './state.ts';
import { sweep } from './sweep.ts';

/** A bucket whose rows here are not those of the server. */
export type Mismatch = SyncReport['mismatches'][number];

/** Brings this device up to the server, page by page, and compares digests at the end. */
export class Pull {
  readonly #parts: ExchangeParts;
  readonly #client: Client;
  readonly #leaving: Leaving;
  #rows = 0;
  /** Epoch of the last page: what is sent between two pages belongs to it. */
  #epoch = '';

  /** @param send pushes what waits, under the epoch of the server */
  constructor(parts: ExchangeParts, client: Client, send: (epoch: string) => Promise<void>) {
    this.#parts = parts;
    this.#client = client;
    const { store, now } = parts;
    this.#leaving = new Leaving({ store, now, resend: () => send(this.#epoch) });
  }

  /** Rows that left because their person sees them no more. */
  get removed(): number {
    return this.#leaving.removed;
  }

  /** Whether drafts and backups may hold what is not here any more. */
  get hasLeft(): boolean {
    return this.#leaving.hasLeft;
  }

  /** Rows that came so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Pulls pages until there are no more; the next one is on its way while one is written.
   * @param epoch that has accepted what this device sent before its first page; '' for any
   * @throws sync.epoch_changed
   */
  async onward(epoch: string): Promise<Mismatch[]> {
    const { memory, store } = this.#parts;
    const checkpoint = await checkpointOf(store);
    const bulk = !memory().firstSyncDone;
    const last = await this.#pages(checkpoint, epoch, async (page, bytes) => {
      const next = this.#advanced(page, bytes, bulk);
      await this.#apply(page, { [values.checkpoint]: page.checkpoint, [values.sync]: next }, bulk);
      this.#parts.remember(next);
    });
    await this.#leaving.finish();
    const mismatches = await this.#compare(last);
    if (mismatches.length === 0) {
      await this.#verified();
      return [];
    }
    if (memory().differs) return mismatches;
    this.#parts.log.warn('sync.differs', { buckets: mismatches.length });
    const after = await this.anew(last.epoch);
    return after.length === 0 ? mismatches : after;
  }

  async #pages(
    from: Checkpoint | null,
    epoch: string,
    apply: (page: PullResponse, bytes: number) => Promise<void>,
  ): Promise<PullResponse> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#parts.signal]);
    let next = this.#ask(from, signal);
    try {
      for (;;) {
        const { value: page, bytes } = await next;
        // A device without a place in the log is served by any life of the server; what it has just sent would be lost.
        if (epoch !== '' && page.epoch !== epoch)
          throw new RoadbookError('sync.epoch_changed', { epoch: page.epoch });
        if (page.more) next = this.#ask(page.checkpoint, signal);
        this.#epoch = page.epoch;
        await this.#parts.became(page.viewer);
        await apply(page, bytes);
        this.#rows += page.rows.length;
        this.#parts.clock.receive(formatStamp({ millis: Date.parse(page.serverTime), counter: 0, node: '' }));
        this.#parts.progress();
        if (!page.more) return page;
      }
    } catch (error) {
      abort.abort();
      // The page that was on its way is not wanted any more, nor is its failure.
      await next.catch(() => undefined);
      throw error;
    }
  }

  #ask(checkpoint: Checkpoint | null, signal: AbortSignal): Promise<Received<PullResponse>> {
    const { api, tokens, pageRows } = this.#parts;
    const request = { ...this.#client, checkpoint, limit: pageRows };
    const asked = tokens.use((token) => api.pull(request, token, signal));
    // It is awaited later; until then its failure is nobody's surprise.
    asked.catch(() => undefined);
    return asked;
  }

  async #apply(page: PullResponse, toWrite: Readonly<Record<string, unknown>>, bulk: boolean): Promise<void> {
    const { store, user, now } = this.#parts;
    const { rows, memberships, changes, lost } = page;
    if (rows.length + memberships.length + changes.length + lost.length === 0) {
      await store.commit({ values: toWrite });
      return;
    }
    const sameFields = await this.#hasSameFields(page);
    const context = { store, tenant: user.tenant, now, leaving: this.#leaving };
    await applyPage(context, page, { values: toWrite, bulk, sameFields });
  }

  /** To a page from the beginning: where other fields are seen by now, what is here is let go before it comes anew. */
  async #withOtherFields(page: PullResponse): Promise<PullResponse> {
    const { store } = this.#parts;
    if (await this.#hasSameFields(page)) return page;
    return { ...page, lost: [...new Set([...page.lost, ...(await store.buckets())])] };
  }

  async #hasSameFields(page: PullResponse): Promise<boolean> {
    const here = await checkpointOf(this.#parts.store);
    return here === null || (here.projection ?? '') === (page.checkpoint.projection ?? '');
  }

  #advanced(page: PullResponse, bytes: number, bulk: boolean): SyncMemory {
    const memory = this.#parts.memory();
    const at = instant(this.#parts.now());
    const done = page.more ? memory : { ...memory, firstSyncDone: true, lastSyncAt: at };
    if (!bulk) return done;
    const here = { ...memory.here };
    for (const { collection, deleted } of page.rows) {
      if (!deleted) here[collection] = (here[collection] ?? 0) + 1;
    }
    return { ...done, totals: page.totals ?? memory.totals, here, bytes: memory.bytes + bytes };
  }

  async #compare(last: PullResponse): Promise<Mismatch[]> {
    const mismatches: Mismatch[] = [];
    for (const [bucket, server] of Object.entries(last.digests ?? {})) {
      const device = await this.#parts.store.bucketDigest(bucket);
      if (device !== server) mismatches.push({ bucket, server, device });
    }
    return mismatches;
  }

  async #verified(): Promise<void> {
    const { store, memory, remember, now } = this.#parts;
    const at = instant(now());
    const next = { ...memory(), verifiedAt: at, lastSyncAt: at, differs: false };
    await store.commit({ values: { [values.sync]: next } });
    remember(next);
  }

  /**
   * Fetches everything anew and takes away what the server no longer names (mark and sweep). The old checkpoint stays
   * until the end, so that a death in between leads back here.
   * @param epoch that has what this device sent; '' for any
   * @throws sync.epoch_changed
   */
  async anew(epoch: string): Promise<Mismatch[]> {
    const { store, memory, remember, now } = this.#parts;
    const seen = new Set<string>();
    let first = true;
    const last = await this.#pages(null, epoch, async (page) => {
      for (const { bucket, id, op } of page.memberships) if (op === 'put') seen.add(`${bucket} ${id}`);
      await this.#apply(first ? await this.#withOtherFields(page) : page, {}, false);
      first = false;
    });
    await sweep(store, this.#leaving, (bucket, id) => seen.has(`${bucket} ${id}`));
    await this.#leaving.untold(false);
    await this.#leaving.finish();
    const mismatches = await this.#compare(last);
    const at = instant(now());
    const same = mismatches.length === 0;
    const next: SyncMemory = {
      ...memory(),
      firstSyncDone: true,
      lastSyncAt: at,
      differs: !same,
      ...(same ? { verifiedAt: at } : {}),
    };
    await store.commit({ values: { [values.checkpoint]: last.checkpoint, [values.sync]: next } });
    remember(next);
    return mismatches;
  }
}
