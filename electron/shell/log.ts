import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import logger from 'electron-log/node';
import { describeError, type LogFields, redact } from './redact.ts';

/** Where the main process writes what happened. Events are fixed words; fields are redacted. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** An unexpected failure: class, code and frames of the error, never its message. */
  error(event: string, error: unknown, fields?: LogFields): void;
}

const MAX_BYTES = 512 * 1024;
/** Older files beside the current one. */
const KEPT = 4;
const FILE = 'roadbook.log';

/** A log in `folder`: one current file, a few older ones, nothing sent anywhere. */
export function openLog(folder: string, options: { readonly echo: boolean }): Log {
  const { file, console: echo, ipc, remote } = logger.transports;
  // Nothing goes to windows or to other machines. Outside Electron the first of them does not exist.
  if (ipc) ipc.level = false;
  remote.level = false;
  echo.level = options.echo ? 'warn' : false;
  file.level = 'info';
  file.maxSize = MAX_BYTES;
  file.format = '{y}-{m}-{d}T{h}:{i}:{s}.{ms} {level} {text}';
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.resolvePathFn = () => join(folder, FILE);
  file.archiveLogFn = () => rotate(folder);
  const line = (event: string, fields: LogFields) => `${event} ${JSON.stringify(redact(fields))}`;
  return {
    info: (event, fields = {}) => logger.info(line(event, fields)),
    warn: (event, fields = {}) => logger.warn(line(event, fields)),
    error: (event, error, fields = {}) => {
      const described = describeError(error);
      const text = line(event, { ...fields, ...described.fields });
      logger.error(described.frames.length === 0 ? text : `${text} ${described.frames.join(' < ')}`);
    },
  };
}

/** For tests and for moments before the log is open. */
export const silent: Log = { info() {}, warn() {}, error() {} };

/** roadbook.log -> roadbook.1.log -> … ; the oldest one falls off. */
export function rotate(folder: string): void {
  const name = (index: number) => join(folder, index === 0 ? FILE : `roadbook.${index}.log`);
  for (let index = KEPT - 1; index >= 0; index -= 1) {
    if (existsSync(name(index))) renameSync(name(index), name(index + 1));
  }
}

/** The newest lines over all files, oldest first. */
export function lastLines(folder: string, count: number): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => /^roadbook(\.\d+)?\.log$/.test(file))
    .sort((a, b) => ageOf(b) - ageOf(a));
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return lines.filter((text) => text.trim() !== '').slice(-count);
}

function ageOf(file: string): number {
  return Number(/\.(\d+)\.log$/.exec(file)?.[1] ?? 0);
}
