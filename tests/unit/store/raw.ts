import Database from 'better-sqlite3-multiple-ciphers';
import { KEY } from './options.ts';

/** The file as SQLite sees it, for tests that do what the store never does. */
export function raw(file: string, work: (db: Database.Database) => void): void {
  rawWith(file, KEY, work);
}

export function rawWith(file: string, key: Uint8Array, work: (db: Database.Database) => void): void {
  const db = new Database(file);
  try {
    db.pragma("cipher = 'aegis'");
    db.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`);
    work(db);
  } finally {
    db.close();
  }
}
