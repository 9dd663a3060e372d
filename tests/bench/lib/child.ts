import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child<T> {
  readonly pid: number;
  /** The child's next message. */
  next(): Promise<T>;
  send(message: object | string): void;
  stop(): Promise<void>;
}

/** A process of its own, so that its memory and its event loop are its own. */
export function child<T>(name: string, args: readonly string[] = []): Child<T> {
  const file = fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url));
  const process = fork(file, args, { serialization: 'advanced' });
  return {
    pid: process.pid ?? 0,
    next: () => message<T>(process, name),
    send: (value) => void process.send(value),
    stop: async () => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      const ended = once(process, 'exit');
      process.kill('SIGTERM');
      await ended;
    },
  };
}

function message<T>(process: ChildProcess, name: string): Promise<T> {
  return new Promise((done, fail) => {
    const gone = (code: number | null) => fail(new Error(`${name} ended with ${code}`));
    process.once('exit', gone);
    process.once('message', (value) => {
      process.off('exit', gone);
      done(value as T);
    });
  });
}
