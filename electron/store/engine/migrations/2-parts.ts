import type { Migration } from './migration.ts';

/**
 * Any part of a name, address or number is found, and words are folded further (ł, ø, ß): the index of words is made
 * anew together with the index of parts, behind the commits, from the documents.
 */
export const parts: Migration = {
  format: 2,
  what: 'any part of a name, address or number is found',
  apply(db) {
    db.exec(`
      CREATE TABLE terms (term TEXT PRIMARY KEY, leaving INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX terms_leaving ON terms (term) WHERE leaving = 1;
    `);
    const collections = db.prepare('SELECT number, spec FROM collections').all() as StoredCollection[];
    for (const { number, spec } of collections) {
      const { title, text } = (JSON.parse(spec) as { search: Record<'title' | 'text', unknown[]> }).search;
      if (title.length + text.length === 0) continue;
      db.exec(`
        DROP TABLE IF EXISTS words_${number};
        CREATE VIRTUAL TABLE words_${number} USING fts5(
          title, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3',
          detail=column
        );
        CREATE VIRTUAL TABLE parts_${number} USING fts5(
          parts, content='', contentless_delete=1, tokenize='trigram case_sensitive 1', detail=none
        );
        INSERT OR REPLACE INTO unindexed SELECT row, 0 FROM rows_${number} WHERE deleted = 0;
      `);
    }
    // What waited for the former index: there is nothing to take out of the new one.
    db.exec('UPDATE unindexed SET again = 0');
  },
};

interface StoredCollection {
  readonly number: number;
  readonly spec: string;
}
