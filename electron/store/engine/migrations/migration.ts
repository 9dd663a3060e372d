import type { Sqlite } from '../sqlite.ts';

/**
 * One step from a format of the store file to the next. What it does is fixed for good: files of its former format
 * will meet it as it is, so it uses nothing that may change, not even the store's own statements.
 */
export interface Migration {
  /** Format that the file has afterwards: one more than before. */
  readonly format: number;
  readonly what: string;
  /** Inside a transaction of its own. Work that grows with the rows leaves a mark and is done behind the commits. */
  readonly apply: (db: Sqlite) => void;
}
