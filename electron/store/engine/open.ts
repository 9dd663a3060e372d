import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3-multiple-ciphers';
import { RoadbookError } from '../../../shared/errors.ts';
import { secretBytes } from '../../keys/secret.ts';
import { syncDirectory } from './directory.ts';
import { isSqliteCode, storeError } from './errors.ts';
import { type Head, HeadFile, headKey, readHead } from './head.ts';
import { formatAfter, migrations } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { ownerOnly } from './owner-only.ts';
import { createTables } from './schema.ts';
import type { Sqlite } from './sqlite.ts';
import { passed } from './steps.ts';

/** Format of the database file; a higher one in a file means that a newer Roadbook wrote it. */
export const FORMAT = formatAfter(migrations);
/** "RdBk": tells our stores from other SQLite files once the key fits. */
const APPLICATION_ID = 0x5264426b;
/** Milliseconds that an open waits for another process, which may just be ending. */
const PATIENCE = 400;
/** Page cache in KiB. Measured on 100,000 rows: 64 MiB halves the time of a page against the default of 16. */
const CACHE_KIB = 65_536;

export interface OpenFile {
  readonly file: string;
  readonly key: Uint8Array;
  readonly create: boolean;
  readonly acceptOlder: boolean;
  readonly nativeBinding: string | undefined;
  /** Steps from older formats; default: all that there are. A test may be a version with fewer. */
  readonly migrations?: readonly Migration[];
  /** Hears how much of a file of an older format is prepared, 0 to 1; not called for one of the present format. */
  readonly preparing?: (share: number) => void;
}

export interface Opened {
  readonly db: Sqlite;
  readonly head: HeadFile;
  readonly store: string;
  readonly counter: number;
}

/**
 * Opens the store or makes a new one. Nothing is deleted, overwritten or checkpointed before everything has been
 * checked: a failed open leaves the files as they were. A file of an older format is copied into the folder `backups`
 * beside it and then brought to the present one (see migrations/).
 * Errors: store.missing, store.exists, store.not_a_database, store.key_mismatch, store.newer_version,
 * store.went_back, store.damaged, store.in_use, store.read_only, store.disk_full, store.failed.
 */
export function openFile(options: OpenFile): Opened {
  try {
    if (options.create) createFile(options);
    else if (!existsSync(options.file)) throw new RoadbookError('store.missing');
    return openExisting(options);
  } catch (error) {
    throw storeError(whyNot(options.file, error), true);
  }
}

/** SQLite says that it cannot lock or make a file, not why: that nothing may be written there is the usual reason. */
function whyNot(file: string, error: unknown): unknown {
  if (!isSqliteCode(error, 'SQLITE_CANTOPEN') && !isSqliteCode(error, 'SQLITE_IOERR')) return error;
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return error;
  } catch (reason) {
    return reason;
  }
}

/** Made beside its place and renamed, so that a crash during set-up leaves either no store or a whole one. */
function createFile(options: OpenFile): void {
  const { file, key } = options;
  if (existsSync(file) || existsSync(`${file}-wal`)) throw new RoadbookError('store.exists');
  const draft = `${file}.new`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  const store = randomUUID();
  const db = connect({ ...options, file: draft });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    createTables(db, { store, counter: 1 });
    db.pragma(`user_version = ${FORMAT}`);
  } finally {
    db.close();
  }
  passed('create-drafted');
  const head = new HeadFile(file, headKey(key));
  head.reset({ store, format: FORMAT, counter: 1 });
  head.close();
  passed('create-head');
  renameSync(draft, file);
  syncDirectory(dirname(file));
  passed('create-renamed');
}

function openExisting(options: OpenFile): Opened {
  return withHead(options, (trusted) => openChecked(options, trusted));
}

type Connection = Pick<OpenFile, 'file' | 'key' | 'nativeBinding' | 'migrations'> & {
  readonly readonly?: boolean;
};

/** What the head file says, before the database is touched; and what a first page that does not authenticate means. */
function withHead<Value>(options: Connection, work: (trusted: Head | undefined) => Value): Value {
  const { file, key } = options;
  checkSignature(file);
  const state = readHead(file, headKey(key));
  if ('head' in state && state.head.format > formatOf(options))
    throw new RoadbookError('store.newer_version');
  if ('fault' in state && state.fault === 'foreign') throw new RoadbookError('store.key_mismatch');
  const trusted = 'head' in state ? state.head : undefined;
  try {
    return work(trusted);
  } catch (error) {
    // A head of this key says that the key is right, so the page is wrong.
    if (!isSqliteCode(error, 'SQLITE_NOTADB')) throw error;
    throw new RoadbookError(trusted ? 'store.damaged' : 'store.key_mismatch', { sqlite: 'SQLITE_NOTADB' });
  }
}

const formatOf = ({ migrations: steps = migrations }: Connection): number => formatAfter(steps);

function openChecked(options: OpenFile, trusted: Head | undefined): Opened {
  const { file, key } = options;
  // A log from a crash would be checkpointed and removed by the next ordinary close, and with it the traces that
  // tell what was lost. So it is first read by a connection that cannot write.
  if (existsSync(`${file}-wal`)) peek(options, trusted);

  const db = connect(options);
  try {
    const { format, ...found } = check(db, trusted, options);
    db.pragma('journal_mode = WAL');
    // Takes the exclusive lock and holds it until the store is closed.
    db.exec('BEGIN IMMEDIATE; COMMIT');
    passed('open-checked');
    const now = { ...found, format: formatOf(options) };
    if (format < now.format) {
      const verify = (copy: string) => readWhole({ ...options, file: copy });
      const { preparing } = options;
      migrate(
        { db, file, key, head: { ...found, format }, verify, preparing },
        options.migrations ?? migrations,
      );
    }
    const head = new HeadFile(file, headKey(key));
    if (!trusted || trusted.counter !== found.counter || trusted.format !== now.format) head.reset(now);
    passed('open-head');
    return { db, head, ...found };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Reads every page of a store that is not open: key, kind, version, head, and whether all is sound. Changes nothing.
 * Errors: those of openFile(), and store.damaged.
 */
export function readWhole(options: Connection): void {
  const { file } = options;
  const before = ['-wal', '-shm'].filter((part) => existsSync(file + part));
  try {
    if (!existsSync(file)) throw new RoadbookError('store.missing');
    withHead(options, (trusted) => readAll(options, trusted));
  } catch (error) {
    throw storeError(error, true);
  } finally {
    for (const part of ['-wal', '-shm']) if (!before.includes(part)) rmSync(file + part, { force: true });
  }
}

function readAll(options: Connection, trusted: Head | undefined): void {
  const db = connect({ ...options, readonly: true });
  try {
    check(db, trusted, { ...options, acceptOlder: false });
    const [found] = db.pragma('integrity_check(1)') as { integrity_check: string }[];
    if (found?.integrity_check !== 'ok') throw new RoadbookError('store.damaged');
  } finally {
    db.close();
  }
}

function peek(options: OpenFile, trusted: Head | undefined): void {
  const shm = `${options.file}-shm`;
  const hadShm = existsSync(shm);
  try {
    const db = connect({ ...options, readonly: true });
    try {
      check(db, trusted, options);
    } finally {
      db.close();
    }
  } finally {
    if (!hadShm) rmSync(shm, { force: true });
  }
}

/** Key, kind of file, version and counter, in the order in which they can be told apart. */
function check(
  db: Sqlite,
  trusted: Head | undefined,
  options: Connection & Pick<OpenFile, 'acceptOlder'>,
): Head {
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new RoadbookError('store.not_a_database');
  }
  const format = Number(db.pragma('user_version', { simple: true }));
  if (format > formatOf(options)) throw new RoadbookError('store.newer_version');
  const meta = new Map(
    db
      .prepare<[], { key: string; value: string | number }>('SELECT key, value FROM meta')
      .all()
      .map((row) => [row.key, row.value]),
  );
  const store = String(meta.get('store'));
  const counter = Number(meta.get('counter'));
  if (options.acceptOlder) return { store, format, counter };
  if (trusted && trusted.store !== store)
    throw new RoadbookError('store.went_back', { reason: 'other-store' });
  if (trusted && trusted.counter > counter) {
    throw new RoadbookError('store.went_back', { reason: 'counter', head: trusted.counter, store: counter });
  }
  if (!trusted) throw new RoadbookError('store.went_back', { reason: 'head' });
  // The head is written after the migration, so it is never the first to tell of one.
  if (trusted.format > format) throw new RoadbookError('store.went_back', { reason: 'format' });
  return { store, format, counter };
}

/** Bytes 16 to 23 of an encrypted file stay clear: page size 4096, WAL, 64 bytes of nonce and MAC a page, fixed fractions. */
const SIGNATURE = Buffer.from('1000020240402020', 'hex');

function checkSignature(file: string): void {
  if (!statSync(file).isFile()) throw new RoadbookError('store.not_a_database');
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(24);
    readSync(fd, bytes, 0, 24, 0);
    if (!bytes.subarray(16).equals(SIGNATURE)) throw new RoadbookError('store.not_a_database');
  } finally {
    closeSync(fd);
  }
}

function connect(options: Connection): Sqlite {
  const { file, key, nativeBinding, readonly = false } = options;
  // SQLite3 Multiple Ciphers takes a malformed raw key for a passphrase, silently.
  if (key.length !== 32) throw new RoadbookError('store.key_damaged');
  const db = new Database(file, { timeout: PATIENCE, readonly, ...(nativeBinding ? { nativeBinding } : {}) });
  if (!readonly) for (const part of ['', '-wal']) ownerOnly(`${file}${part}`);
  const raw = rawKey(key);
  try {
    db.pragma("cipher = 'aegis'");
    db.key(raw);
    configure(db, readonly);
    return db;
  } catch (error) {
    db.close();
    throw error;
  } finally {
    raw.fill(0);
  }
}

/** How every connection works, once its key is given. */
export function configure(db: Sqlite, readonly: boolean): void {
  // Sorts and temporary tables would otherwise go to the disk in clear text.
  db.pragma('temp_store = MEMORY');
  if (!readonly) {
    // One process at a time; it also keeps the index of the log in memory instead of a third file.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    // Checkpoints are made between other work; this is only the bound for a long run of commits (32 MiB).
    db.pragma('wal_autocheckpoint = 8000');
    db.pragma('journal_size_limit = 67108864');
  }
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('trusted_schema = OFF');
  // ANALYZE looks at so many rows of an index and no more: enough to tell a rare value from a common one.
  db.pragma('analysis_limit = 400');
}

/** `raw:` and 64 hex digits, as bytes that can be wiped: neither as a text of JavaScript nor in a statement of SQL. */
function rawKey(key: Uint8Array): Buffer {
  const digits = Buffer.from('0123456789abcdef');
  const raw = Buffer.from(secretBytes(4 + 2 * key.length).buffer);
  raw.write('raw:');
  for (const [at, byte] of key.entries()) {
    raw[4 + 2 * at] = digits[byte >> 4] as number;
    raw[5 + 2 * at] = digits[byte & 15] as number;
  }
  return raw;
}
