import { closeSync, fsyncSync, openSync } from 'node:fs';

/** A file that was made or renamed in a folder is there after a power cut only once the folder is on the disk too. */
export function syncDirectory(directory: string): void {
  // Windows has no way to sync a directory; NTFS journals its entries itself.
  if (process.platform === 'win32') return;
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
