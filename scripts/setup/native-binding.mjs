import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir, modules, readJson } from '../lib/paths.mjs';
import { local, quiet, say } from '../lib/run.mjs';
import { headersArgument } from './node-headers.mjs';
import { ensureCompiler } from './system.mjs';

// The first Node-API version that the package's own prebuilt binding runs on.
const PREBUILT_NAPI = 10;
const PACKAGE = 'better-sqlite3-multiple-ciphers';
/** To be raised when the way of compiling changes, so that caches compile anew. */
const RECIPE = 1;

async function compile(target) {
  ensureCompiler();
  say('compiling SQLite for this runtime (about two minutes, once)');
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(cacheDir, 'compile-'));
  try {
    const source = join(work, PACKAGE);
    cpSync(join(modules, PACKAGE), source, { recursive: true });
    cpSync(join(modules, 'node-addon-api'), join(source, 'node_modules', 'node-addon-api'), {
      recursive: true,
    });
    const gyp = join(source, 'binding.gyp');
    const before = readFileSync(gyp, 'utf8');
    // One finalizer signature differs between the last experimental headers of Node-API 9 and version 10; the second
    // define keeps the older one, so that the source compiles against, and loads into, the older runtime.
    const after = before.replace(
      `'NAPI_VERSION=10'`,
      `'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'`,
    );
    if (after === before)
      throw new Error(`${PACKAGE} no longer names its Node-API version where it used to.`);
    writeFileSync(gyp, after);
    const args = ['rebuild', '--release', '--force_build=1', await headersArgument()];
    quiet(...local('node-gyp/bin/node-gyp.js', ...args), { cwd: source });
    const fresh = `${target}.${process.pid}`;
    copyFileSync(join(source, 'build', 'Release', 'better_sqlite3.node'), fresh);
    renameSync(fresh, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The SQLite binding for a runtime: null where the package's own prebuilt one serves, else the path of one compiled
 * from the package's source and kept in the cache.
 */
export async function nativeBinding(napi) {
  if (napi >= PREBUILT_NAPI) return null;
  const { version } = readJson(join(modules, PACKAGE, 'package.json'));
  const name = `${PACKAGE}-${version}-napi${napi}-${process.platform}-${process.arch}-${RECIPE}`;
  const target = join(cacheDir, 'native', name, 'better_sqlite3.node');
  if (!existsSync(target)) await compile(target);
  return target;
}
