import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { realEnvironment } from '../../../sync-server/store/environment.ts';
import type { Principal } from '../../../sync-server/store/principal.ts';
import type { Store } from '../../../sync-server/store/store.ts';
import type { Company } from '../company.ts';
import type { ServerDatabase } from '../database.ts';
import { type Counts, count } from '../history.ts';
import type { JudgedServer } from '../oracle.ts';
import { ownerOf, principalOf } from '../who.ts';
import { childEnv } from './env.ts';
import type { Pushed } from './line.ts';

const script = fileURLToPath(new URL('../../../sync-server/server.ts', import.meta.url));

/** The server as an admin starts it, and the database that it works on, opened beside it as the commands do. */
export class ServerProcess implements JudgedServer {
  readonly company: Company;
  restores = 0;
  readonly #data: string;
  readonly #database: ServerDatabase;
  readonly #counts: Counts;
  readonly #wrong: (what: string) => void;
  readonly #listens: (port: number) => Promise<unknown>;
  readonly #pushed: { readonly device: number; readonly one: Pushed }[] = [];
  #process: ChildProcess | undefined;
  #store: Store | undefined;
  #up: Promise<void> = Promise.resolve();

  /** @param listens hears its port each time it starts, and 0 when it is gone */
  constructor(
    company: Company,
    database: ServerDatabase & { readonly data: string },
    counts: Counts,
    wrong: (what: string) => void,
    listens: (port: number) => Promise<unknown>,
  ) {
    this.company = company;
    this.#data = database.data;
    this.#database = database;
    this.#counts = counts;
    this.#wrong = wrong;
    this.#listens = listens;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the database is not open');
    return this.#store;
  }

  principal(device: number): Promise<Principal> {
    const { who, id, name } = ownerOf(this.company, device);
    return principalOf(this.store, who, id, name);
  }

  /** A refresh token, as a sign-in with the right password gives it. */
  async signIn(device: number): Promise<string> {
    const { who, id, name } = ownerOf(this.company, device);
    const user = await this.store.accounts.userByEmail(who.email);
    if (user === undefined) throw new Error('nobody has this device');
    const known = { id, name, platform: 'linux', app: '0.1.0' };
    return (await this.store.sessions.signIn(user, known, '')).refreshToken;
  }

  start(): Promise<void> {
    this.#up = this.#start();
    return this.#up;
  }

  async #start(): Promise<void> {
    this.#store ??= await this.#database.open(realEnvironment);
    const env = {
      ...childEnv(this.company),
      ...{ ROADBOOK_DATA: this.#data, ROADBOOK_PORT: '0', ROADBOOK_LOG: 'error', ROADBOOK_BACKUP_HOURS: '0' },
    };
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#process = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('"level":50')) this.#wrong(`the server said ${line}`);
      else if (line.includes('rror')) count(this.#counts, `the server said ${line}`);
    });
    const port = await new Promise<number>((done, fail) => {
      child.once('exit', (code) => fail(new Error(`the server did not start: ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /listening on http:\/\/[^:]+:(\d+)/.exec(line) ?? [];
        if (found !== undefined) done(Number(found));
      });
    });
    await this.#listens(port);
  }

  isUp(): Promise<void> {
    return this.#up;
  }

  /** Kills it at once, and starts it again later. */
  async killAndStart(afterMillis: number): Promise<void> {
    await this.#up;
    this.#up = (async () => {
      await this.kill();
      await new Promise((done) => setTimeout(done, afterMillis));
      await this.#start();
    })();
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    count(this.#counts, 'server killed');
    await this.#listens(0);
  }

  async backUp(): Promise<void> {
    this.#store = await this.#database.backUp(this.store, realEnvironment);
    count(this.#counts, 'backup');
  }

  /** The newest backup takes the database's place: what came after it is gone. */
  async restore(): Promise<void> {
    if (!this.#database.hasBackup) return;
    await this.kill();
    await this.#store?.close();
    this.#store = undefined;
    await this.#database.restore(realEnvironment);
    this.restores += 1;
    count(this.#counts, 'restore');
    await this.start();
  }

  pushed(device: number, one: Pushed): void {
    this.#pushed.push({ device, one });
  }

  /** Of this life of the database alone. */
  get answered(): JudgedServer['answered'] {
    const { epoch } = this.store.origin;
    const mine = this.#pushed.filter(({ one }) => one.epoch === epoch);
    return new Map(mine.map(({ device, one }) => [one.text, { device, statuses: one.statuses }]));
  }

  async close(): Promise<void> {
    await this.#up.catch(() => undefined);
    await this.kill();
    await this.#store?.close();
    await this.#database.remove();
  }
}
