import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
export const modules = join(root, 'node_modules');
export const out = join(root, 'out');

/** Where this checkout notes which runtime it uses. */
export const stateDir = join(modules, '.cache', 'roadbook');
export const runtimeFile = join(stateDir, 'runtime.json');

/** Where large things lie. ROADBOOK_CACHE lets several checkouts share one download and one compilation. */
export const cacheDir = process.env.ROADBOOK_CACHE ? resolve(process.env.ROADBOOK_CACHE) : stateDir;

/** The server's data and the app's profile of a development start; `npm run import` fills the same place. */
export const devServerData = join(out, 'dev', 'server');
export const devProfile = join(out, 'dev', 'profile');

/** The Node of the newest Electron, which every test and the sync server run on. */
export const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What setup found out, or null before the first setup. */
export function readRuntime() {
  return existsSync(runtimeFile) ? readJson(runtimeFile) : null;
}
