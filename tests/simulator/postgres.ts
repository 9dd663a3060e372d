import { mkdirSync } from 'node:fs';
import pg from 'pg';
import { backupHolds, takeMark, wasRestored } from '../../sync-server/ops/backups-elsewhere.ts';
import type { Environment } from '../../sync-server/store/environment.ts';
import { Store } from '../../sync-server/store/store.ts';
import { copyOf, type Databases, type ServerDatabase } from './database.ts';

/** Few enough that the four devices of a history wait for each other now and then. */
const CONNECTIONS = 3;

/** Databases of one PostgreSQL, made for histories and dropped after them. */
export class PostgresDatabases implements Databases {
  readonly #url: string;
  readonly #admin: pg.Client;
  /** Names by data folder. */
  readonly #names = new Map<string, string>();
  #made = 0;

  private constructor(url: string, admin: pg.Client) {
    this.#url = url;
    this.#admin = admin;
  }

  /** @param url of a database whose user may make others */
  static async connect(url: string): Promise<PostgresDatabases> {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    return new PostgresDatabases(url, admin);
  }

  async empty(data: string): Promise<ServerDatabase> {
    const name = this.#next();
    await this.ask(`create database ${name}`);
    return this.#in(data, name);
  }

  async copy(data: string, folder: string): Promise<ServerDatabase> {
    const from = this.#names.get(data);
    if (from === undefined) throw new Error('nothing is kept here for this folder');
    const name = this.#next();
    await this.duplicate(from, name);
    return this.#in(copyOf(data, folder), name);
  }

  #in(data: string, name: string): ServerDatabase {
    mkdirSync(data, { recursive: true });
    this.#names.set(data, name);
    return new Kept(this, data, name);
  }

  #next(): string {
    this.#made += 1;
    return `simulated_${process.pid}_${this.#made}`;
  }

  async ask(statement: string): Promise<void> {
    await this.#admin.query(statement);
  }

  async duplicate(from: string, to: string): Promise<void> {
    await this.cutOff(from);
    await this.ask(`create database ${to} template ${from}`);
  }

  /** Ends every connection to a database and waits until the last one is gone. */
  async cutOff(name: string): Promise<void> {
    await this.#admin.query(
      'select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1',
      [name],
    );
  }

  drop(name: string): Promise<void> {
    return this.ask(`drop database if exists ${name} with (force)`);
  }

  urlOf(name: string): string {
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async close(): Promise<void> {
    for (const name of this.#names.values()) await this.drop(name);
    await this.#admin.end();
  }
}

/** One server's database, and the copy that stands for its newest backup. */
class Kept implements ServerDatabase {
  readonly #all: PostgresDatabases;
  readonly data: string;
  readonly #name: string;
  hasBackup = false;

  constructor(all: PostgresDatabases, data: string, name: string) {
    this.#all = all;
    this.data = data;
    this.#name = name;
  }

  get #backup(): string {
    return `${this.#name}_backup`;
  }

  open(environment: Environment): Promise<Store> {
    const postgres = { url: this.#all.urlOf(this.#name), connections: CONNECTIONS };
    return Store.open({ data: this.data, postgres, environment });
  }

  async backUp(store: Store, environment: Environment): Promise<Store> {
    const mark = await takeMark(store);
    await store.close();
    await this.#all.drop(this.#backup);
    await this.#all.duplicate(this.#name, this.#backup);
    this.hasBackup = true;
    const again = await this.open(environment);
    await backupHolds(again, mark);
    return again;
  }

  async restore(environment: Environment): Promise<void> {
    await this.#all.drop(this.#name);
    await this.#all.duplicate(this.#backup, this.#name);
    const store = await this.open(environment);
    try {
      await wasRestored(store);
    } finally {
      await store.close();
    }
  }

  /** One look at the sockets: an answer of the database may have come. */
  step(): Promise<void> {
    return new Promise((done) => setImmediate(done));
  }

  cutOff(): Promise<void> {
    return this.#all.cutOff(this.#name);
  }

  async remove(): Promise<void> {
    await this.#all.drop(this.#name);
    await this.#all.drop(this.#backup);
  }
}
