import { constants } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import { codeOf } from '../../keys/atomic-file.ts';

/** Bytes that are copied in one go. */
const PIECE = 1024 * 1024;
/** Bytes after which the disk is waited for: so much may be left to write when somebody ends the copy, and no more. */
const SYNC_EVERY = 16 * PIECE;

/**
 * Copies a file, which is on the disk when this resolves. It shares the blocks where the file system can, and is
 * otherwise made piece by piece, so that the signal ends it soon. Nothing is left of a copy that did not end well.
 * @param to must not exist
 * @throws the signal's reason; EEXIST, ENOSPC and others of the file system
 */
export async function copyWhole(from: string, to: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const cloned = await clone(from, to);
  // Whoever was here first keeps the name.
  const target = await open(to, cloned ? 'r+' : 'wx');
  try {
    // Whatever the system gives to new files, or the first one had.
    await target.chmod(0o600);
    if (!cloned) await copyPieces(from, target, signal);
    await target.sync();
    signal?.throwIfAborted();
  } catch (error) {
    await target.close();
    await rm(to, { force: true });
    throw error;
  }
  await target.close();
}

/** File systems that cannot say so in many ways; what is really wrong shows when the pieces are copied. */
async function clone(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    return false;
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function copyPieces(from: string, target: File, signal?: AbortSignal): Promise<void> {
  const source = await open(from, 'r');
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (let at = 0, unsynced = 0; ; ) {
      const { bytesRead } = await source.read(piece, 0, PIECE, at);
      if (bytesRead === 0) return;
      for (let written = 0; written < bytesRead; ) {
        written += (await target.write(piece, written, bytesRead - written, at + written)).bytesWritten;
      }
      at += bytesRead;
      unsynced += bytesRead;
      if (unsynced >= SYNC_EVERY) {
        await target.datasync();
        unsynced = 0;
      }
      signal?.throwIfAborted();
    }
  } finally {
    await source.close();
  }
}
