import { spawnSync } from 'node:child_process';
import { have, isRoot, quiet, say } from '../lib/run.mjs';

const DESKTOP = ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2'];
/** A session bus and a real keychain on it; only tests need them, Roadbook takes whatever keychain is there. */
const KEYRING = ['dbus', 'gnome-keyring', 'libsecret-1-0'];
const COMPILER = ['python3', 'make', 'g++'];

/** Whether dpkg knows the package as installed; newer releases renamed some with a t64 suffix. */
function missing(packages) {
  const query = spawnSync('dpkg-query', ['--show'], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const installed = new Set();
  for (const line of (query.stdout ?? '').split('\n')) {
    // A removed package stays listed, without a version.
    const [name, version] = line.split('\t');
    if (version) installed.add(name.split(':', 1)[0].replace(/t64$/, ''));
  }
  return packages.filter((name) => !installed.has(name));
}

function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  quiet('apt-get', ['update', '-qq'], { env });
  quiet('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

/**
 * Installs Debian packages when root may; else says in one line what to install. Other systems bring their own.
 * @throws what apt-get says when it fails
 */
function ensure(packages, purpose) {
  if (!have('dpkg-query') || !have('apt-get')) return;
  const absent = missing(packages);
  if (absent.length === 0) return;
  if (isRoot) {
    say(`installing system packages for ${purpose}: ${absent.join(' ')}`);
    install(absent);
  } else {
    say(`${purpose} needs system packages: sudo apt-get install -y ${absent.join(' ')}`);
  }
}

export function ensureDesktopLibraries() {
  if (process.platform === 'linux') ensure(DESKTOP, 'the desktop app');
}

/** Without a keychain its test is left out, so that a failure here stops nothing. */
export function ensureKeyring() {
  if (process.platform !== 'linux') return;
  try {
    ensure(KEYRING, 'the keychain test');
  } catch (error) {
    say(
      `the keychain test is left out, its packages could not be installed: ${error.message.split('\n')[0]}`,
    );
  }
}

export function ensureCompiler() {
  if (process.platform === 'linux' && !COMPILER.every(have)) ensure(COMPILER, 'compiling the SQLite binding');
}
