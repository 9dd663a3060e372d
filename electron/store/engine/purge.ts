import type { PurgeWrite, StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import type { History } from './history.ts';
import type { Outbox } from './outbox.ts';
import type { RowChange, RowRefusal } from './rows.ts';
import type { Search } from './search.ts';
import type { Statements } from './sqlite.ts';
import { packKey } from './values.ts';

/** Where it is noted which word indexes still hold words of rows that were purged. */
const MARK = 'forget words of ';
/** Pages of a word index that one step merges, a few milliseconds. */
const STEP_PAGES = 16;

interface PurgeParts {
  readonly sql: Statements;
  readonly catalog: Catalog;
  readonly search: Search;
  readonly history: History;
  readonly outbox: Outbox;
}

interface FoundRow {
  readonly row: number;
  readonly rev: string;
  readonly lwt: number;
  readonly deleted: number;
}

/**
 * Takes rows off this device as if they had never been here, unlike a deletion, which leaves the row and its values to
 * be restored. Runs inside the transaction of a commit.
 *
 * The word indexes keep no text, so a row that leaves them leaves its words behind, under a mark that it is gone. They
 * are merged behind the commit, which drops such words; a durable mark says that this is still to be done.
 */
export class Purge {
  readonly #parts: PurgeParts;
  #forgetting: boolean;

  constructor(parts: PurgeParts) {
    this.#parts = parts;
    this.#forgetting = this.#next() !== undefined;
  }

  /** True while words of purged rows are still in an index. */
  get waits(): boolean {
    return this.#forgetting;
  }

  /** After a rollback. */
  reload(): void {
    this.#forgetting = this.#next() !== undefined;
  }

  /**
   * Row, words, base, attachments, outgoing mutations and the values of history go; memberships are the caller's.
   * A row that is not here (any more) may still have left something: that goes as well.
   * @returns the rows that were here, as views see them; or the first one that is not what its writer saw
   */
  apply(writes: readonly PurgeWrite[]): RowChange[] | RowRefusal {
    const { catalog, sql, history, outbox } = this.#parts;
    const changes: RowChange[] = [];
    for (const { collection: name, id, previous, mayReturn } of writes) {
      const collection = catalog.get(name);
      const key = packKey(id);
      const found = sql.rows(`SELECT row, rev, lwt, deleted FROM ${collection.rows} WHERE k = ?`).get(key) as
        | FoundRow
        | undefined;
      const before = found && (this.#text(collection, found.row) as string);
      if (found?.rev !== previous) return { collection, id, inStore: before };
      if (found && before !== undefined) changes.push(this.#take(collection, id, found, before));
      sql.run('DELETE FROM attachments WHERE collection = ? AND k = ?', collection.number, key);
      sql.run('DELETE FROM bases WHERE collection = ? AND k = ?', collection.number, key);
      if (mayReturn === true) continue;
      outbox.forget(name, id);
      history.erase(id);
    }
    return changes;
  }

  /** What rows that were purged have left behind, where they did not come again. */
  forgetMissing(): void {
    const { catalog, history, outbox } = this.#parts;
    for (const { name, rows } of catalog.all()) {
      history.eraseMissing(name, rows);
      outbox.forgetMissing(name, rows);
    }
  }

  #take(collection: Collection, id: string, { row, rev, lwt, deleted }: FoundRow, before: string): RowChange {
    const { sql, search } = this.#parts;
    const doc = tombstone(collection.primary, id, rev, lwt);
    const change = { collection, row, id, doc, deleted: true, before, wasLive: deleted === 0 };
    search.follow([change], 'now');
    sql.run('DELETE FROM unindexed WHERE row = ?', row);
    sql.run(`DELETE FROM ${collection.docs} WHERE row = ?`, row);
    sql.run(`DELETE FROM ${collection.rows} WHERE row = ?`, row);
    if (collection.live >= 0 && change.wasLive) collection.live -= 1;
    if (collection.words !== undefined) {
      // A deleted row has left its words as well, when it was deleted.
      sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, 0)', MARK + collection.number);
      this.#forgetting = true;
    }
    return change;
  }

  #text(collection: Collection, row: number): unknown {
    return this.#parts.sql.values(`SELECT doc FROM ${collection.docs} WHERE row = ?`).get(row);
  }

  /** Merges a part of one word index, inside the transaction of the caller. */
  forgetSome(): void {
    const { sql } = this.#parts;
    const next = this.#next();
    if (next) {
      const { number, begun } = next;
      const tables = [`words_${number}`, `parts_${number}`];
      // Two states for each table: to begin with everything that is in it, and to go on with that. It is begun again
      // until nothing is left to do: rows that left while a merge was under way are marked in what it made.
      const table = tables[begun >> 1];
      if (table === undefined) {
        sql.run('DELETE FROM meta WHERE key = ?', MARK + number);
      } else {
        const begins = (begun & 1) === 0;
        const more = this.#merge(table, begins ? -STEP_PAGES : STEP_PAGES);
        const then = begins ? begun + (more ? 1 : 2) : begun - (more ? 0 : 1);
        sql.run('UPDATE meta SET value = ? WHERE key = ?', then, MARK + number);
      }
    }
    this.reload();
  }

  /** @returns whether there is more to merge (https://sqlite.org/fts5.html#the_merge_command) */
  #merge(table: string, pages: number): boolean {
    const { sql } = this.#parts;
    const changes = () => sql.values('SELECT total_changes()').get() as number;
    const before = changes();
    sql.rows(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`).run(pages);
    return changes() - before >= 2;
  }

  #next(): { number: number; begun: number } | undefined {
    const { sql, catalog } = this.#parts;
    for (const { number, words } of catalog.all()) {
      if (words === undefined) continue;
      const begun = sql.values('SELECT value FROM meta WHERE key = ?').get(MARK + number);
      if (typeof begun === 'number') return { number, begun };
    }
    return undefined;
  }
}

/** What is told of a purged document: that it is gone, and nothing of what it said. */
export function tombstone(primary: string, id: string, rev: string, lwt: number): StoredDoc {
  const height = Number.parseInt(rev, 10) + 1;
  return {
    id,
    [primary]: id,
    _deleted: true,
    _attachments: {},
    _rev: `${Number.isNaN(height) ? 1 : height}-purged`,
    _meta: { lwt: lwt + 0.01 },
  };
}
