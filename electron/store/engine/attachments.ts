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

  /**
   * Name of an attachment that the document has, but nobody has given: RxDB's error 510. A document that is deleted
   * loses its attachments, so nobody has to have given them.
   * @param wasHere whether the store holds the document before this write
   */
  missing(
    collection: Collection,
    doc: StoredDoc,
    given: readonly AttachmentWrite[],
    wasHere: boolean,
  ): string | undefined {
    if (doc._deleted && wasHere) return undefined;
    const id = String(doc[collection.primary]);
    return namesOf(doc).find(
      (name) =>
        !given.some((write) => write.id === id && write.name === name) &&
        !(wasHere && this.#digest(collection, id, name) !== undefined),
    );
  }

  /** Writes what was given and removes what the document no longer has; one that is deleted keeps none. */
  follow(collection: Collection, doc: StoredDoc, given: readonly AttachmentWrite[], wasHere: boolean): void {
    if (doc._attachments === undefined) return;
    const id = String(doc[collection.primary]);
    const names = doc._deleted && wasHere ? [] : namesOf(doc);
    for (const { id: owner, name, digest, type, data } of given) {
      if (owner !== id || !names.includes(name)) continue;
      if (this.#digest(collection, id, name) === digest) continue;
      this.#sql
        .rows(
          'INSERT OR REPLACE INTO attachments (collection, k, name, digest, type, data) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(collection.number, packKey(id), name, digest, type, data);
    }
    const stored = this.#sql
      .values('SELECT name FROM attachments WHERE collection = ? AND k = ?')
      .all(collection.number, packKey(id)) as string[];
    for (const name of stored) {
      if (!names.includes(name)) this.#forget(collection, id, name);
    }
  }

  /** Bytes and type; undefined unless the store holds exactly the bytes with this digest. */
  read(
    collection: Collection,
    id: string,
    name: string,
    digest: string,
  ): { type: string; data: Uint8Array } | undefined {
    return this.#sql
      .rows('SELECT type, data FROM attachments WHERE collection = ? AND k = ? AND name = ? AND digest = ?')
      .get(collection.number, packKey(id), name, digest) as { type: string; data: Uint8Array } | undefined;
  }

  #digest(collection: Collection, id: string, name: string): string | undefined {
    return this.#sql
      .values('SELECT digest FROM attachments WHERE collection = ? AND k = ? AND name = ?')
      .get(collection.number, packKey(id), name) as string | undefined;
  }

  #forget(collection: Collection, id: string, name: string): void {
    this.#sql.run(
      'DELETE FROM attachments WHERE collection = ? AND k = ? AND name = ?',
      collection.number,
      packKey(id),
      name,
    );
  }
}

function namesOf(doc: StoredDoc): string[] {
  const members = doc._attachments;
  return members !== null && typeof members === 'object' ? Object.keys(members) : [];
}

export function hasAttachments(doc: StoredDoc): boolean {
  return namesOf(doc).length > 0;
}
