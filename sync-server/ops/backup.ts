import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { RoadbookError } from '../../shared/errors.ts';
import { checkIntegrity, copyDatabase, isPostgres, openDatabase } from '../store/dialect.ts';
import { type Environment, instant } from '../store/environment.ts';
import { lockForRestore } from '../store/lock.ts';
import { newEpoch, originOf } from '../store/meta.ts';
import { migrate } from '../store/migrations/index.ts';
import { DATABASE_FILE, type Store } from '../store/store.ts';
import { verifyAudit } from '../store/verify-audit.ts';

export interface Backup {
  readonly file: string;
  /** Commit number that the backup holds, by company. */
  readonly through: Readonly<Record<string, number>>;
}

/** In the name of a copy that has not been read back. */
export const UNFINISHED = '.unfinished';

/**
 * Copies the database while the server runs, reads the copy back (pages, audit chains) and only then tells devices how
 * far they may forget what they have sent.
 * @param folder where the copy goes; best on another disk
 * @param name what its file name begins with
 * @throws store.damaged when the copy does not read back; then there is none; server.backup_elsewhere on PostgreSQL
 */
export async function makeBackup(
  store: Store,
  folder = backupFolder(store.data),
  name = 'roadbook',
): Promise<Backup> {
  if (isPostgres(store.db)) throw new RoadbookError('server.backup_elsewhere');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}-${fileStamp(store.environment)}.sqlite`);
  const through = await copyAndRead(store, `${file}${UNFINISHED}`);
  toDisk(`${file}${UNFINISHED}`, 'r+');
  renameSync(`${file}${UNFINISHED}`, file);
  // Windows opens no folder; it writes names through by itself.
  if (process.platform !== 'win32') toDisk(folder, 'r');
  for (const [tenant, number] of Object.entries(through)) {
    await store.db
      .updateTable('tenants')
      .set({ durable_through: number })
      .where('id', '=', tenant)
      .where('durable_through', '<', number)
      .execute();
  }
  return { file, through };
}

export function backupFolder(data: string): string {
  return join(data, 'backups');
}

async function copyAndRead(store: Store, draft: string): Promise<Record<string, number>> {
  try {
    await copyDatabase(store.db, draft);
    chmodSync(draft, 0o600);
    return await verifyBackup(draft, store.environment);
  } catch (error) {
    remove(draft);
    throw error;
  }
}

/** Devices are told to forget what a backup holds: first it is where a power cut does not reach it. */
function toDisk(path: string, how: 'r' | 'r+'): void {
  const handle = openSync(path, how);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Reads a backup back, all of it. */
async function verifyBackup(file: string, environment: Environment): Promise<Record<string, number>> {
  const db = openDatabase({ file });
  try {
    if (!(await checkIntegrity(db))) throw new RoadbookError('store.damaged');
    const origin = await originOf(db, environment);
    const tenants = await db.selectFrom('tenants').select(['id', 'counter']).execute();
    for (const { id } of tenants) {
      const { fault, headMatches } = await verifyAudit(db, origin, id);
      if (fault !== null || !headMatches) throw new RoadbookError('store.damaged');
    }
    return Object.fromEntries(tenants.map(({ id, counter }) => [id, Number(counter)]));
  } finally {
    await db.destroy();
  }
}

/**
 * Puts a backup in the place of the database, which is kept beside it. The restored one has a new epoch: devices send
 * again what it may have lost and fetch everything anew. The backup itself is only read.
 * @returns where the database of before lies; '' when there was none
 * @throws server.already_running, server.data_in_use, server.not_a_backup, store.damaged; then nothing is changed
 */
export async function restoreBackup(data: string, backup: string, environment: Environment): Promise<string> {
  const lock = lockForRestore(data);
  const file = join(data, DATABASE_FILE);
  const draft = `${file}.restoring`;
  try {
    if (!isDatabase(backup)) throw new RoadbookError('server.not_a_backup', { file: backup });
    copyFileSync(backup, draft);
    chmodSync(draft, 0o600);
    await verifyBackup(draft, environment).catch((error: unknown) => {
      throw toBackupError(error, backup);
    });
    await makeNew(draft, environment);
    return putInPlace(file, draft, environment);
  } finally {
    remove(draft);
    lock.release();
  }
}

function isDatabase(file: string): boolean {
  if (!existsSync(file)) return false;
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString('latin1') === 'SQLite format 3\0';
}

/** SQLite's own words for a file that is broken, and for one that holds something else. */
function toBackupError(error: unknown, file: string): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code.startsWith('SQLITE_CORRUPT')) return new RoadbookError('store.damaged', {}, { cause: error });
  if (message.startsWith('no such table')) {
    return new RoadbookError('server.not_a_backup', { file }, { cause: error });
  }
  return error;
}

async function makeNew(draft: string, environment: Environment): Promise<void> {
  const db = openDatabase({ file: draft });
  try {
    await migrate(db);
    await newEpoch(db, environment);
    // What this backup holds is in a backup: devices send again only what came after it.
    await db
      .updateTable('tenants')
      .set((eb) => ({ durable_through: eb.ref('counter') }))
      .execute();
  } finally {
    await db.destroy();
  }
}

function putInPlace(file: string, draft: string, environment: Environment): string {
  const aside = `${file}.before-${fileStamp(environment)}`;
  const hadOne = existsSync(file);
  for (const suffix of FILES) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  renameSync(draft, file);
  return hadOne ? aside : '';
}

/** A database and what SQLite keeps beside it while it is open. */
const FILES = ['', '-wal', '-shm'];

function remove(file: string): void {
  for (const suffix of FILES) rmSync(file + suffix, { force: true });
}

function fileStamp(environment: Environment): string {
  return instant(environment.now()).replaceAll(/[:.]/g, '-');
}
