import type { RoadbookError } from '../../shared/errors.ts';
import type { RecordRow, ViewPage, ViewRequest, ViewState, ViewSummary } from '../../shared/ipc.ts';
import { asRoadbookError, call, on } from '../bridge.ts';
import { EarlyRows } from './early-rows.ts';
import { newId } from './ids.ts';
import { Paced } from './paced.ts';
import { cancelView, closeView } from './useViewCount.ts';

const CHUNK = 100;
/** Chunks kept; older ones are asked for again when they come into sight. */
const MAX_CHUNKS = 60;
const SUMMARY_QUIET_MS = 120;
/** While a sync pours rows in, a view changes many times a second; nobody reads faster than this. */
const REFRESH_MS = 100;

interface Chunk {
  rows: readonly RecordRow[];
  /** Version of the view that it shows; 0 while its first answer is under way. */
  version: number;
  asked: number;
}

/**
 * One open view, as much of it as was looked at. Rows of an older version stay on the screen until the newer ones are
 * here, so that a change elsewhere never blanks the list or loses the place.
 */
export class ViewSource {
  readonly request: ViewRequest;
  state: 'opening' | 'ready' | 'failed' = 'opening';
  error: RoadbookError | null = null;
  viewId: string | null = null;
  count = 0;
  version = 0;
  summary: ViewSummary | null = null;
  /** Titles of records that rows refer to. Only grows, until records leave this device. */
  names: Record<string, string> = {};
  /** How much of a slow opening is done, 0 to 1; null while nothing is known of it. */
  share: number | null = null;
  private opening = '';
  private readonly chunks = new Map<number, Chunk>();
  private readonly early = new EarlyRows();
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private range: readonly [number, number] = [0, 0];
  private stamp = 0;
  private closed = false;
  private readonly wantsSummary: boolean;
  private readonly refresh = new Paced(REFRESH_MS, () => {
    if (!this.closed) this.fetchRange();
  });
  private summaryVersion = 0;
  private summaryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: ViewRequest, { summary = false }: { summary?: boolean } = {}) {
    this.request = request;
    this.wantsSummary = summary;
    this.stops.push(
      on('view.changed', (view) => this.onChanged(view)),
      on('records.withdrawn', () => this.readAgain()),
      on('view.opening', ({ opening, share }) => {
        if (opening !== this.opening || this.state !== 'opening') return;
        this.share = share;
        this.changed();
      }),
    );
    this.open();
  }

  /** Grows with every change; what `useSyncExternalStore` compares. */
  readonly getStamp = (): number => this.stamp;

  readonly subscribe = (listener: () => void): (() => void) => {
    const wake = this.listeners.size === 0;
    this.listeners.add(listener);
    // What changed while nobody looked is asked for now.
    if (wake && this.state === 'ready') {
      this.fetchRange();
      if (this.summaryVersion !== this.version) this.askSummary(0);
    }
    return () => this.listeners.delete(listener);
  };

  /** The row at a place, undefined while it is on its way. */
  at(index: number): RecordRow | undefined {
    const row = this.chunks.get(Math.floor(index / CHUNK))?.rows[index % CHUNK];
    return row === undefined ? undefined : this.early.over(row);
  }

  /** False while rows in sight are older than the view. */
  get caughtUp(): boolean {
    if (this.count === 0) return this.state === 'ready';
    const last = Math.floor(Math.min(this.range[1], this.count - 1) / CHUNK);
    for (let number = Math.floor(this.range[0] / CHUNK); number <= last; number += 1) {
      if ((this.chunks.get(number)?.version ?? 0) < this.version) return false;
    }
    return true;
  }

  /** Rows that are here, of all places. */
  *known(): Iterable<RecordRow> {
    for (const { rows } of this.chunks.values()) {
      for (const row of rows) yield this.early.over(row);
    }
  }

  /** What is looked at; asks for it where it is missing or old. */
  readonly look = (from: number, to: number): void => {
    this.range = [from, to];
    this.fetchRange();
  };

  /** Shows a row as it will be; answers with the way to take it back. */
  patch(row: RecordRow): () => void {
    this.early.show(row);
    this.changed();
    return () => {
      this.early.takeBack(row);
      this.changed();
    };
  }

  /** What the main process says about a row that was shown early: stands until a page holds it. */
  settle(row: RecordRow): void {
    this.early.confirm(row);
    this.changed();
  }

  retry(): void {
    this.state = 'opening';
    this.error = null;
    this.changed();
    this.open();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.summaryTimer);
    this.refresh.stop();
    for (const stop of this.stops) stop();
    this.listeners.clear();
    if (this.viewId !== null) closeView(this.viewId);
    else if (this.state === 'opening') cancelView(this.opening);
  }

  get hasRows(): boolean {
    return this.known()[Symbol.iterator]().next().done !== true;
  }

  private open(): void {
    const { names } = this;
    this.opening = newId();
    this.share = null;
    call('view.open', { ...this.request, first: CHUNK, opening: this.opening }).then(
      (view) => {
        if (this.closed) {
          closeView(view.viewId);
          return;
        }
        this.viewId = view.viewId;
        this.count = view.count;
        this.version = view.version;
        this.state = 'ready';
        this.share = null;
        if (view.page !== undefined) {
          this.chunks.set(0, { rows: [], version: 0, asked: 0 });
          this.take(0, view.page, names);
        } else {
          this.changed();
        }
        if (view.count > 0) this.fetchRange();
        this.askSummary(0);
      },
      (error: unknown) => this.fail(error),
    );
  }

  private onChanged(view: ViewState): void {
    if (view.viewId !== this.viewId || view.version <= this.version) return;
    this.version = view.version;
    this.count = view.count;
    this.changed();
    if (this.listeners.size === 0) return;
    this.refresh.soon();
    this.askSummary(SUMMARY_QUIET_MS);
  }

  /** Records have left this device, and their titles with them: nothing here may know them any longer. */
  private readAgain(): void {
    this.names = {};
    for (const chunk of this.chunks.values()) chunk.asked = 0;
    // Drawn with the titles that stay, as soon as they are here: without any, every row would seem to miss its own.
    if (this.listeners.size > 0) this.fetchRange();
  }

  private fetchRange(): void {
    if (this.viewId === null || this.count === 0) return;
    const last = Math.floor(Math.min(this.range[1], this.count - 1) / CHUNK);
    for (let chunk = Math.floor(this.range[0] / CHUNK); chunk <= last; chunk += 1) this.fetchChunk(chunk);
  }

  private fetchChunk(number: number): void {
    const { viewId, version, names } = this;
    const chunk = this.chunks.get(number) ?? { rows: [], version: 0, asked: 0 };
    if (viewId === null || chunk.asked >= version) return;
    chunk.asked = version;
    // Re-inserting keeps the map in the order of use.
    this.chunks.delete(number);
    this.chunks.set(number, chunk);
    call('view.rows', { viewId, from: number * CHUNK, count: CHUNK }).then(
      (page) => this.take(number, page, names),
      (error: unknown) => {
        if (chunk.asked === version) chunk.asked = 0;
        this.fail(error);
      },
    );
  }

  /** @param names as they were when the page was asked for: titles of records that left since go with them */
  private take(number: number, page: ViewPage, names: Record<string, string>): void {
    const chunk = this.chunks.get(number);
    // An answer that was overtaken by a newer one says nothing any more.
    if (this.closed || chunk === undefined || page.version < chunk.version) return;
    chunk.rows = page.rows;
    chunk.version = page.version;
    // One whose titles may have left is not all that was asked for: it is asked for again when it is in sight.
    if (names === this.names) {
      chunk.asked = Math.max(chunk.asked, page.version);
      Object.assign(names, page.names);
    }
    if (page.version > this.version) {
      this.version = page.version;
      this.count = page.count;
    }
    this.early.arrived(page.rows);
    this.state = 'ready';
    this.error = null;
    this.trim();
    this.changed();
    if (page.version < this.version) this.fetchRange();
  }

  private trim(): void {
    const [from, to] = this.range;
    for (const number of this.chunks.keys()) {
      if (this.chunks.size <= MAX_CHUNKS) return;
      const visible = number >= Math.floor(from / CHUNK) && number <= Math.floor(to / CHUNK);
      if (!visible) this.chunks.delete(number);
    }
  }

  private askSummary(wait: number): void {
    // One that waits already is not put off: while a sync goes on, sums would otherwise never come.
    if (!this.wantsSummary || this.summaryTimer !== undefined) return;
    this.summaryTimer = setTimeout(() => {
      this.summaryTimer = undefined;
      const { viewId, version } = this;
      if (viewId === null || this.closed) return;
      call('view.summary', { viewId }).then(
        (summary) => {
          this.summary = summary;
          this.summaryVersion = version;
          this.changed();
        },
        // A sum that cannot be had is left out; rows say what is wrong.
        () => undefined,
      );
    }, wait);
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    this.state = 'failed';
    this.error = asRoadbookError(error);
    this.changed();
  }

  private changed(): void {
    this.stamp += 1;
    for (const listener of this.listeners) listener();
  }
}
