import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DevTools, Inspector, type Page } from './devtools.ts';
import { tree } from './memory.ts';
import { root } from './options.ts';

export interface Runtime {
  readonly executable: string;
  readonly electronVersion: string;
  readonly nativeBinding: string | null;
}

/** The Electron that set-up found. */
export function runtime(): Runtime {
  const file = join(root, 'node_modules', '.cache', 'roadbook', 'runtime.json');
  if (!existsSync(file)) throw new Error('There is no Electron yet: run `npm run setup` first.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Flags that both sides start with, so that a ratio compares apps and nothing else. */
export const flags: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
];

export interface Desktop {
  readonly pid: number;
  /** Milliseconds since 1970 at which the process was started. */
  readonly startedAt: number;
  readonly tools: DevTools;
  readonly page: Page;
  /** The main process itself, when it was started with `--inspect=0`. */
  readonly main: Page | undefined;
  stop(): Promise<void>;
}

/** Starts an app folder in the Electron runtime; answers once its first window can be spoken to. */
export async function launch(
  app: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Desktop> {
  const startedAt = Date.now();
  const child = spawn(runtime().executable, [app, ...flags, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  try {
    const told = listen(child);
    const tools = await DevTools.connect(await told('DevTools listening on '));
    const inspector = args.includes('--inspect=0')
      ? await Inspector.connect(await told('Debugger listening on '))
      : undefined;
    const page = await tools.page();
    const stop = async () => {
      tools.close();
      inspector?.close();
      end(child, 'SIGTERM');
      const killed = setTimeout(() => end(child, 'SIGKILL'), 10_000);
      await ended;
      clearTimeout(killed);
    };
    return { pid: child.pid ?? 0, startedAt, tools, page, main: inspector?.page, stop };
  } catch (error) {
    end(child, 'SIGKILL');
    throw error;
  }
}

/** An Electron is many processes; asked kindly, the first one ends the others. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of signal === 'SIGKILL' ? tree(child.pid).reverse() : [child.pid]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Addresses that the app says it listens at, by the words before them. */
function listen(child: ChildProcess): (words: string) => Promise<string> {
  const said: string[] = [];
  const waiting = new Set<() => void>();
  let code: number | null | undefined;
  const look = () => {
    for (const again of waiting) again();
  };
  child.stdout?.resume();
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      look();
    });
  }
  child.once('exit', (status) => {
    code = status;
    look();
  });
  return (words) =>
    new Promise((done, fail) => {
      const again = () => {
        const line = said.find((candidate) => candidate.startsWith(words));
        if (line !== undefined) done(line.slice(words.length).trim());
        else if (code !== undefined) fail(new Error(`The app ended with ${code}:\n${said.join('\n')}`));
        else return;
        waiting.delete(again);
      };
      waiting.add(again);
      again();
    });
}

/** A virtual screen where there is none. Answers with what ends it. */
export async function screen(): Promise<() => void> {
  if (process.platform !== 'linux' || process.env.DISPLAY) return () => undefined;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((done, fail) => {
    server.once('error', fail);
    server.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.once('data', (data) => done(String(data).trim()));
  });
  process.env.DISPLAY = `:${number}`;
  return () => void server.kill();
}
