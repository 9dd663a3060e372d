import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, instant } from '../store/environment.ts';
import { UNFINISHED } from './backup.ts';
import type { Answer } from './backup-child.ts';
import { Recurring } from './recurring.ts';

export interface BackupSettings {
  readonly data: string;
  readonly folder: string;
  /** Hours between two backups; 0 = none. */
  readonly hours: number;
  /** Scheduled backups that are kept; those that a person has made are never removed. */
  readonly keep: number;
}

/** What health and console tell. */
export interface BackupHealth {
  readonly state: 'off' | 'waiting' | 'ok' | 'failed';
  /** Of the newest scheduled backup that read back. */
  readonly lastAt: string | null;
  readonly failedAt: string | null;
  /** Why the last try failed; for the admin. */
  readonly reason: string;
}

export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const NAME = 'roadbook-scheduled';
const CHILD = fileURLToPath(new URL('backup-child.ts', import.meta.url));
const HOUR = 3_600_000;
/** Milliseconds after a start in which the server has better things to do. */
const SETTLE = 60_000;
/** Milliseconds until a failed backup is tried again. */
const RETRY = 900_000;

/** Makes a verified backup every few hours and keeps the newest ones. */
export class ScheduledBackups {
  readonly #settings: BackupSettings;
  readonly #environment: Environment;
  readonly #log: Log;
  readonly #recurring = new Recurring((signal) => this.#run(signal));
  #lastAt: string | null;
  #failed: { readonly at: string; readonly reason: string } | null = null;

  constructor(settings: BackupSettings, environment: Environment, log: Log) {
    this.#settings = settings;
    this.#environment = environment;
    this.#log = log;
    const newest = this.#made().at(-1);
    this.#lastAt = newest === undefined ? null : instant(newest.at);
  }

  get #every(): number {
    return this.#settings.hours * HOUR;
  }

  health(): BackupHealth {
    const off = this.#settings.hours === 0;
    return {
      state: off ? 'off' : this.#failed !== null ? 'failed' : this.#lastAt === null ? 'waiting' : 'ok',
      lastAt: this.#lastAt,
      failedAt: this.#failed?.at ?? null,
      reason: this.#failed?.reason ?? '',
    };
  }

  /** The first one is due when the newest is old enough, also when it was made before this start. */
  start(): void {
    if (this.#settings.hours === 0) return;
    const due = this.#lastAt === null ? 0 : Date.parse(this.#lastAt) + this.#every - this.#environment.now();
    this.#recurring.start(Math.max(due, Math.min(SETTLE, this.#every)));
  }

  stop(): Promise<void> {
    return this.#recurring.stop();
  }

  async #run(signal: AbortSignal): Promise<number> {
    const startedAt = this.#environment.now();
    try {
      this.#removeUnfinished();
      const { folder, data } = this.#settings;
      const { file, through } = await inChild([data, folder, NAME], signal);
      const now = this.#environment.now();
      this.#lastAt = instant(now);
      this.#failed = null;
      const removed = this.#removeOld();
      const fields = { file, bytes: statSync(file).size, through, removed, millis: now - startedAt };
      this.#log.info({ backup: fields }, 'backup');
      return this.#every;
    } catch (error) {
      if (signal.aborted) return 0;
      this.#failed = { at: instant(this.#environment.now()), reason: (error as Error).message };
      this.#log.error({ err: error }, 'backup failed');
      return Math.min(this.#every, RETRY);
    }
  }

  /** Scheduled backups, oldest first. */
  #made(): { readonly file: string; readonly at: number }[] {
    const { folder } = this.#settings;
    return list(folder)
      .filter((name) => name.startsWith(`${NAME}-`) && name.endsWith('.sqlite'))
      .sort()
      .map((name) => join(folder, name))
      .map((file) => ({ file, at: statSync(file).mtimeMs }));
  }

  #removeOld(): number {
    const made = this.#made();
    const old = made.slice(0, Math.max(0, made.length - this.#settings.keep));
    for (const { file } of old) rmSync(file);
    return old.length;
  }

  /** What a backup leaves behind that was killed on the way. */
  #removeUnfinished(): void {
    const { folder } = this.#settings;
    for (const name of list(folder)) {
      if (name.startsWith(`${NAME}-`) && name.includes(UNFINISHED)) rmSync(join(folder, name));
    }
  }
}

/** The folder comes with its first backup. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // What stands in its way is the backup's to report.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

async function inChild(
  args: readonly string[],
  signal: AbortSignal,
): Promise<Extract<Answer, { file: string }>> {
  const child = fork(CHILD, [...args], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  let answer: Answer | undefined;
  child.once('message', (message) => {
    answer = message as Answer;
  });
  try {
    await once(child, 'close');
  } finally {
    signal.removeEventListener('abort', kill);
  }
  if (answer === undefined) throw new Error(`the backup ended without a word: ${said.slice(0, 500)}`);
  if ('code' in answer) throw new Error(answer.reason);
  return answer;
}
