import type { StoredDoc } from '../contract.ts';
import type { Catalog } from './catalog.ts';
import { type Collection, type Column, noteKey } from './collection.ts';
import type { Incoming } from './incoming.ts';
import type { SqlValue, Statement, Statements } from './sqlite.ts';
import { type Key, packKey } from './values.ts';

/** One row that a commit changed. */
export interface RowChange {
  readonly collection: Collection;
  readonly row: number;
  readonly id: string;
  readonly deleted: boolean;
  readonly doc: StoredDoc;
  /** The document before, as JSON; undefined for a new row. */
  readonly before: string | undefined;
  readonly wasLive: boolean;
}

/** The document is parsed only when somebody looks into it. */
class Written implements RowChange {
  readonly collection: Collection;
  readonly row: number;
  readonly before: string | undefined;
  readonly wasLive: boolean;
  readonly #incoming: Incoming;

  constructor(
    collection: Collection,
    row: number,
    incoming: Incoming,
    before: string | undefined,
    wasLive: boolean,
  ) {
    this.collection = collection;
    this.row = row;
    this.before = before;
    this.wasLive = wasLive;
    this.#incoming = incoming;
  }

  get id(): string {
    return this.#incoming.id;
  }

  get deleted(): boolean {
    return this.#incoming.deleted;
  }

  get doc(): StoredDoc {
    return this.#incoming.doc;
  }
}

export interface RowRefusal {
  readonly collection: Collection;
  readonly id: string;
  /** JSON; undefined when the writer expected a row that is not here. */
  readonly inStore: string | undefined;
}

/** Row number, revision, deleted, lwt, and the columns. */
type Found = readonly [row: number, rev: string, deleted: number, ...values: SqlValue[]];

/** Columns that every row has, in the order in which values are written. */
const OWN = ['rev', 'deleted', 'lwt'] as const;

/** New documents that one statement puts: half of the cost of a small statement is the statement. */
const AT_ONCE = 16;

interface Prepared {
  readonly find: Statement;
  readonly doc: Statement;
  /** Document by key; of a live row only, or of any. */
  readonly live: Statement;
  readonly any: Statement;
  readonly insert: Statement;
  readonly insertDoc: Statement;
  /** As many as are put at once. */
  readonly insertDocs: Statement;
  readonly updateDoc: Statement;
}

/** Writes and reads documents of one store. Runs inside the transaction of whoever calls it. */
export class Rows {
  readonly #sql: Statements;
  readonly #catalog: Catalog;
  readonly #prepared = new WeakMap<Collection, Prepared>();
  /** New documents of one collection that are not put yet: row, text, row, text … */
  #waiting: SqlValue[] = [];
  #waitsFor: Prepared | undefined;

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
    incoming: Incoming,
    previous: string | undefined,
    lenient = false,
  ): RowChange | RowRefusal {
    const sql = this.#for(collection);
    const { id, deleted } = incoming;
    const key = packKey(id);
    const found = sql.find.get(key) as Found | undefined;
    // It may be one of those that are not put yet.
    if (found) this.flush();
    if (isConflict(found, previous, lenient)) {
      return { collection, id, inStore: found && (sql.doc.get(found[0]) as string) };
    }
    const before = found && (sql.doc.get(found[0]) as string);
    const wasLive = found !== undefined && found[2] === 0;
    const row = found ? found[0] : this.#nextRow(collection);
    this.#put(collection, sql, { row, key, found }, incoming);
    if (!found && noteKey(collection, id, typeof key !== 'string' && key.length === 16))
      this.#grew(collection);
    if (collection.live >= 0) collection.live += (deleted ? 0 : 1) - (wasLive ? 1 : 0);
    return new Written(collection, row, incoming, before, wasLive);
  }

  /** What write() would refuse, without writing. */
  conflict(
    collection: Collection,
    { id }: Incoming,
    previous: string | undefined,
    lenient = false,
  ): RowRefusal | undefined {
    const sql = this.#for(collection);
    const found = sql.find.get(packKey(id)) as Found | undefined;
    if (!isConflict(found, previous, lenient)) return undefined;
    this.flush();
    return { collection, id, inStore: found && (sql.doc.get(found[0]) as string) };
  }

  /** Row number of a document, deleted or not. */
  rowOf(collection: Collection, id: string): number | undefined {
    return (this.#for(collection).find.get(packKey(id)) as Found | undefined)?.[0];
  }

  text(collection: Collection, row: number): string | undefined {
    return this.#for(collection).doc.get(row) as string | undefined;
  }

  /** JSON of the documents with these ids; unknown ids are left out. */
  texts(collection: Collection, ids: readonly string[], withDeleted: boolean): string[] {
    const sql = this.#for(collection);
    this.flush();
    const one = withDeleted ? sql.any : sql.live;
    const out: string[] = [];
    for (const id of ids) {
      const text = one.get(packKey(id)) as string | undefined;
      if (text !== undefined) out.push(text);
    }
    return out;
  }

  #put(
    collection: Collection,
    sql: Prepared,
    { row, key, found }: { readonly row: number; readonly key: Key; readonly found: Found | undefined },
    incoming: Incoming,
  ): void {
    const { text, rev, deleted, lwt } = incoming;
    const values: SqlValue[] = found ? [] : [row, key];
    values.push(rev, deleted ? 1 : 0, lwt);
    if (incoming.columns(values)) this.#grew(collection);
    if (!found) {
      sql.insert.run(values);
      this.#later(sql, row, text);
    } else {
      this.#update(collection, found, values);
      sql.updateDoc.run(text, row);
    }
  }

  #later(sql: Prepared, row: number, text: string): void {
    if (this.#waitsFor !== sql) this.flush();
    this.#waitsFor = sql;
    this.#waiting.push(row, text);
    if (this.#waiting.length < 2 * AT_ONCE) return;
    sql.insertDocs.run(this.#waiting);
    this.#waiting = [];
  }

  /** Puts the new documents that wait. Whoever writes calls it before anything else looks at them. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let i = 0; i < waiting.length; i += 2) this.#waitsFor?.insertDoc.run(waiting[i], waiting[i + 1]);
  }

  /** After a failure: what waits goes with the transaction. */
  forget(): void {
    this.#waiting = [];
  }

  /** Writes the columns that changed: each of the others would be taken out of its index and put back. */
  #update(collection: Collection, found: Found, values: readonly SqlValue[]): void {
    const sets: string[] = [];
    const params: SqlValue[] = [];
    for (const [i, value] of values.entries()) {
      if (value === found[i + 1]) continue;
      sets.push(`${OWN[i] ?? (collection.columns[i - OWN.length] as Column).sql} = ?`);
      params.push(value);
    }
    if (sets.length === 0) return;
    this.#sql.rows(`UPDATE ${collection.rows} SET ${sets.join(', ')} WHERE row = ?`).run(...params, found[0]);
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
    const byKey = `SELECT d.doc FROM ${rows} r CROSS JOIN ${docs} d ON d.row = r.row WHERE r.k = ?`;
    const db = this.#sql;
    const made: Prepared = {
      find: db.db
        .prepare<unknown[]>(`SELECT row, rev, deleted, lwt${names} FROM ${rows} WHERE k = ?`)
        .raw(true),
      doc: db.values(`SELECT doc FROM ${docs} WHERE row = ?`),
      live: db.values(`${byKey} AND r.deleted = 0`),
      any: db.values(byKey),
      insert: db.rows(
        `INSERT INTO ${rows} (row, k, rev, deleted, lwt${names}) VALUES (?, ?, ?, ?, ?${', ?'.repeat(columns.length)})`,
      ),
      insertDoc: db.rows(`INSERT INTO ${docs} (row, doc) VALUES (?, ?)`),
      insertDocs: db.rows(`INSERT INTO ${docs} (row, doc) VALUES (?, ?)${', (?, ?)'.repeat(AT_ONCE - 1)}`),
      updateDoc: db.rows(`UPDATE ${docs} SET doc = ? WHERE row = ?`),
    };
    this.#prepared.set(collection, made);
    return made;
  }
}

function isConflict(found: Found | undefined, previous: string | undefined, lenient: boolean): boolean {
  return found ? found[1] !== previous : previous !== undefined && !lenient;
}

export function isRefusal(outcome: RowChange | RowRefusal): outcome is RowRefusal {
  return !('row' in outcome);
}
