import type { Sqlite } from './sqlite.ts';

/**
 * Tables that every store has. Each collection adds two: `rows_N` (key, revision, columns; narrow, so that scans and
 * sorts read little) and `docs_N` (the document as JSON), under one row number that holds the collection's number.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE collections (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, spec TEXT NOT NULL, state TEXT NOT NULL
  );
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- The index keeps no text of its own (contentless); excerpts are cut from the document.
  CREATE VIRTUAL TABLE words USING fts5(
    title, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
  );
  CREATE TABLE unindexed (row INTEGER PRIMARY KEY);

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

export function createTables(db: Sqlite, meta: { readonly store: string; readonly counter: number }): void {
  db.transaction(() => {
    db.exec(TABLES);
    const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    put.run('store', meta.store);
    put.run('counter', meta.counter);
  }).immediate();
}
