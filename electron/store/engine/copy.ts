import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { storeError } from './errors.ts';
import type { Sqlite } from './sqlite.ts';

/**
 * A copy of the database while commits go on: the log is moved into the file, and until the file has been copied
 * nothing more is moved, so the file does not change. New commits wait in the log.
 */
export class Copier {
  readonly #db: Sqlite;
  readonly #file: string;
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

  /** @param written called in the same turn as the copied state is fixed, to write what belongs beside the copy */
  copyTo(target: string, written: () => void): Promise<void> {
    // One after the other: the second would otherwise move the log under the first.
    const copied = this.#running.then(() => this.#copy(target, written));
    this.#running = copied.catch(() => undefined);
    return copied;
  }

  async #copy(target: string, written: () => void): Promise<void> {
    this.#copying += 1;
    const before = this.#db.pragma('wal_autocheckpoint', { simple: true });
    try {
      const [done] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (done?.busy !== 0) throw new Error('the log could not be moved into the file');
      this.#db.pragma('wal_autocheckpoint = 0');
      written();
      await copyFile(this.#file, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const handle = await open(target, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
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
