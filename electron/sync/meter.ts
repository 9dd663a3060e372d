import type { SyncStatus } from '../../shared/ipc/session.ts';
import { collectionNames } from '../../shared/model/index.ts';
import type { SyncMemory } from './state.ts';

/** Rows a second are counted over this much time. */
const WINDOW_MS = 5_000;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** How far a first sync is, and how fast. */
export class Meter {
  readonly #now: () => number;
  #samples: { at: number; rows: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  see(memory: SyncMemory): void {
    const at = this.#now();
    this.#samples.push({ at, rows: sum(memory.here) });
    this.#samples = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
  }

  /** @returns null once the first sync and its search index are done and the person has seen so */
  progress(memory: SyncMemory, searchReady: boolean): SyncStatus['progress'] {
    if (memory.firstSyncDone && searchReady && memory.working) return null;
    return {
      rows: sum(memory.here),
      total: Math.max(sum(memory.totals), sum(memory.here)),
      rowsPerSecond: this.#speed(),
      bytes: memory.bytes,
      collections: collectionNames.flatMap((name) => {
        const total = memory.totals[name] ?? 0;
        const here = memory.here[name] ?? 0;
        return total + here === 0 ? [] : [{ name, here, total: Math.max(total, here) }];
      }),
      searchReady,
      done: memory.firstSyncDone,
    };
  }

  #speed(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return Math.round(((last.rows - first.rows) / (last.at - first.at)) * 1000);
  }
}
