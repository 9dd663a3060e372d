import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quiet } from '../lib/run.mjs';

/**
 * Downloads a package from the registry without installing it.
 * @param {string} name with its exact version
 * @param {string} integrity as the registry writes it; the file must have it
 * @param {string} dir where it goes
 * @returns {Promise<string>} the tarball
 */
export async function downloadPackage(name, integrity, dir) {
  const [packed] = JSON.parse(
    quiet('npm', ['pack', name, '--json', '--pack-destination', dir, '--loglevel=error']),
  );
  const tarball = join(dir, packed.filename);
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const got = `sha512-${hash.digest('base64')}`;
  if (got !== integrity) throw new Error(`${name} is not the file it should be: its digest is ${got}.`);
  return tarball;
}
