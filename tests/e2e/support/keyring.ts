import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

const programs = ['dbus-daemon', 'gnome-keyring-daemon', 'dbus-send'];

/** Why there can be no keyring here; null where there can. */
export function whyNoKeyring(): string | null {
  if (process.platform !== 'linux') return 'GNOME Keyring is a keychain of Linux';
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing.length === 0) return null;
  return `${missing.join(' and ')} not found; on Debian: apt-get install gnome-keyring dbus libsecret-1-0`;
}

/** A session bus with a real, unlocked GNOME Keyring on it, whose secrets lie in a temporary folder. */
export class Keyring {
  readonly #home = mkdtempSync(join(tmpdir(), 'roadbook-keyring-'));
  readonly #processes: ChildProcess[] = [];
  #address = '';

  /** What a program needs in its environment to find it. */
  get env(): Record<string, string> {
    return { DBUS_SESSION_BUS_ADDRESS: this.#address };
  }

  async start(): Promise<void> {
    const runtime = join(this.#home, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const env = { PATH: process.env.PATH ?? '', HOME: this.#home, XDG_RUNTIME_DIR: runtime };
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#processes.push(bus);
    for await (const line of createInterface({ input: bus.stdout })) {
      this.#address = line.trim();
      break;
    }
    const withBus = { ...env, ...this.env };
    const daemon = spawn('gnome-keyring-daemon', ['--unlock', '--foreground', '--components=secrets'], {
      env: withBus,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#processes.push(daemon);
    daemon.stdin.end('the password of the person at this computer');
    await until(() => hasOwner('org.freedesktop.secrets', withBus), { what: 'the keyring to be there' });
  }

  stop(): void {
    for (const child of this.#processes.splice(0).reverse()) child.kill('SIGKILL');
    rmSync(this.#home, { recursive: true, force: true });
  }
}

function hasOwner(name: string, env: Record<string, string>): Promise<boolean> {
  const args = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    `string:${name}`,
  ];
  return new Promise((done, fail) => {
    const child = spawn('dbus-send', args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    child.once('error', fail);
    child.once('close', () => done(said.includes('boolean true')));
  });
}
