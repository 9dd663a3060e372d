import { RoadbookError } from '../../shared/errors.ts';
import { collectionNames } from '../../shared/model/index.ts';
import { formatStamp, type HybridClock } from '../../shared/sync/hlc.ts';
import { type RandomBytes, uuidv7 } from '../../shared/sync/ids.ts';
import {
  type Checkpoint,
  MAX_GROUP,
  PROTOCOL,
  type PullResponse,
  type SessionUser,
  type SyncReport,
} from '../../shared/sync/wire.ts';
import { type Device, instant, values } from '../records/context.ts';
import type { Log } from '../shell/log.ts';
import type { OutboxEntry, OutboxState, StoreApi } from '../store/contract.ts';
import type { Received, ServerApi } from './api.ts';
import { nextBatch } from './batch.ts';
import { applyPage, evict } from './page.ts';
import type { SyncMemory } from './state.ts';
import type { Tokens } from './tokens.ts';
import { applyVerdicts } from './verdicts.ts';

export interface ExchangeParts {
  readonly store: StoreApi;
  readonly api: ServerApi;
  readonly tokens: Tokens;
  readonly user: SessionUser;
  readonly device: Device;
  readonly clock: HybridClock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly memory: () => SyncMemory;
  /** Takes a new memory into use; it is written with the commit that it belongs to. */
  readonly remember: (memory: SyncMemory) => void;
  /** After each step that a person may see. */
  readonly progress: () => void;
  readonly signal: AbortSignal;
  /** Rows wanted in one page. */
  readonly pageRows: number;
}

/** Entries of the outbox read at once: more than one largest group. */
const OUTBOX_READ = 4 * MAX_GROUP;
/** Rows that one sweep commit takes away. */
const SWEEP_ROWS = 500;

type Mismatch = SyncReport['mismatches'][number];

/**
 * One exchange with the server: push what waits, pull what is new, compare digests, report. Everything that it
 * learns is on disk before it says so; it can be cut off anywhere and started again.
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #id: string;
  #rowsIn = 0;
  #rowsOut = 0;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#id = uuidv7(parts.now(), parts.random);
  }

  /** @throws errors of the catalogue; sync.differs when a refetch did not help */
  async run(): Promise<void> {
    const start = performance.now();
    const checkpoint = await this.#checkpoint();
    const mismatches = await this.#withRestarts(async () => {
      await this.#push('waiting', checkpoint?.epoch ?? '', 0);
      return this.#pull();
    });
    const { store, log } = this.#parts;
    const millis = Math.round(performance.now() - start);
    const waiting = await store.outboxCount();
    await this.#report({ rowsIn: this.#rowsIn, rowsOut: this.#rowsOut, millis, waiting, mismatches });
    log.info('sync.done', { rowsIn: this.#rowsIn, rowsOut: this.#rowsOut, millis, waiting });
    if (this.#parts.memory().differs) throw new RoadbookError('sync.differs');
  }

  /** Goes on after the server was restored, or does not know this device's place in its log any more. */
  async #withRestarts<T>(work: () => Promise<T>): Promise<T | Mismatch[]> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RoadbookError)) throw error;
      if (error.code === 'sync.bad_checkpoint') {
        this.#parts.log.warn('sync.bad_checkpoint');
        // The server may be an older copy of itself: whatever it accepted and this device still holds goes first.
        const known = await this.#checkpoint();
        await this.#push('accepted', known?.epoch ?? '', 0);
        await this.#push('waiting', known?.epoch ?? '', 0);
        return this.#refetch();
      }
      if (error.code !== 'sync.epoch_changed') throw error;
      this.#parts.log.warn('sync.epoch_changed');
      const epoch = String(error.details.epoch ?? '');
      const durable = Number(error.details.durableThrough ?? 0);
      // First what the server may have lost, then what has not been sent yet, then everything anew.
      await this.#push('accepted', epoch, durable);
      await this.#push('waiting', epoch, 0);
      return this.#refetch();
    }
  }

  #client() {
    return { protocol: PROTOCOL, projection: '', exchange: this.#id };
  }

  async #checkpoint(): Promise<Checkpoint | null> {
    return ((await this.#parts.store.value(values.checkpoint)) as Checkpoint | undefined) ?? null;
  }

  /**
   * Sends groups, oldest first, until none is left or none is decided any more.
   * @param above accepted mutations up to this commit number are safe on the server and are not sent again
   */
  async #push(state: Exclude<OutboxState, 'refused'>, epoch: string, above: number): Promise<void> {
    const { store, api, tokens } = this.#parts;
    const sent = new Set<string>();
    // Records of groups that the server could not decide: newer edits of them wait, so that none is overtaken.
    const undecided = new Set<string>();
    for (;;) {
      this.#parts.signal.throwIfAborted();
      const entries = await store.outbox(state, OUTBOX_READ + sent.size, state === 'accepted' ? above : -1);
      const complete = entries.length < OUTBOX_READ + sent.size;
      const held = new Set(entries.filter(({ record }) => undecided.has(record)).map(({ group }) => group));
      const open = entries.filter(({ id, group }) => !sent.has(id) && !held.has(group));
      const batch = nextBatch(open, complete);
      if (batch.groups.length === 0) return;
      const groups = [...batch.groups];
      const answer = await tokens.use((token) => api.push({ ...this.#client(), epoch, groups }, token));
      await this.#settle(batch.entries, answer.verdicts, answer.durableThrough);
      const decided = new Set(answer.verdicts.map(({ group }) => group));
      for (const { id, group, record } of batch.entries) {
        sent.add(id);
        if (!decided.has(group)) undecided.add(record);
      }
      this.#parts.progress();
    }
  }

  async #settle(
    entries: readonly OutboxEntry[],
    verdicts: Parameters<typeof applyVerdicts>[2],
    durableThrough: number,
  ): Promise<void> {
    const settled = await applyVerdicts(this.#parts, entries, verdicts, durableThrough);
    this.#rowsOut += new Set(entries.map(({ record }) => record)).size;
    if (settled.conflicts + settled.refused > 0) this.#parts.log.info('sync.not_applied', { ...settled });
  }

  /** Pulls pages until there are no more; the next one is on its way while one is written. */
  async #pull(): Promise<Mismatch[]> {
    const { memory } = this.#parts;
    const checkpoint = await this.#checkpoint();
    const bulk = !memory().firstSyncDone;
    const last = await this.#pages(checkpoint, async (page, bytes) => {
      const next = this.#advanced(page, bytes, bulk);
      await this.#apply(page, { [values.checkpoint]: page.checkpoint, [values.sync]: next }, bulk);
      this.#parts.remember(next);
    });
    const mismatches = await this.#compare(last);
    if (mismatches.length === 0) {
      await this.#verified();
      return [];
    }
    if (memory().differs) return mismatches;
    this.#parts.log.warn('sync.differs', { buckets: mismatches.length });
    const after = await this.#refetch();
    return after.length === 0 ? mismatches : after;
  }

  async #pages(
    from: Checkpoint | null,
    apply: (page: PullResponse, bytes: number) => Promise<void>,
  ): Promise<PullResponse> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#parts.signal]);
    let next = this.#ask(from, signal);
    try {
      for (;;) {
        const { value: page, bytes } = await next;
        if (page.more) next = this.#ask(page.checkpoint, signal);
        await apply(page, bytes);
        this.#rowsIn += page.rows.length;
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
    const request = { ...this.#client(), checkpoint, limit: pageRows };
    const asked = tokens.use((token) => api.pull(request, token, signal));
    // It is awaited later; until then its failure is nobody's surprise.
    asked.catch(() => undefined);
    return asked;
  }

  async #apply(page: PullResponse, toWrite: Readonly<Record<string, unknown>>, bulk: boolean): Promise<void> {
    const { store, user, now } = this.#parts;
    const empty = page.rows.length + page.memberships.length + page.changes.length === 0;
    if (empty) await store.commit({ values: toWrite });
    else await applyPage({ store, tenant: user.tenant, now }, page, { values: toWrite, bulk });
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
   */
  async #refetch(): Promise<Mismatch[]> {
    const { store, memory, remember, now } = this.#parts;
    const seen = new Set<string>();
    const last = await this.#pages(null, async (page) => {
      for (const { bucket, id, op } of page.memberships) if (op === 'put') seen.add(`${bucket} ${id}`);
      await this.#apply(page, {}, false);
    });
    await this.#sweep(Object.keys(last.checkpoint.buckets), seen);
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

  async #sweep(buckets: readonly string[], seen: ReadonlySet<string>): Promise<void> {
    for (const bucket of buckets) {
      for (const collection of collectionNames) {
        const members = await this.#parts.store.members(bucket, collection);
        const gone = members.filter((id) => !seen.has(`${bucket} ${id}`));
        for (let at = 0; at < gone.length; at += SWEEP_ROWS) {
          await this.#takeAway(bucket, collection, gone.slice(at, at + SWEEP_ROWS));
        }
      }
    }
  }

  /** A row that people edit meanwhile keeps its edits; the server will answer them. */
  async #takeAway(bucket: string, collection: string, ids: readonly string[]): Promise<void> {
    const { store, now } = this.#parts;
    const edited = new Set((await store.outboxOf(ids)).map((entry: OutboxEntry) => entry.record));
    const docs = await store.get(collection, ids);
    await store.commit({
      rows: docs.filter((doc) => !edited.has(doc.id)).map((doc) => evict(collection, doc, now())),
      memberships: ids.map((id) => ({ bucket, collection, id, op: 'remove', digest: '' })),
    });
  }

  async #report(report: Omit<SyncReport, 'protocol' | 'projection' | 'exchange'>): Promise<void> {
    const { api, tokens } = this.#parts;
    await tokens.use((token) => api.report({ ...this.#client(), ...report }, token));
  }
}
