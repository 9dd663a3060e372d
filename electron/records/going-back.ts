import { asideFolder, type Backup } from '../store/backup/backups.ts';
import { placeBackup } from '../store/backup/place.ts';
import type { SessionParts } from './session-parts.ts';

/** Going back to a backup: it is read whole first, which takes a while, and ends when somebody locks or quits. */
export class GoingBack {
  readonly #parts: Pick<SessionParts, 'files' | 'now'>;
  readonly #wanted = new Set<AbortController>();

  constructor(parts: Pick<SessionParts, 'files' | 'now'>) {
    this.#parts = parts;
  }

  /** Work that a lock or the end of the process does not wait for: it is given the signal that ends it. */
  async reading<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const wanted = new AbortController();
    this.#wanted.add(wanted);
    try {
      return await work(wanted.signal);
    } finally {
      this.#wanted.delete(wanted);
    }
  }

  /** Ends the reading that is under way, and that which waits for its turn. What is being placed is placed. */
  interrupt(): void {
    for (const wanted of this.#wanted) wanted.abort();
  }

  /** The store is closed: the backup takes its place, and it becomes a backup itself. */
  async place(backup: Backup): Promise<void> {
    const { files, now } = this.#parts;
    await placeBackup(files.store, backup.file, asideFolder(files.backups, now()));
  }
}
