import { createRequire } from 'node:module';
import { type Dialect, type SqliteDatabase, SqliteDialect } from 'kysely';

/** What is used of the driver, whose package does not export its types. */
interface RawDatabase extends SqliteDatabase {
  pragma(source: string): unknown;
  exec(source: string): unknown;
}
type Driver = new (file: string, options: { timeout: number }) => RawDatabase;
const SQLite = createRequire(import.meta.url)('better-sqlite3-multiple-ciphers') as Driver;

export interface SqliteOptions {
  /** Path of the SQLite file; ':memory:' is not offered, because several connections must see the same rows. */
  readonly file: string;
  /** Milliseconds a writer waits for another process's transaction. */
  readonly busyTimeout?: number;
}

export function sqlite(options: SqliteOptions): Dialect {
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
