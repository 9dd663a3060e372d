import { setTimeout as delay } from 'node:timers/promises';
import {
  CompiledQuery,
  type Dialect,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
  type TransactionBuilder,
} from 'kysely';
import pg from 'pg';
import { mayRunAgain, translated, unavailable } from './postgres-errors.ts';
import type { Tables } from './schema.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database?sslmode=… */
  readonly url: string;
  /** Most connections of this process; 10 by default. */
  readonly connections?: number;
  /** Work that may take as long as it wants, on one connection: bringing the database to a new shape. */
  readonly patient?: boolean;
}

const CONNECTIONS = 10;
/** Milliseconds that a request waits for a free connection or for a new one. */
const CONNECT = 5_000;
/** Milliseconds of one statement, waiting for the company's counter included. */
const STATEMENT = 30_000;
/** Milliseconds a transaction may stand still: a process that hangs must not keep the others from a company's counter. */
const IDLE = 15_000;
/** Times that a transaction is done again when it and another one stood in each other's way. */
const TRIES = 5;

/** A database whose transactions are done again when they lost against another one. */
export function openPostgres(options: PostgresOptions): Kysely<Tables> {
  return new Again({ dialect: dialect(options) });
}

function dialect({ url, connections = CONNECTIONS, patient = false }: PostgresOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: patient ? 1 : connections,
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    application_name: 'roadbook',
    // The driver's own limit is for a network that swallows everything: the server's comes first.
    ...(patient
      ? {}
      : {
          statement_timeout: STATEMENT,
          query_timeout: STATEMENT + CONNECT,
          idle_in_transaction_session_timeout: IDLE,
        }),
    types: { getTypeParser },
  });
  // A connection that ends while nobody uses it is not worth a word: the next request opens another one. Without
  // listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({
    pool: new Translating(pool),
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(DURABLE));
    },
  });
}

/** An accepted change is on the disk before its verdict leaves, also where the database is set to be quicker than that. */
const DURABLE = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`;

/** @throws Error for a database that cannot hold the texts of every language */
export async function checkEncoding(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db);
  const encoding = rows[0]?.server_encoding;
  if (encoding !== 'UTF8') throw new Error(`The database has the encoding ${encoding}; it needs UTF8.`);
}

const INT8 = 20;
const NUMERIC = 1700;

/** bigint and sums of it come as text, because they can be larger than a number holds. Ours never are. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (format !== 'binary' && (oid === INT8 || oid === NUMERIC)) return toInteger;
  return pg.types.getTypeParser(oid, format as 'text');
}

export function toInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no whole number that can be trusted`);
  return value;
}

/** The pool with errors that the rest of the server understands. */
class Translating implements PostgresPool {
  readonly #pool: pg.Pool;
  /** Kysely knows a connection again by its object. */
  readonly #clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  get options(): object {
    return this.#pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw translated(error);
    });
    const known = this.#clients.get(client);
    if (known !== undefined) return known;
    const fresh = translating(client);
    this.#clients.set(client, fresh);
    return fresh;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

function translating(client: pg.PoolClient): PostgresPoolClient {
  const query = async <R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    try {
      return (await client.query(text, values.map(storable))) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      throw translated(error);
    }
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  };
}

/** PostgreSQL's texts hold every character but this one. Values of records are JSON, where it is written in letters. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

class Again extends Kysely<Tables> {
  override transaction(): TransactionBuilder<Tables> {
    return again(super.transaction());
  }
}

/** The work must not leave anything outside of its transaction behind: it may run more than once. */
function again(builder: TransactionBuilder<Tables>): TransactionBuilder<Tables> {
  const { execute, setIsolationLevel, setAccessMode } = builder;
  builder.setIsolationLevel = (level) => again(setIsolationLevel.call(builder, level));
  builder.setAccessMode = (mode) => again(setAccessMode.call(builder, mode));
  builder.execute = async <T>(work: Parameters<typeof execute<T>>[0]): Promise<T> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await execute.call<typeof builder, [typeof work], Promise<T>>(builder, work);
      } catch (error) {
        if (!mayRunAgain(error)) throw error;
        if (tried === TRIES) throw unavailable(error);
        await delay(tried * 10);
      }
    }
  };
  return builder;
}
