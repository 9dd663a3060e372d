import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RoadbookError } from '../../../../shared/errors.ts';
import { nameFor } from '../../backup/backups.ts';
import { COPY_NAME } from '../../backup/place.ts';
import { syncDirectory } from '../directory.ts';
import { type Head, HeadFile, headKey, readHead } from '../head.ts';
import type { Sqlite } from '../sqlite.ts';
import { passed } from '../steps.ts';
import { formatAfter } from './index.ts';
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
  /** Hears how much of all this is done, 0 to 1, rising: a person waits for it. */
  readonly preparing?: ((share: number) => void) | undefined;
}

/** What is done after the copy, after its verification: about what each takes of a large store. The rest are the steps. */
const COPIED = 0.45;
const VERIFIED = 0.9;
/** Bytes that are copied between two words about it. */
const PIECE = 8 * 1024 * 1024;

/**
 * Brings a store that this process holds alone to the newest format: first a verified copy among its backups, then
 * each step in a transaction of its own. Killed at any moment, the next open goes on where this one was.
 * Errors: store.disk_full, store.read_only, store.damaged, store.failed.
 */
export function migrate(store: OldStore, steps: readonly Migration[]): void {
  const { db, preparing } = store;
  preparing?.(0);
  copyFirst(store);
  passed('migrate-copied');
  preparing?.(VERIFIED);
  const first = store.head.format;
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
    preparing?.(VERIFIED + ((1 - VERIFIED) * (format - first)) / (formatAfter(steps) - first));
  }
}

/** A copy appears whole and verified or not at all. One of this very state, from a try that was cut off, is enough. */
function copyFirst({ db, file, key, head, verify, preparing }: OldStore): void {
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
    copyPieces(file, copy, (share) => preparing?.(share * COPIED));
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

/** Shares the blocks where the file system can; else piece by piece, so that somebody can be told how far it is. */
function copyPieces(from: string, to: string, copied: (share: number) => void): void {
  if (!cloned(from, to)) {
    const source = openSync(from, 'r');
    const target = openSync(to, 'wx');
    try {
      const total = fstatSync(source).size;
      const piece = Buffer.allocUnsafe(Math.min(PIECE, total));
      for (let at = 0; at < total; ) {
        const read = readSync(source, piece, 0, piece.length, at);
        if (read === 0) break;
        for (let done = 0; done < read; ) done += writeSync(target, piece, done, read - done, at + done);
        at += read;
        copied(at / total);
      }
    } finally {
      closeSync(target);
      closeSync(source);
    }
  }
  syncFile(to);
  copied(1);
}

/** What is really wrong with the folder shows when the pieces are copied. */
function cloned(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch {
    return false;
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
