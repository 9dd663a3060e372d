import type { Sqlite } from './sqlite.ts';

/**
 * Tables that every store has. Each collection adds its own (see collectionTables) under one row number, which holds
 * the collection's number.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE collections (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, spec TEXT NOT NULL, state TEXT NOT NULL
  );
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- Rows whose words wait to be indexed; "again" where older words of the row may be in the index.
  CREATE TABLE unindexed (row INTEGER PRIMARY KEY, again INTEGER NOT NULL);

  -- Words of titles, for queries that are spelt wrong; "leaving" where the title that had one is no more.
  CREATE TABLE terms (term TEXT PRIMARY KEY, leaving INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX terms_leaving ON terms (term) WHERE leaving = 1;

  CREATE TABLE history (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, collection TEXT NOT NULL, record TEXT NOT NULL, user TEXT NOT NULL,
    offline INTEGER NOT NULL, mutation TEXT NOT NULL, state TEXT NOT NULL, leaf TEXT NOT NULL, hash TEXT NOT NULL
  );
  CREATE INDEX history_record ON history (record, seq) WHERE record <> '';
  CREATE UNIQUE INDEX history_mutation ON history (mutation) WHERE mutation <> '';
  -- Values can be erased without breaking the chain: the leaf stays.
  CREATE TABLE history_values (seq INTEGER PRIMARY KEY, salt TEXT NOT NULL, entry TEXT NOT NULL, words TEXT NOT NULL);

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, grp TEXT NOT NULL, collection TEXT NOT NULL,
    record TEXT NOT NULL, field TEXT NOT NULL, mutation TEXT NOT NULL, state TEXT NOT NULL, number INTEGER NOT NULL
  );
  CREATE INDEX outbox_state ON outbox (state, seq);
  CREATE INDEX outbox_record ON outbox (record, seq);

  CREATE TABLE bases (collection INTEGER NOT NULL, k NOT NULL, base TEXT NOT NULL, PRIMARY KEY (collection, k)) WITHOUT ROWID;
  CREATE TABLE buckets (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
  CREATE TABLE memberships (
    bucket INTEGER NOT NULL, collection INTEGER NOT NULL, k NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (bucket, collection, k)
  ) WITHOUT ROWID;
  CREATE TABLE attachments (
    collection INTEGER NOT NULL, k NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, type TEXT NOT NULL,
    data BLOB NOT NULL, PRIMARY KEY (collection, k, name)
  );
`;

/**
 * - `rows_N`: key, revision, columns; narrow, so that scans and sorts read little
 * - `docs_N`: the document as JSON
 * - `words_N`: the word index, without a text of its own (contentless); excerpts are cut from the document. One per
 *   collection: in a common one, the rows of a rare collection could only be found by walking over all the others.
 *   It knows in which column a word is, not where in it (detail=column): a third smaller and a fifth faster to build.
 * - `parts_N`: groups of three characters of names, addresses and numbers, without their places (detail=none): which
 *   documents have all groups of a part, and the document itself says whether in this order. With places the index
 *   would be three times as large.
 */
export function collectionTables(number: number, columns: string, searched: boolean): string {
  return `
    CREATE TABLE rows_${number} (
      row INTEGER PRIMARY KEY, k NOT NULL, rev TEXT NOT NULL, lwt REAL NOT NULL, deleted INTEGER NOT NULL${columns}
    );
    CREATE UNIQUE INDEX rows_${number}_k ON rows_${number} (k);
    CREATE INDEX rows_${number}_lwt ON rows_${number} (lwt, k);
    CREATE TABLE docs_${number} (row INTEGER PRIMARY KEY, doc TEXT NOT NULL);
    ${searched ? searchTables(number) : ''}
  `;
}

export function searchTables(number: number): string {
  return `CREATE VIRTUAL TABLE IF NOT EXISTS words_${number} USING fts5(
    title, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3',
    detail=column
  );
  CREATE VIRTUAL TABLE IF NOT EXISTS parts_${number} USING fts5(
    parts, content='', contentless_delete=1, tokenize='trigram case_sensitive 1', detail=none
  );`;
}

export function createTables(db: Sqlite, meta: { readonly store: string; readonly counter: number }): void {
  db.transaction(() => {
    db.exec(TABLES);
    const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    put.run('store', meta.store);
    put.run('counter', meta.counter);
  }).immediate();
}
