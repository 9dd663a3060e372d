import { Kysely, PostgresAdapter, sql, type Transaction } from 'kysely';
import { openPostgres, type PostgresOptions } from './postgres.ts';
import type { Tables } from './schema.ts';
import { type SqliteOptions, sqlite } from './sqlite.ts';

/** Which database this is, is known here and in sqlite.ts and postgres.ts, and nowhere above. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export type DatabaseOptions = SqliteOptions | PostgresOptions;

export function openDatabase(options: DatabaseOptions): Db {
  return 'url' in options ? openPostgres(options) : new Kysely<Tables>({ dialect: sqlite(options) });
}

export function isPostgres<T>(db: Kysely<T>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** Runs reads that must all see one moment. SQLite's transactions always do; PostgreSQL has to be told. */
export function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}

/** SQLite only: writes a consistent copy to a new file while others read and write. */
export async function copyDatabase(db: Db, file: string): Promise<void> {
  await sql`vacuum into ${file}`.execute(db);
}

/** SQLite only: whether every page of the database reads back. */
export async function checkIntegrity(db: Db): Promise<boolean> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  return rows.length === 1 && rows[0]?.integrity_check === 'ok';
}

/** Most values that one statement may carry, in either database. */
const MAX_VALUES = 30_000;

/** Cuts rows of a bulk insert so that no statement carries more values than the database takes. */
export function chunks<T extends object>(rows: readonly T[], most = 100): T[][] {
  const width = Object.keys(rows[0] ?? {}).length || 1;
  const size = Math.max(1, Math.min(most, Math.floor(MAX_VALUES / width)));
  const parts: T[][] = [];
  for (let start = 0; start < rows.length; start += size) parts.push(rows.slice(start, start + size));
  return parts;
}
