import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { values } from '../../../electron/records/context.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import type { StoredSession } from '../../../electron/records/stored-session.ts';
import { Engine } from '../../../electron/store/engine/engine.ts';
import type { SyncStatus } from '../../../shared/ipc/session.ts';
import { type Company, STORE_FILE, storeOptions } from '../company.ts';
import type { Said } from '../device.ts';
import { type Counts, count } from '../history.ts';
import type { JudgedDevice } from '../oracle.ts';
import { ownerOf, userOf } from '../who.ts';
import { childEnv } from './env.ts';
import type { Pushed } from './line.ts';
import type { LineState, Order, Reply, Told } from './messages.ts';

const script = fileURLToPath(new URL('./device.ts', import.meta.url));

export interface MemberParts {
  readonly company: Company;
  readonly folder: string;
  readonly index: number;
  readonly seed: number;
  readonly counts: Counts;
  readonly wrong: (what: string) => void;
  readonly pushed: (device: number, pushed: Pushed) => void;
}

/** One device of a history: its files, and the process that runs on them at the moment. */
export class Member implements JudgedDevice {
  readonly index: number;
  readonly user: { readonly id: string };
  readonly made = new Map<string, Said>();
  readonly said: Said[] = [];
  readonly left = new Set<string>();
  readonly held = new Set<string>();
  skew = 0;
  line: LineState = { port: 0, up: true, down: true, bad: 0 };
  readonly #parts: MemberParts;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #waiting = new Map<number, (status: SyncStatus | undefined) => void>();
  #orders = 0;
  #lives = 0;
  #stopping = false;
  #up: Promise<void> = Promise.resolve();
  #engine: Engine | undefined;

  constructor(parts: MemberParts) {
    this.#parts = parts;
    this.index = parts.index;
    this.user = userOf(parts.company, parts.index);
    this.#folder = join(parts.folder, `device-${parts.index}`);
    mkdirSync(this.#folder);
    const file = profileFiles(this.#folder).store;
    for (const name of readdirSync(parts.company.store)) {
      copyFileSync(join(parts.company.store, name), file + name.slice(STORE_FILE.length));
    }
    const engine = this.#open();
    engine.commit({
      values: { [values.session]: this.session(parts.company.refreshTokens[this.index] ?? '') },
    });
    engine.close();
  }

  /** A session that begins by renewing its tokens. */
  session(refreshToken: string): StoredSession {
    const { company } = this.#parts;
    const { id, name } = ownerOf(company, this.index);
    const user = userOf(company, this.index);
    const device = { id, name };
    return { server: 'http://127.0.0.1:1', device, user, accessToken: '', expiresAt: 0, refreshToken };
  }

  #open(): Engine {
    const { store: file } = profileFiles(this.#folder);
    return new Engine({ ...storeOptions, file, create: false }, () => undefined);
  }

  /** Resolves when its process has begun to sync. */
  start(): Promise<void> {
    this.#up = this.#start();
    return this.#up;
  }

  async #start(): Promise<void> {
    this.#lives += 1;
    const { seed } = this.#parts;
    const birth = { folder: this.#folder, index: this.index, seed, life: this.#lives };
    const args = [script, JSON.stringify({ ...birth, line: this.line, skew: this.skew, full: 0 })];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: childEnv(this.#parts.company),
    });
    this.#process = child;
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk;
    });
    const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    const began = new Promise<void>((done) => {
      child.on('message', (message: Told | Reply) => {
        if ('order' in message) this.#answered(message.order, message.status);
        else if (message.told === 'ready') done();
        else this.#heard(message);
      });
    });
    const over = ended.then(() => this.#ended(child, complaint));
    await Promise.race([began, over]);
  }

  /** Everything that the process has said is heard by now. */
  async #ended(child: ChildProcess, complaint: string): Promise<void> {
    for (const id of [...this.#waiting.keys()]) this.#answered(id, undefined);
    this.#process = undefined;
    if (this.#stopping) return;
    if (child.signalCode !== 'SIGKILL') {
      this.#parts.wrong(`device ${this.index} ended by itself (${child.exitCode}): ${complaint}`);
      return;
    }
    count(this.#parts.counts, 'device killed');
    await this.start();
  }

  #answered(id: number, status: SyncStatus | undefined): void {
    const answered = this.#waiting.get(id);
    this.#waiting.delete(id);
    answered?.(status);
  }

  #heard(told: Told): void {
    const { counts, wrong, pushed } = this.#parts;
    switch (told.told) {
      case 'making':
        for (const one of told.made) this.made.set(one.mutation.id, one);
        for (const id of told.held) this.held.add(id);
        for (const name of told.left) this.left.add(name);
        return;
      case 'saved':
        for (const id of told.ids) {
          const one = this.made.get(id);
          if (one !== undefined) this.said.push(one);
        }
        return;
      case 'pushed':
        pushed(this.index, told);
        return;
      case 'count':
        count(counts, told.name);
        return;
      case 'wrong':
        wrong(told.what);
        return;
      case 'ready':
    }
  }

  /** @returns how its sync stands then; undefined when the process died before it could answer */
  async order(order: Order): Promise<SyncStatus | undefined> {
    const child = this.#process;
    if (child === undefined || !child.connected) return undefined;
    this.#orders += 1;
    const id = this.#orders;
    const answer = new Promise<SyncStatus | undefined>((done) => this.#waiting.set(id, done));
    child.send({ id, order }, (error) => {
      if (error !== null) this.#answered(id, undefined);
    });
    return answer;
  }

  change(line: Partial<LineState>): Promise<unknown> {
    this.line = { ...this.line, ...line };
    return this.order({ do: 'line', line: this.line });
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** Waits until a process that was killed has been followed by another one. */
  async isUp(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#up; ) {
      seen = this.#up;
      await seen;
    }
  }

  /** Ends it, in order or not; from then on its files can be read. */
  async end(inOrder: boolean): Promise<void> {
    await this.isUp();
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    if (inOrder) await this.order({ do: 'stop' });
    child.kill('SIGKILL');
    await gone;
  }

  get engine(): Engine {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  close(): void {
    this.#engine?.close();
  }
}
