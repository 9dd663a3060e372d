import { type ErrorCode, type ErrorDetails, RoadbookError } from '../../../shared/errors.ts';

/** Prefixes of SQLite's extended codes and codes of the file system, first match wins. */
const meanings: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'store.disk_full'],
  ['ENOSPC', 'store.disk_full'],
  ['EDQUOT', 'store.disk_full'],
  ['SQLITE_READONLY', 'store.read_only'],
  ['SQLITE_PERM', 'store.read_only'],
  ['EROFS', 'store.read_only'],
  ['EACCES', 'store.read_only'],
  ['EPERM', 'store.read_only'],
  ['SQLITE_BUSY', 'store.locked'],
  ['SQLITE_LOCKED', 'store.locked'],
  ['SQLITE_CORRUPT', 'store.damaged'],
  // After a successful open this can only mean that a page does not authenticate any more.
  ['SQLITE_NOTADB', 'store.damaged'],
  ['SQLITE_IOERR_SHORT_READ', 'store.damaged'],
  ['SQLITE_IOERR_DATA', 'store.damaged'],
  ['SQLITE_IOERR_CORRUPTFS', 'store.damaged'],
];

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}

/**
 * Anything thrown inside the store, in the words of the catalogue. `details.sqlite` names SQLite's own code, never
 * a value. While a store is being opened, a lock means that another process has it: store.in_use.
 */
export function storeError(error: unknown, opening = false): Error {
  if (error instanceof RoadbookError) return error;
  const native = codeOf(error);
  const found = meanings.find(([prefix]) => native.startsWith(prefix))?.[1];
  const code = found === 'store.locked' && opening ? 'store.in_use' : (found ?? 'store.failed');
  const details: ErrorDetails = native === '' ? {} : { sqlite: native };
  return new RoadbookError(code, details, { cause: error });
}

export function isSqliteCode(error: unknown, prefix: string): boolean {
  return codeOf(error).startsWith(prefix);
}
