import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { schemas } from '../../shared/model/field.ts';
import { OrderKind } from '../../shared/sync/orders.ts';
import { syncFolder, writeAtomically } from '../keys/atomic-file.ts';
import type { ProfileFiles } from './profile.ts';

/**
 * What is left of a wiped device, beside its settings: what happened, and what its receipt needs. It is on the disk before
 * the first thing goes, so that the next start ends what a crash cut off.
 */
export const WipeMark = Type.Object({
  kind: OrderKind,
  order: schemas.Id,
  nonce: Type.String(),
  server: Type.String(),
  /** By the clock of this device. */
  at: schemas.Instant,
  /** Changes that were not sent; null while, or where, it is not known. */
  unsent: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  /** Everything is gone. */
  cleared: Type.Boolean(),
  /** The server has the receipt. */
  told: Type.Boolean(),
  /** The person has read that it happened, and goes on. */
  seen: Type.Boolean(),
});
export type WipeMark = Static<typeof WipeMark>;

/** Called after each step, by its name. */
export type Reached = (step: WipeStep) => void | Promise<void>;
export type WipeStep = 'mark' | 'key' | 'store' | 'log' | 'head' | 'rest' | 'backups' | 'notice' | 'logs';

const MARK = 'wiped.json';

/** Null where nothing was wiped, or the mark is torn: then the keys are still here, or the person is told otherwise. */
export function readMark({ folder }: Pick<ProfileFiles, 'folder'>): WipeMark | null {
  const file = join(folder, MARK);
  if (!existsSync(file)) return null;
  try {
    const mark: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Check(WipeMark, mark) ? mark : null;
  } catch {
    // It is written whole or not at all; whatever this is was not written by a wipe.
    return null;
  }
}

export async function writeMark({ folder }: Pick<ProfileFiles, 'folder'>, mark: WipeMark): Promise<void> {
  await writeAtomically(join(folder, MARK), JSON.stringify(mark), 'replace');
}

export async function removeMark({ folder }: Pick<ProfileFiles, 'folder'>): Promise<void> {
  await rm(join(folder, MARK), { force: true });
  await syncFolder(folder);
}

/**
 * Begins a wipe: the mark, then the wrapped keys. From here on nothing on this disk can be read by anybody, whatever
 * becomes of the rest.
 * @throws what the disk says when a key cannot be removed
 */
export async function wipeKeys(files: ProfileFiles, mark: WipeMark, reached: Reached = () => undefined) {
  // A full disk takes no mark; the keys go all the same.
  const marked = await writeMark(files, mark).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (marked === undefined) await reached('mark');
  for (const name of await namesIn(files.folder, /^keys\./)) await shred(join(files.folder, name));
  await syncFolder(files.folder);
  await reached('key');
  if (marked !== undefined) await writeMark(files, mark);
}

/**
 * Takes away everything that held records: the store with its log and head, what set-ups and restores left beside it,
 * backups, numbers, logs. The store is closed. Done again, it goes on where it was cut off.
 * @param logs folder of the log files; undefined where there is none
 */
export async function wipeFiles(
  files: ProfileFiles,
  logs: string | undefined,
  reached: Reached = () => undefined,
): Promise<void> {
  const gone = async (step: WipeStep, ...paths: string[]) => {
    for (const path of paths) await rm(path, { force: true, recursive: true, maxRetries: 5 });
    await syncFolder(files.folder);
    await reached(step);
  };
  const { folder, store, notice } = files;
  const inFolder = async (pattern: RegExp) =>
    (await namesIn(folder, pattern)).map((name) => join(folder, name));
  await gone('store', store);
  await gone('log', `${store}-wal`, `${store}-shm`);
  await gone('head', `${store}.head`);
  await gone('rest', ...(await inFolder(/^(roadbook\.db|wiped\.json\.)/)));
  await gone('backups', ...(await inFolder(/^backups(\.|$)/)));
  await gone('notice', notice, `${notice}.new`);
  await gone('logs', ...(logs === undefined ? [] : [logs]));
}

/** Whether a key is still here although a wipe has begun. */
export async function keysAreLeft(files: ProfileFiles): Promise<boolean> {
  return (await namesIn(files.folder, /^keys\./)).length > 0;
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name));
}

/** Written over before it is unlinked: on a disk that writes in place, what was there is gone with it. */
async function shred(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  try {
    await handle.write(randomBytes(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file, { force: true });
}
