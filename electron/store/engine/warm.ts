import Database from 'better-sqlite3-multiple-ciphers';
import { Attachments } from './attachments.ts';
import { Catalog } from './catalog.ts';
import { headKey, readHead } from './head.ts';
import { History } from './history.ts';
import { Memberships } from './memberships.ts';
import { configure } from './open.ts';
import { Outbox } from './outbox.ts';
import { Queries } from './query.ts';
import { Rows } from './rows.ts';
import { createTables } from './schema.ts';
import { Search } from './search.ts';
import { Statements } from './sqlite.ts';
import { Views } from './views.ts';

/** Any collection will do: the code is the same for all. */
const SPEC = {
  name: 'warm',
  columns: [{ name: 'name', path: 'name', type: 'text' as const }],
  search: { title: ['name'], text: [] },
};

/**
 * Does once, over a database in memory, what opening a store does: the native module is loaded, and the code that
 * runs between the key and the first answer has run before. Touches no file.
 */
export function warmUp(nativeBinding: string | undefined): void {
  const key = new Uint8Array(32);
  readHead(':memory:', headKey(key));
  // There is nothing to encrypt in it.
  const db = new Database(':memory:', nativeBinding ? { nativeBinding } : {});
  try {
    db.pragma("cipher = 'aegis'");
    configure(db, false);
    createTables(db, { store: 'warm', counter: 1 });
    const sql = new Statements(db);
    new Catalog(sql).ensure(SPEC);
    const catalog = new Catalog(sql);
    const rows = new Rows(sql, catalog);
    new Search(sql, catalog, rows);
    new History(sql, 'warm', 'warm');
    new Outbox(sql);
    new Memberships(sql, catalog);
    new Attachments(sql);
    new Queries(sql);
    new Views(sql, catalog, rows, () => {}).end();
  } finally {
    db.close();
  }
}
