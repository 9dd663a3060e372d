import Database from 'better-sqlite3-multiple-ciphers';
import type { Group } from '../../../shared/sync/wire.ts';

/** Groups in one transaction: as many as the server lets share one, so that both sides wait for the disk as often. */
const BATCH = 25;

/** Yardstick of a push: parse, change the row, append to a log, count up; fsynced. No merge, no rules, no verdicts. */
export class RawLog {
  readonly #db: Database.Database;

  constructor(file: string, given: readonly { id: string; json: string }[]) {
    const db = new Database(file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -64000');
    db.exec(`
      CREATE TABLE rows (id TEXT PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE log (number INTEGER PRIMARY KEY, json TEXT NOT NULL);
    `);
    const insert = db.prepare('INSERT INTO rows (id, json) VALUES (?, ?)');
    db.transaction(() => {
      for (const { id, json } of given) insert.run(id, json);
    })();
    this.#db = db;
  }

  apply(groups: readonly Group[]): void {
    const read = this.#db.prepare<[string], string>('SELECT json FROM rows WHERE id = ?').pluck();
    const write = this.#db.prepare('UPDATE rows SET json = ? WHERE id = ?');
    const log = this.#db.prepare('INSERT INTO log (json) VALUES (?)');
    for (let from = 0; from < groups.length; from += BATCH) {
      this.#db.exec('BEGIN IMMEDIATE');
      const mutations = groups.slice(from, from + BATCH).flatMap((group) => group.mutations);
      for (const { record, field, value, ...mutation } of mutations) {
        const row = JSON.parse(read.get(record) ?? '{}');
        row.body[field] = value;
        write.run(JSON.stringify(row), record);
        log.run(JSON.stringify({ record, field, value, ...mutation }));
      }
      this.#db.exec('COMMIT');
    }
  }

  close(): void {
    this.#db.close();
  }
}
