import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RoadbookError } from '../../../../shared/errors.ts';
import { nameFor } from '../../backup/backups.ts';
import { COPY_NAME } from '../../backup/place.ts';
import { syncDirectory } from '../directory.ts';
import { type Head, HeadFile, headKey, readHead } from '../head.ts';
import type { Sqlite } from '../sqlite.ts';
import { passed } from '../steps.ts';
import type { Migration } from './migration.ts';

/** Bytes that stay free beside the copy, for the migration itself. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface OldStore {
  readonly db: Sqlite;
  readonly file: string;
  readonly key: Uint8Array;
  /** What the file says of itself. */
  readonly head: Head;
  /** Reads all of a copy; throws when it is not whole. */
  readonly verify: (file: string) => void;
}

/**
 * Brings a store that this process holds alone to the newest format: first a verified copy among its backups, then
 * each step in a transaction of its own. Killed at any moment, the next open goes on where this one was.
 * Errors: store.disk_full, store.read_only, store.damaged, store.failed.
 */
export function migrate(store: OldStore, steps: readonly Migration[]): void {
  copyFirst(store);
  passed('migrate-copied');
  const { db } = store;
  let format = store.head.format;
  for (const step of steps) {
    if (step.format <= format) continue;
    if (step.format !== format + 1) throw new Error(`no step leads from format ${format}`);
    db.exec('BEGIN IMMEDIATE');
    try {
      passed('migrate-begun');
      step.apply(db);
      db.pragma(`user_version = ${step.format}`);
      passed('migrate-applied');
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
    passed('migrate-stepped');
    format = step.format;
  }
}

/** A copy appears whole and verified or not at all. One of this very state, from a try that was cut off, is enough. */
function copyFirst({ db, file, key, head, verify }: OldStore): void {
  const folder = join(dirname(file), 'backups');
  if (existsSync(folder) && hasCopy(folder, key, head)) return;
  const [moved] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (moved?.busy !== 0) throw new RoadbookError('store.locked');
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < statSync(file).size + SPARE_BYTES) throw new RoadbookError('store.disk_full');
  const draft = join(folder, `.${randomBytes(6).toString('hex')}.draft`);
  try {
    mkdirSync(draft);
    const copy = join(draft, COPY_NAME);
    copyFileSync(file, copy, constants.COPYFILE_FICLONE);
    syncFile(copy);
    const beside = new HeadFile(copy, headKey(key));
    try {
      beside.reset(head);
    } finally {
      beside.close();
    }
    verify(copy);
    syncDirectory(draft);
    renameSync(draft, join(folder, nameFor('before-migration', Date.now())));
    syncDirectory(folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  syncDirectory(dirname(file));
}

function hasCopy(folder: string, key: Uint8Array, head: Head): boolean {
  return readdirSync(folder)
    .filter((name) => name.endsWith(KIND))
    .some((name) => {
      const copy = join(folder, name, COPY_NAME);
      if (!existsSync(copy)) return false;
      const found = readHead(copy, headKey(key));
      if (!('head' in found)) return false;
      const { store, format, counter } = found.head;
      return store === head.store && format === head.format && counter === head.counter;
    });
}

/** How the names of such backups end. */
const KIND = nameFor('before-migration', 0).replace(/^[^_]*/, '');

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
