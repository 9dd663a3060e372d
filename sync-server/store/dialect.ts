import { createRequire } from 'node:module';
import { type Dialect, Kysely, type SqliteDatabase, SqliteDialect, sql, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

/** What is used of the driver, whose package does not export its types. */
interface RawDatabase extends SqliteDatabase {
  pragma(source: string): unknown;
  exec(source: string): unknown;
}
type Driver = new (file: string, options: { timeout: number }) => RawDatabase;
const SQLite = createRequire(import.meta.url)('better-sqlite3-multiple-ciphers') as Driver;

/** The only file that knows which database this is. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface DatabaseOptions {
  /** Path of the SQLite file; ':memory:' is not offered, because several connections must see the same rows. */
  readonly file: string;
  /** Milliseconds a writer waits for another process's transaction. */
  readonly busyTimeout?: number;
}

export function openDatabase(options: DatabaseOptions): Db {
  return new Kysely<Tables>({ dialect: sqlite(options) });
}

function sqlite(options: DatabaseOptions): Dialect {
  const raw = new SQLite(options.file, { timeout: options.busyTimeout ?? 10_000 });
  raw.pragma('journal_mode = WAL');
  // An accepted change is on the disk before its verdict leaves.
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  raw.pragma('temp_store = MEMORY');
  raw.pragma('cache_size = -64000');
  return new SqliteDialect({ database: withPreparedStatements(raw) });
}

const KEPT_STATEMENTS = 300;

/** Kysely compiles a statement for every query; keeping the prepared ones saves a third of a short request. */
function withPreparedStatements(raw: RawDatabase): SqliteDatabase {
  const kept = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    prepare(text) {
      const known = kept.get(text);
      if (known !== undefined) return known;
      const statement = raw.prepare(text);
      if (kept.size >= KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      kept.set(text, statement);
      return statement;
    },
    close() {
      kept.clear();
      raw.close();
    },
  };
}

/** Runs reads that must all see one moment. PostgreSQL will want the isolation level that SQLite always has. */
export function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').execute(read);
}

/** Writes a consistent copy to a new file while others read and write. */
export async function copyDatabase(db: Db, file: string): Promise<void> {
  await sql`vacuum into ${file}`.execute(db);
}

/** Whether every page of the database reads back. */
export async function checkIntegrity(db: Db): Promise<boolean> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  return rows.length === 1 && rows[0]?.integrity_check === 'ok';
}

/** Milliseconds: who tries for a lock alone and fails stands in the others' way for an instant. */
const SHARED_WAIT = 1_000;

export interface FileLock {
  release(): void;
}

/**
 * Takes the operating system's lock on a file through SQLite, without waiting. It ends with the process, also with a
 * killed one, and the file itself says nothing: there is nothing that could be stale.
 * @returns null while another one holds a lock that does not go with it
 */
export function lockFile(file: string, how: 'alone' | 'shared'): FileLock | null {
  const raw = new SQLite(file, { timeout: how === 'alone' ? 0 : SHARED_WAIT });
  try {
    // A transaction that reads holds the shared lock until it ends; nothing is ever written.
    raw.exec(how === 'alone' ? 'begin exclusive' : 'begin; select count(*) from sqlite_master');
  } catch (error) {
    raw.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { release: () => raw.close() };
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
}

/** Most values that one statement may carry. */
const MAX_VALUES = 30_000;

/** Cuts rows of a bulk insert so that no statement carries more values than the database takes. */
export function chunks<T extends object>(rows: readonly T[], most = 100): T[][] {
  const width = Object.keys(rows[0] ?? {}).length || 1;
  const size = Math.max(1, Math.min(most, Math.floor(MAX_VALUES / width)));
  const parts: T[][] = [];
  for (let start = 0; start < rows.length; start += size) parts.push(rows.slice(start, start + size));
  return parts;
}
