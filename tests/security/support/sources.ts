import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that lie somewhere, and where. */
export interface Source {
  readonly place: string;
  readonly bytes: Buffer;
}

const GONE = new Set(['ENOENT', 'ESRCH', 'ENXIO', 'EACCES']);

function gone(error: unknown): boolean {
  return GONE.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Every file under the folders, hidden ones too; symbolic links are not followed. A missing folder holds nothing. */
export function* fileSources(folders: readonly string[]): Generator<Source> {
  for (const folder of folders) {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      if (gone(error)) continue;
      throw error;
    }
    for (const name of names) {
      const path = join(folder, name);
      // A name can give something away as well as a content.
      yield { place: `name of ${path}`, bytes: Buffer.from(name) };
      try {
        const stat = lstatSync(path);
        if (stat.isDirectory()) yield* fileSources([path]);
        else if (stat.isFile()) yield { place: path, bytes: readFileSync(path) };
        else if (stat.isSymbolicLink()) yield { place: path, bytes: Buffer.from(readlinkSync(path)) };
      } catch (error) {
        // A running program removes files while they are being read.
        if (!gone(error)) throw error;
      }
    }
  }
}

/**
 * Files that processes hold open although their names are gone: a clear-text temporary file hides best like this.
 * Anonymous memory (memfd) is left out: it has never had a name on any disk.
 */
export function* unlinkedSources(pids: readonly number[]): Generator<Source> {
  const seen = new Set<string>();
  for (const pid of pids) {
    let names: string[];
    try {
      names = readdirSync(`/proc/${pid}/fd`);
    } catch (error) {
      if (gone(error)) continue;
      throw error;
    }
    for (const name of names) {
      const path = `/proc/${pid}/fd/${name}`;
      try {
        const target = readlinkSync(path);
        if (!target.endsWith(' (deleted)') || target.startsWith('/memfd:') || seen.has(target)) continue;
        seen.add(target);
        yield { place: `process ${pid}: ${target}`, bytes: readFileSync(path) };
      } catch (error) {
        if (!gone(error)) throw error;
      }
    }
  }
}
