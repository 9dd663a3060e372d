import { hash, randomUUID } from 'node:crypto';
import Database from 'better-sqlite3-multiple-ciphers';
import type {
  CollectionSpec,
  HistoryWrite,
  OutboxWrite,
  StoredDoc,
} from '../../../electron/store/contract.ts';

/**
 * The yardstick: encrypted SQLite used by hand, in the thread that asks, by somebody who knows the one thing that they
 * are going to do. Same file format, same durability, same columns, same indexes and same search tables as the
 * store (all copied from one of its files), but no worker, no checks of revisions, no events, no head file.
 */
export interface Layout {
  /** Number of the collection: part of its tables' names and of its row numbers. */
  readonly number: number;
  readonly spec: CollectionSpec;
  /** Makes the tables, and the indexes that they always have. */
  readonly tables: readonly string[];
  /** Makes the column indexes, which the store leaves until the first rows are there. */
  readonly indexes: readonly string[];
}

type Db = Database.Database;
type Run = Database.Statement<unknown[]>;

const SPAN = 2 ** 40;

/** Reads how the store lays a collection out, from a store that was closed. */
export function layoutOf(file: string, key: Uint8Array, spec: CollectionSpec): Layout {
  const db = connect(file, key);
  try {
    const number = db
      .prepare<[string], number>('SELECT number FROM collections WHERE name = ?')
      .pluck()
      .get(spec.name);
    if (number === undefined) throw new Error(`The store has no ${spec.name}.`);
    const made = db
      .prepare<[], { name: string; tbl_name: string; sql: string }>(
        'SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid',
      )
      .all();
    const tables = ['rows', 'docs', 'words', 'parts'].map((name) => `${name}_${number}`);
    const wanted = new Set([...tables, ...beside]);
    const ours = made.filter((entry) => wanted.has(entry.tbl_name));
    const isLate = ({ name }: { name: string }) => new RegExp(`^rows_${number}_c\\d+$`).test(name);
    return {
      number,
      spec,
      tables: ours.filter((entry) => !isLate(entry)).map(({ sql }) => sql),
      indexes: ours.filter(isLate).map(({ sql }) => sql),
    };
  } finally {
    db.close();
  }
}

/** Tables that an act of a person or a page of a sync writes beside the rows themselves. */
const beside = ['terms', 'history', 'history_values', 'outbox', 'memberships'];

function connect(file: string, key: Uint8Array): Db {
  const db = new Database(file);
  db.pragma("cipher = 'aegis'");
  db.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`);
  db.pragma('temp_store = MEMORY');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('wal_autocheckpoint = 8000');
  db.pragma('cache_size = -65536');
  return db;
}

export class RawStore {
  readonly db: Db;
  readonly #layout: Layout;
  readonly #row: Run;
  readonly #doc: Run;
  readonly #words: Run;
  readonly #parts: Run;
  readonly #term: Run;
  readonly #membership: Run;
  readonly #find: Run;
  readonly #get: Run;
  readonly #page: Run;
  readonly #match: Run;
  readonly #count: Run;
  /** Words of titles that are already noted for queries that are spelt wrong. */
  readonly #terms = new Set<string>();
  #next: number;
  #seq = 0;
  #chain = '';

  constructor(file: string, key: Uint8Array, layout: Layout, create: boolean) {
    const { number } = layout;
    const db = connect(file, key);
    if (create) for (const statement of layout.tables) db.exec(statement);
    const columns = layout.spec.columns.map((_, index) => `c${index}`);
    const sqlOf = (column: string) => `c${layout.spec.columns.findIndex(({ name }) => name === column)}`;
    const marks = columns.map(() => ', ?').join('');
    this.db = db;
    this.#layout = layout;
    this.#row = db.prepare(
      `INSERT INTO rows_${number} (row, k, rev, lwt, deleted, ${columns.join(', ')}) VALUES (?, ?, ?, ?, 0${marks})`,
    );
    this.#doc = db.prepare(`INSERT INTO docs_${number} (row, doc) VALUES (?, ?)`);
    this.#words = db.prepare(`INSERT INTO words_${number} (rowid, title, text) VALUES (?, ?, ?)`);
    this.#parts = db.prepare(`INSERT INTO parts_${number} (rowid, parts) VALUES (?, ?)`);
    this.#term = db.prepare('INSERT OR IGNORE INTO terms (term, leaving) VALUES (?, 0)');
    this.#membership = db.prepare(
      `INSERT INTO memberships (bucket, collection, k, digest) VALUES (1, ${number}, ?, ?)`,
    );
    this.#find = db.prepare(`SELECT row FROM rows_${number} WHERE k = ?`).pluck();
    this.#get = db.prepare(`SELECT doc FROM docs_${number} WHERE row = ?`).pluck();
    this.#page = db
      .prepare(
        `SELECT d.doc FROM rows_${number} r CROSS JOIN docs_${number} d ON d.row = r.row
         WHERE r.deleted = 0 ORDER BY r.${sqlOf('name')}, r.k LIMIT 50 OFFSET ?`,
      )
      .pluck();
    this.#match = db
      .prepare(`SELECT rowid FROM words_${number} WHERE words_${number} MATCH ? LIMIT 20`)
      .pluck();
    this.#count = db
      .prepare(`SELECT count(*) FROM rows_${number} WHERE deleted = 0 AND ${sqlOf('owner')} = ?`)
      .pluck();
    this.#next = number * SPAN + 1;
  }

  /** One transaction. `indexed: false` leaves the words out, as a sync does that indexes behind itself. */
  insert(docs: readonly StoredDoc[], { indexed = true, digests = [] as readonly string[] } = {}): void {
    const { spec } = this.#layout;
    this.db.exec('BEGIN IMMEDIATE');
    for (const [index, doc] of docs.entries()) {
      const row = this.#next;
      this.#next += 1;
      const key = packed(doc.id);
      this.#row.run(
        row,
        key,
        doc._rev,
        doc._meta.lwt,
        ...spec.columns.map((column) => columnOf(doc, column)),
      );
      this.#doc.run(row, JSON.stringify(doc));
      if (indexed) this.#index(row, doc);
      const digest = digests[index];
      if (digest !== undefined) this.#membership.run(key, Buffer.from(digest, 'hex'));
    }
    this.db.exec('COMMIT');
  }

  /** Words that begin so, parts of words, and words for wrong spellings: the three tables of search. */
  #index(row: number, doc: StoredDoc): void {
    const { title, text, parts } = wordsOf(doc, this.#layout.spec);
    this.#words.run(row, title, text);
    this.#parts.run(row, parts);
    for (const term of new Set(title.match(/\p{L}{3,30}/gu))) {
      if (this.#terms.has(term)) continue;
      this.#terms.add(term);
      this.#term.run(term);
    }
  }

  /** Sorts each column once, after a bulk. */
  index(): void {
    this.db.pragma('analysis_limit = 400');
    for (const statement of this.#layout.indexes) this.db.exec(statement);
    this.db.exec(`ANALYZE rows_${this.#layout.number}`);
  }

  /** What a person's edit of one field leaves behind: row, words, chained history and an outbox entry. */
  edit(doc: StoredDoc, entry: HistoryWrite, mutation: OutboxWrite): void {
    const { number, spec } = this.#layout;
    this.db.exec('BEGIN IMMEDIATE');
    const row = this.#find.get(packed(doc.id)) as number;
    const column = spec.columns.findIndex(({ name }) => name === entry.field);
    this.#prepared(`UPDATE rows_${number} SET rev = ?, lwt = ?, c${column} = ? WHERE row = ?`).run(
      doc._rev,
      doc._meta.lwt,
      folded(String(entry.to)),
      row,
    );
    this.#prepared(`UPDATE docs_${number} SET doc = ? WHERE row = ?`).run(JSON.stringify(doc), row);
    this.#prepared(`DELETE FROM words_${number} WHERE rowid = ?`).run(row);
    this.#prepared(`DELETE FROM parts_${number} WHERE rowid = ?`).run(row);
    this.#index(row, doc);
    const text = JSON.stringify(entry);
    const salt = randomUUID();
    const leaf = hash('sha256', salt + text);
    this.#chain = hash('sha256', this.#chain + leaf);
    this.#seq += 1;
    this.#prepared(
      `INSERT INTO history (seq, kind, collection, record, user, offline, mutation, state, leaf, hash)
       VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
    ).run(
      this.#seq,
      entry.kind,
      entry.collection,
      entry.record,
      entry.user,
      entry.mutation,
      entry.state,
      leaf,
      this.#chain,
    );
    this.#prepared('INSERT INTO history_values (seq, salt, entry, words) VALUES (?, ?, ?, ?)').run(
      this.#seq,
      salt,
      text,
      folded(`${entry.name}\n${entry.field}\n${String(entry.from)}\n${String(entry.to)}`),
    );
    this.#prepared(
      `INSERT INTO outbox (id, grp, collection, record, field, mutation, state, number)
       VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0)`,
    ).run(
      mutation.id,
      mutation.group,
      mutation.collection,
      mutation.record,
      mutation.field,
      JSON.stringify(mutation.mutation),
    );
    this.db.exec('COMMIT');
  }

  get(id: string): StoredDoc {
    return JSON.parse(this.#get.get(this.#find.get(packed(id))) as string);
  }

  /** Fifty contacts by name: what a list shows. */
  page(offset: number): StoredDoc[] {
    return (this.#page.all(offset) as string[]).map((text) => JSON.parse(text));
  }

  /** The first twenty hits, in no order of worth. */
  search(typed: string): StoredDoc[] {
    const words = typed.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const rows = this.#match.all(words.map((word) => `"${word}"*`).join(' ')) as number[];
    return rows.map((row) => JSON.parse(this.#get.get(row) as string));
  }

  countOf(owner: string): number {
    return this.#count.get(owner) as number;
  }

  /** All row numbers in an order; `@name` stands for the column of that name. */
  inOrder(expression: string, condition = ''): Run {
    const { number, spec } = this.#layout;
    const named = (sql: string) =>
      sql.replaceAll(/@(\w+)/g, (_, wanted) => `c${spec.columns.findIndex(({ name }) => name === wanted)}`);
    const join = expression.includes('d.') ? `CROSS JOIN docs_${number} d ON d.row = r.row` : '';
    return this.db
      .prepare(
        `SELECT r.row FROM rows_${number} r ${join} WHERE r.deleted = 0 ${named(condition)}
         ORDER BY ${named(expression)}, r.k`,
      )
      .pluck();
  }

  close(): void {
    this.db.close();
  }

  readonly #statements = new Map<string, Run>();

  #prepared(sql: string): Run {
    const known = this.#statements.get(sql) ?? this.db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

const packed = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');

function folded(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

function columnOf(doc: StoredDoc, column: CollectionSpec['columns'][number]): string | number | null {
  const value = column.path
    .split('.')
    .reduce<unknown>((at, member) => (at as StoredDoc | undefined)?.[member], doc);
  if (typeof value === 'string') return column.type === 'text' ? folded(value) : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : null;
}

function wordsOf(doc: StoredDoc, spec: CollectionSpec): { title: string; text: string; parts: string } {
  const at = (paths: readonly string[]) => paths.flatMap((path) => textsAt(doc, path.split('.')));
  const digits = (texts: string[]) =>
    texts.filter((part) => /^\+[\d ]+$/.test(part)).map((part) => part.replaceAll(/\D/g, ''));
  const title = folded(at(spec.search.title).join(' '));
  const text = at(spec.search.text);
  const numbers = digits(text).flatMap((number) => [0, 1, 2, 3].map((from) => number.slice(from)));
  const parts = at(spec.search.parts ?? []);
  return {
    title,
    text: folded([...text, ...numbers].join(' ')),
    parts: [title, ...parts.map(folded), ...digits(parts)].join('\n'),
  };
}

function textsAt(value: unknown, path: readonly string[]): string[] {
  const [member, ...rest] = path;
  if (member === undefined) return typeof value === 'string' ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  if (member === '*') return Object.values(value).flatMap((item) => textsAt(item, rest));
  return textsAt((value as Record<string, unknown>)[member], rest);
}
