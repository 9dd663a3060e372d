import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ended } from './process-tree.ts';
import { node24, root } from './runtime.ts';

/** Exports of a real sales team; they lie beside the checkout and are never part of it. */
export const exportsDir = join(root, '..', 'shared', 'data', 'maven-crm');
export const hasExports = existsSync(join(exportsDir, 'sales_pipeline.csv'));

const READY = /^Roadbook sync server listening on http:\/\/\S+:(\d+)/;

export type Role = 'admin' | 'manager' | 'rep' | 'read-only';

export interface Person {
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A company on a sync server that runs as a process of its own, on one folder. */
export class Company {
  readonly data: string;
  readonly output: string[] = [];
  #server: ChildProcess | undefined;
  #port = 0;
  readonly #given: Person[] = [];

  constructor() {
    this.data = mkdtempSync(join(tmpdir(), 'roadbook-server-'));
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Those whose passwords were printed, as a person reads them from the screen, and those given one by a test. */
  people(role: Role): Person[] {
    const printed = this.output.flatMap((line) => {
      const [, who, name, email, password] =
        /^ {2}(\S+) {2,}(\S.*?) {2,}(\S+@\S+) {2,}(\S+)$/.exec(line) ?? [];
      if (who !== role || !name || !email || !password) return [];
      return [{ role, name, email, password }];
    });
    return [...printed, ...this.#given.filter((person) => person.role === role)];
  }

  person(role: Role, index = 0): Person {
    const found = this.people(role)[index];
    if (found === undefined)
      throw new Error(`No ${role} number ${index + 1} was printed:\n${this.output.join('\n')}`);
    return found;
  }

  /** Starts the server; the second start takes the same port, because devices know it. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const server = this.#spawn(['sync-server/server.ts'], {
      ROADBOOK_PORT: String(this.#port),
      ...env,
    });
    this.#server = server;
    this.#port = await new Promise<number>((done, fail) => {
      server.once('exit', (code) =>
        fail(new Error(`The server ended with ${code}:\n${this.output.join('\n')}`)),
      );
      this.#lines(server, (line) => {
        const ready = READY.exec(line);
        if (ready) done(Number(ready[1]));
      });
    });
    server.removeAllListeners('exit');
  }

  /** Reads exports into the server's folder, as an admin does: with the command, while no server runs. */
  async import(folder: string): Promise<string> {
    return this.#run(['sync-server/import/cli.ts', folder]);
  }

  /** Gives somebody of the imported company a password, or adds an admin, as an admin does: on the command line. */
  async give(role: Role, name: string, email: string): Promise<void> {
    const act = role === 'admin' ? ['add', email, '--name', name, '--role', role] : ['password', email];
    const said = await this.#run(['sync-server/cli.ts', 'users', ...act]);
    const password = /shown once: (\S+)/.exec(said)?.[1];
    if (password === undefined) throw new Error(`No password was printed for ${email}:\n${said}`);
    this.#given.push({ role, name, email, password });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.pid === undefined) return;
    server.kill('SIGTERM');
    await ended([server.pid]);
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  async #run(args: readonly string[]): Promise<string> {
    const run = this.#spawn(args, {});
    const lines: string[] = [];
    this.#lines(run, (line) => lines.push(line));
    const code = await new Promise((done) => run.once('close', done));
    const said = lines.join('\n');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said}`);
    return said;
  }

  #spawn(args: readonly string[], env: Record<string, string>): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    return spawn(node24, args, {
      cwd: root,
      env: { PATH, HOME, ROADBOOK_DATA: this.data, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #lines(child: ChildProcess, take: (line: string) => void): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.output.push(line);
        take(line);
      });
    }
  }
}
