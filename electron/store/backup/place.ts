import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, syncFolder, writeAtomically } from '../../keys/atomic-file.ts';

/** A store's files: the database, its log (only after a crash), and the head, which a store from Roadbook always has. */
export const PARTS = ['', '-wal', '.head'] as const;
/** What the database is called in a folder of backups. */
export const COPY_NAME = 'store.db';

const replacedPath = (file: string): string => `${file}.replaced`;
/** Bears the name of the folder that it makes room in: what an earlier, cut-off try left has another one. */
const incomingPath = (file: string, aside: string): string => `${file}.incoming.${basename(aside)}`;

/**
 * Puts a backup in the place of the store, which must be closed. What is there now is moved into `aside`, nothing is
 * overwritten. Killed at any moment it has either not begun, or finishPlacing() ends it.
 * @param backup a database file whose head lies beside it
 * @param aside a folder that does not exist yet
 */
export async function placeBackup(file: string, backup: string, aside: string): Promise<void> {
  const incoming = incomingPath(file, aside);
  try {
    for (const part of PARTS) {
      if (existsSync(backup + part)) await copyDurably(backup + part, incoming + part);
    }
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(file));
  } catch (error) {
    for (const part of PARTS) await rm(incoming + part, { force: true });
    throw error;
  }
  // From here on it is done, whatever happens.
  const earlier = await replacedStores(file);
  await writeAtomically(replacedPath(file), JSON.stringify([aside, ...earlier]), 'replace');
  await finishPlacing(file);
}

/** Ends a placing that was cut off, and takes away what is left of one that had not begun. */
export async function finishPlacing(file: string): Promise<void> {
  const asides = await readReplaced(file);
  // Nobody knows what was begun: what waits stays where it is.
  if (asides === null) return;
  const [aside] = asides;
  if (aside !== undefined) await place(file, aside);
  const left = (await readdir(dirname(file))).filter((name) =>
    name.startsWith(`${basename(file)}.incoming.`),
  );
  for (const name of left) await rm(join(dirname(file), name), { force: true });
}

async function place(file: string, aside: string): Promise<void> {
  const incoming = incomingPath(file, aside);
  if (!existsSync(incoming)) return;
  // While the backup's head waits, whatever has the store's own names is the old one.
  if (existsSync(`${incoming}.head`)) {
    for (const part of PARTS) await moveIfThere(file + part, join(aside, COPY_NAME + part));
    await rm(`${file}-shm`, { force: true });
    await rename(`${incoming}.head`, `${file}.head`);
  }
  await moveIfThere(`${incoming}-wal`, `${file}-wal`);
  await rename(incoming, file);
  await syncFolder(aside);
  await syncFolder(dirname(file));
}

/** Folders with the stores that backups have replaced, the last one first, until forgetReplaced(). */
export async function replacedStores(file: string): Promise<string[]> {
  return (await readReplaced(file)) ?? [];
}

/** Null when the list is there and is none: something else than Roadbook has written it. */
async function readReplaced(file: string): Promise<string[] | null> {
  const text = await readFile(replacedPath(file), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '[]';
    throw error;
  });
  try {
    const list: unknown = JSON.parse(text);
    const folders = Array.isArray(list) && list.every((folder) => typeof folder === 'string');
    return folders ? (list as string[]) : null;
  } catch {
    return null;
  }
}

/** What was in the replaced stores has been seen to. They stay where they are. */
export async function forgetReplaced(file: string): Promise<void> {
  await rm(replacedPath(file), { force: true });
}

async function moveIfThere(from: string, to: string): Promise<void> {
  // Moved before the cut already: what is aside is never replaced.
  if (existsSync(from) && !existsSync(to)) await rename(from, to);
}

/** A copy that is on the disk when this returns; where the file system can, it shares the blocks. */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
