import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const system = join(import.meta.dirname, '../../../scripts/setup/system.mjs');
let bin: string;
let asked: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'roadbook-system-'));
  asked = join(bin, 'asked');
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

function program(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A Debian that has these packages, and whose apt-get notes what it is asked for. */
function debian(installed: readonly string[], apt = 'exit 0'): void {
  const lines = installed.map((name) => `printf '%s\\t1.0\\n' ${name}`).join('\n');
  program('dpkg-query', lines);
  program('apt-get', `echo "$@" >> ${asked}\n${apt}`);
}

/** What set-up says about the keychain to a person with this user id. */
function ensureKeyring(uid: number): { code: number | null; said: string } {
  const script = `process.getuid = () => ${uid}; (await import(${JSON.stringify(system)})).ensureKeyring();`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  return { code: status, said: stdout };
}

const onLinux = it.skipIf(process.platform !== 'linux');
const askedOf = (): string => (existsSync(asked) ? readFileSync(asked, 'utf8') : '');

onLinux('a fresh Debian gets the keychain that the tests use, when root asks', () => {
  debian(['dbus', 'libsecret-1-0:amd64']);
  const { code, said } = ensureKeyring(0);
  expect(code).toBe(0);
  expect(said).toBe('roadbook: installing system packages for the keychain test: gnome-keyring\n');
  expect(askedOf()).toMatch(/^update .*\ninstall -y .* gnome-keyring\n$/);
});

onLinux('whoever may not install reads one line that says what to install', () => {
  debian([]);
  const { said } = ensureKeyring(1000);
  expect(said).toBe(
    'roadbook: the keychain test needs system packages: sudo apt-get install -y dbus gnome-keyring libsecret-1-0\n',
  );
  expect(askedOf()).toBe('');
});

onLinux('packages that cannot be had stop nothing, and are said in one line', () => {
  debian([], 'echo "no network" >&2; exit 100');
  const { code, said } = ensureKeyring(0);
  expect(code).toBe(0);
  expect(said.split('\n')).toHaveLength(3);
  expect(said).toContain('roadbook: the keychain test is left out, its packages could not be installed');
});

onLinux('a machine that has everything hears nothing of it', () => {
  debian(['dbus', 'gnome-keyring', 'libsecret-1-0t64']);
  expect(ensureKeyring(0)).toEqual({ code: 0, said: '' });
  expect(askedOf()).toBe('');
});
