import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

export const SERVER = fileURLToPath(new URL('../../../sync-server/server.ts', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Its standard output up to the line that says that it listens. */
  readonly said: string;
  /** What it has written to standard error so far. */
  log(): string;
}

type Settings = Readonly<Record<string, string>>;

const environment = (data: string, settings: Settings) => ({
  ...process.env,
  ROADBOOK_DATA: data,
  ROADBOOK_PORT: '0',
  ROADBOOK_DEMO: '',
  ...settings,
});

/** A data folder for each test of a file; processes that a test leaves behind are ended with it. */
export function serverProcesses() {
  const running: ChildProcess[] = [];
  let data = '';
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'roadbook-process-'));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });
  return {
    get data() {
      return data;
    },
    /** The server as it is really started. */
    start: async (settings: Settings = {}): Promise<ServerProcess> => {
      const child = spawn(process.execPath, [SERVER], {
        env: environment(data, settings),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      return listening(child);
    },
    /** A command of the server that runs to its end. */
    run: (script: string, args: readonly string[], input = '') =>
      spawnSync(process.execPath, [script, ...args], {
        env: environment(data, {}),
        encoding: 'utf8',
        input,
        timeout: 60_000,
      }),
  };
}

async function listening(child: ChildProcess): Promise<ServerProcess> {
  let said = '';
  let logged = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    logged += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const ready = /^Roadbook sync server listening on (http:\/\/\S+)$/m.exec(said);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.once('close', () => reject(new Error(`the server ended: ${logged}`)));
  });
  return { child, url, said, log: () => logged };
}

/** Asks a server to end; returns its exit code. */
export async function stop(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Kills a server as a power cut would, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
