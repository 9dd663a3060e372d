import type { OutboxEntry, OutboxSettle, OutboxState, OutboxWrite } from '../contract.ts';
import { missingIn } from './missing.ts';
import type { Statements } from './sqlite.ts';

interface OutboxRow {
  readonly seq: number;
  readonly id: string;
  readonly grp: string;
  readonly collection: string;
  readonly record: string;
  readonly field: string;
  readonly mutation: string;
  readonly state: OutboxState;
  readonly number: number;
}

/** Mutations that wait for the server, or that it accepted but has not yet in a verified backup. */
export class Outbox {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  add(entries: readonly OutboxWrite[]): void {
    const insert = this.#sql.rows(
      `INSERT INTO outbox (id, grp, collection, record, field, mutation, state, number)
       VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0)`,
    );
    for (const entry of entries) {
      const { id, group, collection, record, field } = entry;
      insert.run(id, group, collection, record, field, JSON.stringify(entry.mutation));
    }
  }

  settle(settled: readonly OutboxSettle[]): void {
    const update = this.#sql.rows('UPDATE outbox SET state = ?, number = ? WHERE id = ?');
    for (const { id, state, number } of settled) update.run(state, number, id);
  }

  forgetThrough(number: number): void {
    this.#sql.run("DELETE FROM outbox WHERE state = 'accepted' AND number <= ?", number);
  }

  /** Everything of a record, whatever became of it. */
  forget(collection: string, record: string): void {
    this.#sql.run('DELETE FROM outbox WHERE record = ? AND collection = ?', record, collection);
  }

  /** What is settled of records of a collection that are not among its rows; what waits is the server's to answer. */
  forgetMissing(collection: string, rows: string): void {
    this.#sql.run(
      `DELETE FROM outbox WHERE collection = ? AND state <> 'waiting' AND ${missingIn(rows)}`,
      collection,
    );
  }

  list(state: OutboxState, limit: number, above = -1): OutboxEntry[] {
    const rows = this.#sql
      .rows('SELECT * FROM outbox WHERE state = ? AND number > ? ORDER BY seq LIMIT ?')
      .all(state, above, limit);
    return (rows as OutboxRow[]).map(entryOf);
  }

  of(ids: readonly string[]): OutboxEntry[] {
    const one = this.#sql.rows("SELECT * FROM outbox WHERE record = ? AND state = 'waiting' ORDER BY seq");
    const entries = ids.flatMap((id) => one.all(id) as OutboxRow[]).map(entryOf);
    return entries.sort((a, b) => a.seq - b.seq);
  }

  count(): number {
    return this.#sql.values("SELECT count(*) FROM outbox WHERE state = 'waiting'").get() as number;
  }
}

function entryOf(row: OutboxRow): OutboxEntry {
  const { grp, mutation, ...rest } = row;
  return { ...rest, group: grp, mutation: JSON.parse(mutation) };
}
