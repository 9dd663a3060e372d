import { rename, stat } from 'node:fs/promises';
import type { Log } from '../shell/log.ts';
import { type Backup, Backups, listBackups, type Reason } from '../store/backup/backups.ts';
import { ROUTINE_EVERY } from '../store/backup/keep.ts';
import type { StoreApi } from '../store/contract.ts';
import { values } from './context.ts';
import type { ProfileFiles } from './profile.ts';
import { serial } from './serial.ts';

/**
 * A set-up makes a new key, which opens no backup of before: those are kept, in a folder of their own beside the others,
 * and are not offered. Whoever has the files that belong to them can put them back.
 */
export async function keepEarlierApart(folder: string, now: number, log: Log): Promise<void> {
  const { length: backups } = await listBackups(folder);
  if (backups === 0) return;
  await rename(folder, `${folder}.earlier-${new Date(now).toISOString().replaceAll(':', '-')}`);
  log.info('backups.kept_apart', { backups });
}

/** The first look waits until the person has begun to work. */
const FIRST_LOOK_MS = 2 * 60_000;
const LOOK_EVERY_MS = 60 * 60_000;

export interface DeviceBackupsParts {
  readonly store: StoreApi;
  readonly files: ProfileFiles;
  readonly now: () => number;
  readonly log: Log;
}

/** Backups of the open records on this device: made by themselves once a day, or when somebody asks for one. */
export class DeviceBackups {
  readonly #parts: DeviceBackupsParts;
  readonly #backups: Backups;
  readonly #inOrder = serial();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** Somebody waits for one that is being made. */
  #asked = 0;
  #first: () => Promise<void> = async () => undefined;

  constructor(parts: DeviceBackupsParts) {
    const { store, files, now } = parts;
    this.#parts = parts;
    this.#backups = new Backups(files.backups, now, (file) => store.verifyCopy(file));
  }

  /** @param first done at each look, before a routine backup is made */
  start(first: () => Promise<void> = async () => undefined): void {
    this.#first = first;
    this.#lookIn(FIRST_LOOK_MS);
  }

  /** Newest first. */
  list(): Promise<Backup[]> {
    return this.#backups.list();
  }

  /** @throws store.disk_full, store.damaged, store.read_only, store.closed when it was stopped */
  async make(reason: Reason): Promise<Backup> {
    if (reason !== 'asked') return this.#make(reason);
    this.#asked += 1;
    try {
      const made = await this.#make(reason);
      this.#asked -= 1;
      return made;
    } catch (error) {
      // One that was stopped stays counted: stop() notes it.
      if (!this.#stopping.signal.aborted) this.#asked -= 1;
      throw error;
    }
  }

  /**
   * When a backup that somebody had asked for was given up, in ms. Said once; again where the disk does not take that it
   * was.
   */
  async givenUp(): Promise<number | null> {
    const { store, log } = this.#parts;
    const at = (await store.value(values.backupGivenUp)) ?? null;
    if (at !== null) {
      await store
        .commit({ values: { [values.backupGivenUp]: null } })
        .catch((error: unknown) => log.error('backup.note_kept', error));
    }
    return typeof at === 'number' ? at : null;
  }

  #make(reason: Reason): Promise<Backup> {
    return this.#inOrder(async () => {
      const { store, files, now, log } = this.#parts;
      const start = now();
      const made = await this.#backups.make(
        {
          copyTo: (file, signal) => store.copyTo(file, signal),
          size: async () => (await stat(files.store)).size,
        },
        reason,
        this.#stopping.signal,
      );
      log.info('backup.made', { reason, bytes: made.bytes, millis: now() - start });
      await this.#backups.prune();
      return made;
    });
  }

  /** Makes one when the last is too old. Returns what it made. */
  async routine(): Promise<Backup | undefined> {
    const [last] = (await this.list()).filter(({ routine }) => routine);
    const { now } = this.#parts;
    if (last !== undefined && Math.abs(now() - last.at) < ROUTINE_EVERY) return undefined;
    return this.make('routine');
  }

  /**
   * Backups that still hold records which have left this device go, as soon as a newer one was made and read back.
   * @param upTo ms; those that were begun until then
   * @throws what make() throws: then all of them stay until the next time
   */
  async replace(upTo: number): Promise<void> {
    const old = await this.#upTo(upTo);
    if (old.length === 0) return;
    const newer = (await this.list()).some(({ at }) => at > upTo);
    const made = newer ? undefined : await this.make('routine');
    // One may have been under way: it is on the list now.
    const gone = (await this.#upTo(upTo)).filter(({ id }) => id !== made?.id);
    await this.#inOrder(() => this.#backups.remove(gone));
    this.#parts.log.info('backup.replaced', { removed: gone.length });
  }

  async #upTo(time: number): Promise<Backup[]> {
    return this.#inOrder(async () => (await this.list()).filter(({ at }) => at <= time));
  }

  /** One that can be read back whole. @throws backup.missing, what is wrong with it, store.closed after the signal */
  async verified(id: string, signal: AbortSignal): Promise<Backup> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    // In order: what is pruned after a backup was made includes drafts.
    return this.#inOrder(async () => {
      const backup = await this.#backups.get(id);
      await this.#backups.verify(backup, either);
      return backup;
    });
  }

  /** Ends what is being made or read: locking waits for no backup. Nothing of an unfinished one stays. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#inOrder(async () => undefined);
    if (this.#asked === 0) return;
    const { store, now, log } = this.#parts;
    // Whoever asked for it is told after the next unlocking, if the disk takes that.
    await store
      .commit({ values: { [values.backupGivenUp]: now() } })
      .catch((error: unknown) => log.error('backup.unnoted', error));
  }

  #lookIn(millis: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#first()
        .then(() => this.routine())
        // A backup that fails must not get into the way of the work; the settings show how old the last one is.
        .catch((error: unknown) => {
          if (!this.#stopping.signal.aborted) this.#parts.log.error('backup.failed', error);
        })
        .finally(() => this.#lookIn(LOOK_EVERY_MS));
    }, millis);
  }
}
