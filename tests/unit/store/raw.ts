import Database from 'better-sqlite3-multiple-ciphers';
import { KEY } from './helpers.ts';

/** The file as SQLite sees it, for tests that do what the store never does. */
export function raw(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file);
  try {
    db.pragma("cipher = 'aegis'");
    db.pragma(`key = 'raw:${Buffer.from(KEY).toString('hex')}'`);
    work(db);
  } finally {
    db.close();
  }
}
