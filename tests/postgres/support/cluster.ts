import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPostgres } from '../../../scripts/test/postgres.mjs';

/** A PostgreSQL of its own: in a temporary folder, on a free port of the loopback, for as long as it is needed. */
export interface Cluster {
  /** Address of its first database; the path names another one. */
  readonly url: string;
  readonly port: number;
  /** Ends it as its admin would in a hurry, and starts it again on the same port and data. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether somebody who owns nothing gets to a folder. */
function everybodyReaches(folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The data is thrown away: nothing has to reach the disk. That commits may be lost is for the server to put right. */
const SETTINGS = [
  ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'unix_socket_directories='],
  ...['listen_addresses=127.0.0.1', 'max_connections=200', 'shared_buffers=64MB', 'log_min_messages=log'],
];

export async function startCluster(): Promise<Cluster> {
  const found = findPostgres();
  if (found.folder === undefined) throw new Error(found.missing);
  const as = unprivileged();
  const home = mkdtempSync(join(tmpdir(), 'roadbook-postgres-'));
  try {
    let folder = found.folder;
    if (as !== undefined) {
      chownSync(home, as.uid, as.gid);
      if (!everybodyReaches(folder)) {
        folder = join(home, 'native');
        cpSync(found.folder, folder, { recursive: true, verbatimSymlinks: true });
      }
    }
    const program = (name: string) =>
      join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
    const data = join(home, 'data');
    // Ordered as people order words, so that nothing can rely on the order of bytes.
    const locale = ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--encoding=UTF8'];
    const args = ['-D', data, '--auth=trust', '--username=roadbook', '--no-sync', ...locale];
    execFileSync(program('initdb'), args, { ...as, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
    const port = await freePort();
    const postgres = [program('postgres'), '-D', data, '-p', String(port)];
    const command = [...postgres, ...SETTINGS.flatMap((setting) => ['-c', setting])];
    let running = await run(command, { ...as, cwd: home });
    return {
      url: `postgres://roadbook@127.0.0.1:${port}/postgres`,
      port,
      down: () => end(running),
      up: async () => {
        running = await run(command, { ...as, cwd: home });
      },
      remove: async () => {
        await end(running);
        rmSync(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/** Ends the program when its own input ends: that happens however the one ends who has started it. */
const WATCH = '"$@" & child=$!; cat >/dev/null; kill -QUIT $child; wait $child';

const START = 60_000;

async function run(
  command: string[],
  how: { cwd: string; uid?: number; gid?: number },
): Promise<ChildProcess> {
  const [program = '', ...args] =
    process.platform === 'win32' ? command : ['sh', '-c', WATCH, 'sh', ...command];
  const child = spawn(program, args, { ...how, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => {
      child.stdin?.end();
      failed(new Error(`PostgreSQL did not start in ${START / 1000} s: ${said}`));
    }, START);
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (!said.includes('ready to accept connections')) return;
      clearTimeout(late);
      ready();
    });
    child.once('close', () => {
      clearTimeout(late);
      failed(new Error(`PostgreSQL ended: ${said}`));
    });
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  if (process.platform === 'win32') child.kill();
  else child.stdin?.end();
  await gone;
}
