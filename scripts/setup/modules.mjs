import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modules, node24, readJson, root } from '../lib/paths.mjs';
import { quiet, run, say } from '../lib/run.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Compares what is installed with what the lockfile names, so that a hand-made `npm install` counts too. */
export function modulesAreCurrent() {
  const installedFile = join(modules, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readJson(installedFile).packages;
  const locked = readJson(join(root, 'package-lock.json')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
    return installed[path]?.version === entry.version;
  });
}

/** Installs exactly what the lockfile names. Without scripts: only Node 24 needs one, and repairNode runs it. */
export async function installModules() {
  const fresh = !existsSync(join(modules, '.package-lock.json'));
  say(fresh ? 'installing packages (about a minute the first time)' : 'packages have changed; updating them');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (fresh && (await run(npm, ['ci', ...flags], { stdio: 'ignore' })) === 0) return;
  // `npm ci` would empty node_modules and with it the cached runtimes, so it serves only the first time. It also
  // refuses a lockfile when a registry lacks the packages of foreign systems; this way the versions are the same.
  if ((await run(npm, ['install', '--no-save', ...flags])) !== 0) {
    throw new Error('npm could not install the packages; see its message above.');
  }
}

/** The `node` package fetches the binary for this machine in an install script, which npm may have been told to skip. */
export function repairNode() {
  quiet(npm, ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  if (!existsSync(node24))
    throw new Error('Node 24 could not be installed: `npm rebuild node` left no binary.');
}
