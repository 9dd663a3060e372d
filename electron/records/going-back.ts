import { RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import { backupMayReplace } from '../../shared/rules/recovery.ts';
import { asideFolder, type Backup } from '../store/backup/backups.ts';
import { placeBackup } from '../store/backup/place.ts';
import { storeError } from '../store/engine/errors.ts';
import type { OpenRecords } from './open-records.ts';
import { openKey } from './opening.ts';
import type { Screen } from './screen.ts';
import type { serial } from './serial.ts';
import type { SessionParts } from './session-parts.ts';

/** What going back needs of the session whose records it replaces. */
export interface Replacing {
  readonly open: OpenRecords;
  readonly screen: Screen;
  readonly exclusive: ReturnType<typeof serial>;
  /** Forgets the keys and closes the store. */
  readonly close: () => Promise<void>;
  /** Opens the profile's own store; what goes wrong blocks the start. */
  readonly openWith: (key: Uint8Array) => Promise<AppState>;
}

/** Going back to a backup: it is read whole first, which takes a while, and ends when somebody locks or quits. */
export class GoingBack {
  readonly #parts: SessionParts;
  readonly #session: Replacing;
  readonly #wanted = new Set<AbortController>();

  constructor(parts: SessionParts, session: Replacing) {
    this.#parts = parts;
    this.#session = session;
  }

  /** Ends the reading that is under way, and that which waits for its turn. What is being placed is placed. */
  interrupt(): void {
    for (const wanted of this.#wanted) wanted.abort();
  }

  /**
   * From open records, which are locked afterwards. What waits in them is taken over when they are opened again, and
   * they become a backup themselves.
   * @throws backup.missing, store.damaged and others, store.disk_full, store.closed when somebody locked meanwhile: then
   * everything is as before, except that the records are locked where the backup could not be placed
   */
  restore(id: string): Promise<AppState> {
    const { open, screen, close } = this.#session;
    return this.#reading(async (signal) => {
      const backup = await open.running.verifiedBackup(id, signal);
      await close();
      try {
        await this.#place(backup);
      } catch (error) {
        // The window that asked is loaded anew and hears no answer: the locked screen says it.
        await screen.enterLocked(toPlainError(error));
        throw error;
      }
      return screen.enterLocked();
    });
  }

  /**
   * The same where the records cannot be opened: the passphrase opens the key, which opens the backup.
   * @throws store.closed elsewhere; store.wrong_passphrase, key.too_many_tries, and those of restore()
   */
  restoreInstead(id: string, passphrase: string): Promise<AppState> {
    const { screen, openWith } = this.#session;
    return this.#reading(async (signal) => {
      if (!backupMayReplace(screen.blockedBy)) throw new RoadbookError('store.closed');
      const key = await openKey(this.#parts, { passphrase });
      try {
        const backups = this.#parts.backups(key);
        const backup = await backups.get(id);
        await backups.verify(backup, signal);
        await this.#place(backup);
        return await openWith(key);
      } finally {
        key.fill(0);
      }
    });
  }

  /** Work that a lock or the end of the process does not wait for: it is given the signal that ends it. */
  async #reading<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const wanted = new AbortController();
    this.#wanted.add(wanted);
    try {
      return await this.#session.exclusive(() => work(wanted.signal));
    } finally {
      this.#wanted.delete(wanted);
    }
  }

  /** The store is closed: the backup takes its place, and it becomes a backup itself. */
  async #place(backup: Backup): Promise<void> {
    const { files, now } = this.#parts;
    try {
      await placeBackup(files.store, backup.file, asideFolder(files.backups, now()));
    } catch (error) {
      throw storeError(error);
    }
  }
}
