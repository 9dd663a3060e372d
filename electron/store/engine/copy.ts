import { RoadbookError } from '../../../shared/errors.ts';
import { copyWhole } from './copy-file.ts';
import { storeError } from './errors.ts';
import type { Sqlite } from './sqlite.ts';

/**
 * A copy of the database while commits go on: the log is moved into the file, and until the file has been copied
 * nothing more is moved, so the file does not change. New commits wait in the log.
 */
export class Copier {
  readonly #db: Sqlite;
  readonly #file: string;
  readonly #underWay = new Map<string, AbortController>();
  #running: Promise<unknown> = Promise.resolve();
  #copying = 0;

  constructor(db: Sqlite, file: string) {
    this.#db = db;
    this.#file = file;
  }

  /** While this is true the log must not be moved into the file. */
  get busy(): boolean {
    return this.#copying > 0;
  }

  /**
   * @param written called in the same turn as the copied state is fixed, to write what belongs beside the copy
   * @throws store.closed when the copy was ended; what went wrong otherwise. Then there is no such file.
   */
  async copyTo(target: string, written: () => void): Promise<void> {
    const ending = new AbortController();
    this.#underWay.set(target, ending);
    // One after the other: the second would otherwise move the log under the first.
    const copied = this.#running.then(() => this.#copy(target, written, ending.signal));
    this.#running = copied.catch(() => undefined);
    try {
      await copied;
    } finally {
      this.#underWay.delete(target);
    }
  }

  /** Ends the copy to that file, or all of them. Those that wait do not begin. */
  end(target?: string): void {
    for (const [file, ending] of this.#underWay) {
      if (target === undefined || file === target) ending.abort(new RoadbookError('store.closed'));
    }
  }

  async #copy(target: string, written: () => void, signal: AbortSignal): Promise<void> {
    this.#copying += 1;
    const before = this.#db.pragma('wal_autocheckpoint', { simple: true });
    try {
      signal.throwIfAborted();
      const [done] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (done?.busy !== 0) throw new Error('the log could not be moved into the file');
      this.#db.pragma('wal_autocheckpoint = 0');
      written();
      await copyWhole(this.#file, target, signal);
    } catch (error) {
      throw storeError(error);
    } finally {
      this.#db.pragma(`wal_autocheckpoint = ${Number(before)}`);
      this.#copying -= 1;
    }
  }

  /** Resolves when no copy is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }
}
