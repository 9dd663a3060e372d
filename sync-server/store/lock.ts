import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RoadbookError } from '../../shared/errors.ts';
import { type FileLock, lockFile } from './sqlite.ts';

/** Held alone by the one server that runs on a data folder, and by a restore. */
const SERVER = 'server.lock';
/** Shared by everything that has the database open; held alone by a restore, which puts another file in its place. */
const DATABASE = 'database.lock';

function lock(data: string, name: string, how: 'alone' | 'shared'): FileLock | null {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, name);
  const isNew = !existsSync(file);
  const held = lockFile(file, how);
  if (isNew && existsSync(file)) chmodSync(file, 0o600);
  return held;
}

/**
 * Makes this process the server of a data folder until it releases the lock or ends, however it ends.
 * @throws server.already_running
 */
export function lockAsServer(data: string): FileLock {
  const held = lock(data, SERVER, 'alone');
  if (held === null) throw new RoadbookError('server.already_running', { data });
  return held;
}

/**
 * Says that this process has the database open, beside others.
 * @throws server.data_in_use while a restore puts another database in its place
 */
export function lockAsReader(data: string): FileLock {
  const held = lock(data, DATABASE, 'shared');
  if (held === null) throw new RoadbookError('server.data_in_use', { data });
  return held;
}

/**
 * Keeps every server and every command away from a data folder.
 * @throws server.already_running, server.data_in_use
 */
export function lockForRestore(data: string): FileLock {
  const server = lockAsServer(data);
  const database = lock(data, DATABASE, 'alone');
  if (database === null) {
    server.release();
    throw new RoadbookError('server.data_in_use', { data });
  }
  return {
    release: () => {
      database.release();
      server.release();
    },
  };
}
