import type { StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import { type Collection, noteKey, readColumns } from './collection.ts';
import type { SqlValue, Statement, Statements } from './sqlite.ts';
import { type Key, packKey } from './values.ts';

/** One row that a commit changed. */
export interface RowChange {
  readonly collection: Collection;
  readonly row: number;
  readonly id: string;
  readonly doc: StoredDoc;
  /** The document before, as JSON; undefined for a new row. */
  readonly before: string | undefined;
  readonly wasLive: boolean;
}

export interface RowRefusal {
  readonly collection: Collection;
  readonly id: string;
  /** JSON; undefined when the writer expected a row that is not here. */
  readonly inStore: string | undefined;
}

interface Found {
  readonly row: number;
  readonly rev: string;
  readonly deleted: number;
}

interface Prepared {
  readonly find: Statement;
  readonly doc: Statement;
  readonly insert: Statement;
  readonly insertDoc: Statement;
  readonly update: Statement;
  readonly updateDoc: Statement;
}

/** Writes and reads documents of one store. Runs inside the transaction of whoever calls it. */
export class Rows {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #prepared = new WeakMap<Collection, Prepared>();

  constructor(sql: Statements, catalog: Catalog) {
    this.#sql = sql;
    this.#catalog = catalog;
  }

  /**
   * Writes a document if the store holds the revision that its writer saw.
   * @param previous revision seen; undefined for a new document
   * @param lenient writes a document that its writer thought to be here already (RxDB asks for this)
   */
  write(
    collection: Collection,
    doc: StoredDoc,
    previous: string | undefined,
    lenient = false,
  ): RowChange | RowRefusal {
    const sql = this.#for(collection);
    const id = String(doc[collection.primary]);
    const key = packKey(id);
    const found = sql.find.get(key) as Found | undefined;
    if (found ? found.rev !== previous : previous !== undefined && !lenient) {
      return { collection, id, inStore: found && (sql.doc.get(found.row) as string) };
    }
    const before = found && (sql.doc.get(found.row) as string);
    const wasLive = found !== undefined && found.deleted === 0;
    const row = found ? found.row : this.#nextRow(collection);
    this.#put(collection, sql, { row, key, fresh: found === undefined }, doc);
    if (!found && noteKey(collection, id, typeof key !== 'string')) this.#grew(collection);
    if (collection.live >= 0) collection.live += (doc._deleted ? 0 : 1) - (wasLive ? 1 : 0);
    return { collection, row, id, doc, before, wasLive };
  }

  /** Row number of a document, deleted or not. */
  rowOf(collection: Collection, id: string): number | undefined {
    return (this.#for(collection).find.get(packKey(id)) as Found | undefined)?.row;
  }

  text(collection: Collection, row: number): string | undefined {
    return this.#for(collection).doc.get(row) as string | undefined;
  }

  /** JSON of the documents with these ids; unknown ids are left out. */
  texts(collection: Collection, ids: readonly string[], withDeleted: boolean): string[] {
    const sql = this.#for(collection);
    const out: string[] = [];
    for (const id of ids) {
      const found = sql.find.get(packKey(id)) as Found | undefined;
      if (!found || (found.deleted !== 0 && !withDeleted)) continue;
      out.push(sql.doc.get(found.row) as string);
    }
    return out;
  }

  #put(
    collection: Collection,
    sql: Prepared,
    at: { readonly row: number; readonly key: Key; readonly fresh: boolean },
    doc: StoredDoc,
  ): void {
    const text = JSON.stringify(doc);
    const values: SqlValue[] = at.fresh ? [at.row, at.key] : [];
    values.push(doc._rev, doc._meta.lwt, doc._deleted ? 1 : 0);
    if (readColumns(collection, doc, values)) this.#grew(collection);
    if (at.fresh) {
      sql.insert.run(values);
      sql.insertDoc.run(at.row, text);
    } else {
      values.push(at.row);
      sql.update.run(values);
      sql.updateDoc.run(text, at.row);
    }
  }

  #grew(collection: Collection): void {
    collection.shape += 1;
    this.#catalog.saveState(collection);
  }

  #nextRow(collection: Collection): number {
    const row = collection.nextRow;
    collection.nextRow += 1;
    return row;
  }

  #for(collection: Collection): Prepared {
    const known = this.#prepared.get(collection);
    if (known) return known;
    const { rows, docs, columns } = collection;
    const names = columns.map((column) => `, ${column.sql}`).join('');
    const sets = columns.map((column) => `, ${column.sql} = ?`).join('');
    const db = this.#sql;
    const made: Prepared = {
      find: db.rows(`SELECT row, rev, deleted FROM ${rows} WHERE k = ?`),
      doc: db.values(`SELECT doc FROM ${docs} WHERE row = ?`),
      insert: db.rows(
        `INSERT INTO ${rows} (row, k, rev, lwt, deleted${names}) VALUES (?, ?, ?, ?, ?${', ?'.repeat(columns.length)})`,
      ),
      insertDoc: db.rows(`INSERT INTO ${docs} (row, doc) VALUES (?, ?)`),
      update: db.rows(`UPDATE ${rows} SET rev = ?, lwt = ?, deleted = ?${sets} WHERE row = ?`),
      updateDoc: db.rows(`UPDATE ${docs} SET doc = ? WHERE row = ?`),
    };
    this.#prepared.set(collection, made);
    return made;
  }
}

export function isRefusal(outcome: RowChange | RowRefusal): outcome is RowRefusal {
  return !('row' in outcome);
}
