import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Accounts } from './accounts.ts';
import { Devices } from './devices.ts';
import { type Db, openDatabase, snapshot } from './dialect.ts';
import { type Environment, realEnvironment } from './environment.ts';
import { lockAsReader } from './lock.ts';
import { durableThroughOf, originOf } from './meta.ts';
import { migrate } from './migrations/index.ts';
import { DeviceOrders } from './orders.ts';
import { checkEncoding, type PostgresOptions } from './postgres.ts';
import type { Principal } from './principal.ts';
import { type Built, buildProjections } from './projections.ts';
import type { Origin } from './pull.ts';
import { Quarantine } from './quarantine.ts';
import { Repository } from './repository.ts';
import { Sessions } from './sessions.ts';
import { sightOf } from './sight.ts';
import type { FileLock } from './sqlite.ts';
import { Withdrawals } from './withdrawals.ts';

export interface StoreOptions {
  /** Folder of everything the server keeps, or, beside a PostgreSQL, of its signing key and reports. */
  readonly data: string;
  /** The PostgreSQL to use instead of a file in the folder. */
  readonly postgres?: PostgresOptions;
  readonly environment?: Environment;
  readonly busyTimeout?: number;
}

export const DATABASE_FILE = 'roadbook.sqlite';

/** The server's data: one SQLite file, or a PostgreSQL that several processes share. */
export class Store {
  readonly db: Db;
  readonly environment: Environment;
  readonly origin: Origin;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly devices: Devices;
  readonly orders: DeviceOrders;
  readonly quarantine: Quarantine;
  readonly withdrawals: Withdrawals;
  readonly data: string;
  /** What had to be built while it was opened; null when nothing had to be. */
  readonly built: Built | null;
  readonly #listeners = new Set<(tenant: string) => void>();
  readonly #lock: FileLock | null;

  private constructor(
    db: Db,
    lock: FileLock | null,
    options: StoreOptions,
    origin: Origin,
    built: Built | null,
  ) {
    this.built = built;
    this.db = db;
    this.#lock = lock;
    this.data = options.data;
    this.environment = environmentOf(options);
    this.origin = origin;
    this.accounts = new Accounts(db, this.environment, origin);
    this.sessions = new Sessions(db, this.environment);
    this.devices = new Devices(db, this.environment);
    this.orders = new DeviceOrders(db, this.environment);
    this.quarantine = new Quarantine(db, this.environment);
    this.withdrawals = new Withdrawals(db, this.environment);
  }

  /** @throws store.newer_version, server.data_in_use, server.database_unavailable */
  static async open(options: StoreOptions): Promise<Store> {
    if (options.postgres !== undefined) return Store.#openPostgres(options, options.postgres);
    const lock = lockAsReader(options.data);
    try {
      return await Store.#openFile(options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  static async #openFile(options: StoreOptions, lock: FileLock): Promise<Store> {
    const file = join(options.data, DATABASE_FILE);
    const isNew = !existsSync(file);
    const db = openDatabase({
      file,
      ...(options.busyTimeout === undefined ? {} : { busyTimeout: options.busyTimeout }),
    });
    if (isNew) chmodSync(file, 0o600);
    try {
      await migrate(db);
      const built = await buildProjections(db, environmentOf(options).now);
      return await Store.#on(db, lock, options, built);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  /** Many processes may have it open; of those that start at once, one brings it to its newest shape. */
  static async #openPostgres(options: StoreOptions, postgres: PostgresOptions): Promise<Store> {
    mkdirSync(options.data, { recursive: true, mode: 0o700 });
    const patient = openDatabase({ ...postgres, patient: true });
    let built: Built | null;
    try {
      await checkEncoding(patient);
      await migrate(patient);
      built = await buildProjections(patient, environmentOf(options).now);
    } finally {
      await patient.destroy();
    }
    const db = openDatabase(postgres);
    try {
      return await Store.#on(db, null, options, built);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  static async #on(
    db: Db,
    lock: FileLock | null,
    options: StoreOptions,
    built: Built | null,
  ): Promise<Store> {
    return new Store(db, lock, options, await originOf(db, environmentOf(options)), built);
  }

  repository(principal: Principal): Repository {
    return new Repository(this.db, this.environment, this.origin, principal, (tenant) =>
      this.committed(tenant),
    );
  }

  /** Calls `listener` after each commit of this process that gave out numbers. */
  onCommit(listener: (tenant: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  committed(tenant: string): void {
    for (const listener of this.#listeners) listener(tenant);
  }

  /** The buckets that somebody sees, with the version of the company's scopes that they were read from. */
  sightOf(principal: Principal): Promise<{ buckets: readonly string[]; version: number }> {
    return snapshot(this.db, async (tx) => {
      const { buckets } = await sightOf(tx, principal);
      const { scope_version: version } = await tx
        .selectFrom('tenants')
        .select('scope_version')
        .where('id', '=', principal.tenant)
        .executeTakeFirstOrThrow();
      return { buckets, version: Number(version) };
    });
  }

  async scopeVersions(tenants: readonly string[]): Promise<Map<string, number>> {
    if (tenants.length === 0) return new Map();
    const found = await this.db
      .selectFrom('tenants')
      .select(['id', 'scope_version'])
      .where('id', 'in', tenants)
      .execute();
    return new Map(found.map(({ id, scope_version }) => [id, Number(scope_version)]));
  }

  /** Commit number up to which a verified backup holds everything; 0 while there is none. */
  durableThrough(tenant: string): Promise<number> {
    return durableThroughOf(this.db, tenant);
  }

  async close(): Promise<void> {
    await this.db.destroy();
    this.#lock?.release();
  }
}

function environmentOf({ environment }: StoreOptions): Environment {
  return environment ?? realEnvironment;
}
