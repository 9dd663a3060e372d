import type { StoredDoc } from '../contract.ts';
import type { Collection } from './collection.ts';
import type { Statements } from './sqlite.ts';
import { packKey } from './values.ts';

/** Bytes of one attachment on their way in. */
export interface AttachmentWrite {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly digest: string;
  readonly data: Uint8Array;
}

/** Files that belong to documents of RxDB collections with attachments, inside the encrypted store. */
export class Attachments {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** Name of an attachment that the document has, but nobody has given: RxDB's error 510. */
  missing(collection: Collection, doc: StoredDoc, given: readonly AttachmentWrite[]): string | undefined {
    const id = String(doc[collection.primary]);
    return namesOf(doc).find(
      (name) =>
        !given.some((write) => write.id === id && write.name === name) && !this.#has(collection, id, name),
    );
  }

  /** Writes what was given and removes what the document no longer has; a deleted document has none. */
  follow(collection: Collection, doc: StoredDoc, given: readonly AttachmentWrite[]): void {
    if (doc._attachments === undefined) return;
    const id = String(doc[collection.primary]);
    const names = doc._deleted ? [] : namesOf(doc);
    if (given.length > 0) {
      const put = this.#sql.rows(
        'INSERT OR REPLACE INTO attachments (collection, k, name, digest, type, data) VALUES (?, ?, ?, ?, ?, ?)',
      );
      for (const { name, digest, type, data } of given.filter(
        (write) => write.id === id && names.includes(write.name),
      )) {
        put.run(collection.number, packKey(id), name, digest, type, data);
      }
    }
    const stored = this.#sql
      .values('SELECT name FROM attachments WHERE collection = ? AND k = ?')
      .all(collection.number, packKey(id)) as string[];
    for (const name of stored) {
      if (names.includes(name)) continue;
      this.#sql.run(
        'DELETE FROM attachments WHERE collection = ? AND k = ? AND name = ?',
        collection.number,
        packKey(id),
        name,
      );
    }
  }

  read(collection: Collection, id: string, name: string): { type: string; data: Uint8Array } | undefined {
    return this.#sql
      .rows('SELECT type, data FROM attachments WHERE collection = ? AND k = ? AND name = ?')
      .get(collection.number, packKey(id), name) as { type: string; data: Uint8Array } | undefined;
  }

  #has(collection: Collection, id: string, name: string): boolean {
    return (
      this.#sql
        .values('SELECT 1 FROM attachments WHERE collection = ? AND k = ? AND name = ?')
        .get(collection.number, packKey(id), name) !== undefined
    );
  }
}

function namesOf(doc: StoredDoc): string[] {
  const members = doc._attachments;
  return members !== null && typeof members === 'object' ? Object.keys(members) : [];
}
