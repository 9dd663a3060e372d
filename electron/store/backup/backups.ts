import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { RoadbookError } from '../../../shared/errors.ts';
import { codeOf, syncFolder } from '../../keys/atomic-file.ts';
import { copyWhole } from '../engine/copy-file.ts';
import { storeError } from '../engine/errors.ts';
import { type Kept, keep } from './keep.ts';
import { COPY_NAME, PARTS } from './place.ts';

/** Why a backup was made; `routine` ones make room for newer ones. */
export type Reason = 'routine' | 'asked' | 'before-restore' | 'before-migration';

export interface Backup extends Kept {
  /** Name of its folder; says when and why, and nothing of what is in it. */
  readonly id: string;
  readonly reason: Reason;
  /** Bytes of the database. */
  readonly bytes: number;
  /** The database file; its head lies beside it. */
  readonly file: string;
}

/** What a backup needs of the open store. */
export interface Source {
  /** Writes a copy of everything committed so far, with its head, both fsynced. Commits go on meanwhile. */
  copyTo(file: string, signal?: AbortSignal): Promise<void>;
  /** Bytes that the copy will take, about. */
  size(): Promise<number>;
}

const NAME = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)_(routine|asked|before-restore|before-migration)$/;
/** A backup is not made when less than this would stay free: the records themselves need the room. */
const SPARE_BYTES = 256 * 1024 * 1024;

/** The folder of backups: each one a folder of its own, which appears whole and verified or not at all. */
export class Backups {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #verify: (file: string) => Promise<void>;

  /** @param verify opens a copy with the key and reads all of it; throws store.damaged and others */
  constructor(folder: string, now: () => number, verify: (file: string) => Promise<void>) {
    this.#folder = folder;
    this.#now = now;
    this.#verify = verify;
  }

  /** Newest first. */
  list(): Promise<Backup[]> {
    return listBackups(this.#folder);
  }

  /**
   * Makes a backup and reads it back whole. Nothing is left of one that failed, and no older one is touched.
   * @param signal ends it at once, whatever it is at
   * @throws store.disk_full when there is too little room, store.damaged when the copy is not what it should be,
   * store.closed after the signal
   */
  async make(source: Source, reason: Reason, signal?: AbortSignal): Promise<Backup> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#checkRoom(await source.size());
    const id = nameFor(reason, this.#now());
    await this.#inDraft(async (draft) => {
      const file = join(draft, COPY_NAME);
      await source.copyTo(file, signal);
      await this.#readBack(file, signal);
      await syncFolder(draft);
      await rename(draft, join(this.#folder, id));
      await syncFolder(this.#folder);
    });
    const made = await read(this.#folder, id);
    if (made === undefined) throw new RoadbookError('store.failed', { reason: 'backup' });
    return made;
  }

  /** Takes away what the rule does not keep, and drafts that a crash left. Returns how many backups went. */
  async prune(): Promise<number> {
    const all = await this.list();
    const kept = keep(all, this.#now());
    const gone = all.filter((backup) => !kept.has(backup));
    for (const { id } of gone) await rm(join(this.#folder, id), { recursive: true, force: true });
    for (const name of await readdir(this.#folder)) {
      if (name.endsWith('.draft')) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
    return gone.length;
  }

  async remove(backups: readonly Backup[]): Promise<void> {
    for (const { id } of backups) await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  /** @throws backup.missing when there is no such backup (any more) */
  async get(id: string): Promise<Backup> {
    const found = await read(this.#folder, id);
    if (found === undefined) throw new RoadbookError('backup.missing');
    return found;
  }

  /**
   * Reads a copy of it, which the signal may end where the backup itself must not be touched.
   * @throws whatever is wrong with it; store.disk_full; store.closed after the signal
   */
  async verify({ file }: Backup, signal?: AbortSignal): Promise<void> {
    await this.#checkRoom((await stat(file)).size);
    await this.#inDraft(async (draft) => {
      const copy = join(draft, COPY_NAME);
      try {
        for (const part of PARTS) {
          if (existsSync(file + part)) await copyWhole(file + part, copy + part, signal);
        }
      } catch (error) {
        checkWanted(signal);
        throw storeError(error);
      }
      await this.#readBack(copy, signal);
    });
  }

  /** SQLite cannot be told to stop reading. That a draft has no pages any more makes it stop. */
  async #readBack(draft: string, signal?: AbortSignal): Promise<void> {
    let cut: Promise<void> | undefined;
    const end = () => {
      cut = truncate(draft);
      // Waited for below, and not before.
      cut.catch(() => undefined);
    };
    checkWanted(signal);
    signal?.addEventListener('abort', end);
    try {
      await this.#verify(draft);
    } catch (error) {
      checkWanted(signal);
      throw error;
    } finally {
      signal?.removeEventListener('abort', end);
      await cut;
    }
    checkWanted(signal);
  }

  /** A folder that is gone afterwards, unless the work has moved it. */
  async #inDraft(work: (draft: string) => Promise<void>): Promise<void> {
    const draft = join(this.#folder, `.${randomBytes(6).toString('hex')}.draft`);
    try {
      await mkdir(draft, { mode: 0o700 });
      await work(draft);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  async #checkRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < bytes + SPARE_BYTES) throw new RoadbookError('store.disk_full');
  }
}

function checkWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RoadbookError('store.closed');
}

/** Where the store that a restore replaces is kept: a backup itself, so that a restore can be undone. */
export function asideFolder(folder: string, now: number): string {
  return join(folder, nameFor('before-restore', now));
}

/** Name of a backup's folder. */
export function nameFor(reason: Reason, now: number): string {
  return `${new Date(now).toISOString().replaceAll(':', '-')}_${reason}`;
}

/** Newest first; needs no key. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(names.map((name) => read(folder, name)));
  return found.filter((backup) => backup !== undefined).sort((a, b) => b.at - a.at);
}

async function read(folder: string, id: string): Promise<Backup | undefined> {
  const [, stamp, reason] = NAME.exec(id) ?? [];
  if (stamp === undefined) return undefined;
  const at = Date.parse(stamp.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
  const file = join(folder, id, COPY_NAME);
  const bytes = await stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
  if (bytes === undefined || Number.isNaN(at)) return undefined;
  return { id, at, reason: reason as Reason, routine: reason === 'routine', bytes, file };
}
