import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RoadbookError } from '../../shared/errors.ts';

/**
 * Invariant: at any moment the file is absent, the old one, or the new one, whole. Written beside its place, fsynced,
 * moved there, and the folder fsynced, so that a power cut cannot undo the move.
 * @param mode `new` refuses to touch an existing file
 * @throws store.exists with mode `new`
 */
export async function writeAtomically(file: string, text: string, mode: 'new' | 'replace'): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode === 'replace') await rename(draft, file);
    else await moveToFreePlace(draft, file);
    await syncFolder(dirname(file));
  } finally {
    await rm(draft, { force: true });
  }
}

async function moveToFreePlace(draft: string, file: string): Promise<void> {
  try {
    // A rename would replace what is there; a link does not.
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new RoadbookError('store.exists', {}, { cause: error });
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
    // File systems without links (exFAT): an exclusive create reserves the place, the rename fills it.
    const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
      throw new RoadbookError('store.exists', {}, { cause });
    });
    await handle.close();
    await rename(draft, file);
  }
}

/** Makes a move or a new name in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot sync a folder; NTFS journals its entries itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
