import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeAtomically } from '../../keys/atomic-file.ts';

/** A store's files: the database, its log (only after a crash), and the head, which a store from Roadbook always has. */
const PARTS = ['', '-wal', '.head'] as const;
/** What the database is called in a folder of backups. */
export const COPY_NAME = 'store.db';
/** Where a backup waits until what is there now has been moved aside. */
const INCOMING = '.incoming';

/**
 * Puts a backup in the place of the store, which must be closed. What is there now is moved into `aside`, nothing is
 * overwritten. Killed at any moment it has either not begun, or finishPlacing() ends it.
 * @param backup a database file whose head lies beside it
 * @param aside a folder that does not exist yet
 */
export async function placeBackup(file: string, backup: string, aside: string): Promise<void> {
  for (const part of PARTS) await rm(file + INCOMING + part, { force: true });
  for (const part of PARTS.filter((part) => part !== '' && existsSync(backup + part))) {
    await copyDurably(backup + part, file + INCOMING + part);
  }
  await mkdir(aside, { recursive: true });
  // The database comes last and whole: that it is there says that everything else is.
  const draft = `${file}${INCOMING}.draft`;
  await copyDurably(backup, draft);
  await writeAtomically(asidePath(file), aside, 'replace');
  await rename(draft, file + INCOMING);
  await syncFolder(dirname(file));
  await finishPlacing(file);
}

/** Ends a placing that was cut off. True when there was one. */
export async function finishPlacing(file: string): Promise<boolean> {
  if (!existsSync(file + INCOMING)) {
    await rm(asidePath(file), { force: true });
    return false;
  }
  const aside = await readFile(asidePath(file), 'utf8');
  // While the backup's head waits, whatever has the store's own names is the old one.
  if (existsSync(`${file}${INCOMING}.head`)) {
    for (const part of PARTS) await moveIfThere(file + part, join(aside, COPY_NAME + part));
    await rm(`${file}-shm`, { force: true });
    await rename(`${file}${INCOMING}.head`, `${file}.head`);
  }
  await moveIfThere(`${file}${INCOMING}-wal`, `${file}-wal`);
  await rename(file + INCOMING, file);
  await rm(asidePath(file), { force: true });
  await syncFolder(aside);
  await syncFolder(dirname(file));
  return true;
}

function asidePath(file: string): string {
  return `${file}${INCOMING}.aside`;
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
