import { createWriteStream, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const SYMLINK = 0o120000;
const TYPE = 0o170000;

/**
 * Unpacks the entries of a zip file that lie under `prefix` and do not match `leftOut`, with their modes.
 * Throws on a name that points outside `target`.
 */
export async function extract(archive, target, prefix, leftOut) {
  // Loaded here, because the packages may have been installed only a moment ago.
  const { default: yauzl } = await import('yauzl');
  const zip = await promisify(yauzl.open)(archive, { lazyEntries: true });
  const open = promisify(zip.openReadStream.bind(zip));

  async function unpack(entry) {
    if (!entry.fileName.startsWith(prefix)) return;
    const name = entry.fileName.slice(prefix.length);
    if (name === '' || leftOut.test(name)) return;
    const path = join(target, name);
    const inside = relative(target, path);
    if (inside.startsWith('..') || isAbsolute(inside))
      throw new Error(`The archive names a place outside: ${name}`);
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    const mode = entry.externalFileAttributes >>> 16;
    const stream = await open(entry);
    if ((mode & TYPE) === SYMLINK) symlinkSync(await text(stream), path);
    else await pipeline(stream, createWriteStream(path, { mode: mode & 0o777 || 0o644 }));
  }

  await new Promise((done, fail) => {
    zip.on('error', fail);
    zip.on('end', done);
    zip.on('entry', (entry) => {
      unpack(entry).then(() => zip.readEntry(), fail);
    });
    zip.readEntry();
  });
}
