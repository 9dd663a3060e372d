import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toPlainError } from '../../shared/errors.ts';
import { syncFolder } from '../keys/atomic-file.ts';
import type { Log } from '../shell/log.ts';

/** What lies in the profile outside the encrypted store: keys in wrapped form, and numbers. */
export interface ProfileFiles {
  readonly folder: string;
  readonly store: string;
  readonly keys: string;
  /** Wrapped keys of a set-up that is not finished: until it is renamed, nobody's records depend on it. */
  readonly setupKeys: string;
  /** What the lock screen may say: numbers without content. */
  readonly notice: string;
  /** A folder of backups: each encrypted as the store is. */
  readonly backups: string;
}

export function profileFiles(folder: string): ProfileFiles {
  return {
    folder,
    store: join(folder, 'roadbook.db'),
    keys: join(folder, 'keys.json'),
    setupKeys: join(folder, 'keys.setup.json'),
    notice: join(folder, 'waiting.json'),
    backups: join(folder, 'backups'),
  };
}

/**
 * Makes the profile its owner's alone, whatever the system gives to new folders, and however it was made before. A
 * folder that cannot be closed to others works all the same; whatever else is wrong with it shows when it is used.
 */
export async function keepPrivate({ folder }: Pick<ProfileFiles, 'folder'>, log: Log): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    log.warn('profile.open_to_others', { code: toPlainError(error).code });
  }
}

/**
 * What a start finds:
 * - fresh: nothing of value is here
 * - ready: keys and store
 * - unfinished: a set-up was cut off after its keys were written and the store was begun
 * - no-keys, no-store: one of the two is gone; the other one is kept as it is
 */
export type Found = 'fresh' | 'ready' | 'unfinished' | 'no-keys' | 'no-store';

export function inspect(files: ProfileFiles): Found {
  const keys = existsSync(files.keys);
  const store = existsSync(files.store);
  if (keys) return store ? 'ready' : 'no-store';
  if (existsSync(files.setupKeys)) return store ? 'unfinished' : 'fresh';
  // The head file outlives a store that was taken away together with its keys.
  if (store) return 'no-keys';
  return existsSync(`${files.store}.head`) ? 'no-store' : 'fresh';
}

/**
 * Moves a store that a cut-off set-up began out of the way. It never held a record: records come only after the
 * set-up's keys have become the keys of the profile.
 */
export async function setAsideUnfinished(files: ProfileFiles): Promise<void> {
  if (existsSync(files.keys)) throw new Error('a finished profile is never set aside');
  for (const part of ['', '-wal', '-shm', '.head']) {
    const from = `${files.store}${part}`;
    if (existsSync(from)) await rename(from, `${files.store}.unfinished${part}`);
  }
}

/** Takes away what an earlier, cut-off set-up left: its keys open nothing that anybody ever used. */
export async function clearUnfinished(files: ProfileFiles): Promise<void> {
  await setAsideUnfinished(files);
  await rm(files.setupKeys, { force: true });
}

/** The set-up is done: from now on these are the keys of the profile. Survives a power cut. */
export async function finishSetup(files: ProfileFiles): Promise<void> {
  await rename(files.setupKeys, files.keys);
  await syncFolder(files.folder);
  for (const part of ['', '-wal', '-shm', '.head']) {
    await rm(`${files.store}.unfinished${part}`, { force: true });
  }
}
