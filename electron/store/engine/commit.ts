import { RoadbookError, toPlainError } from '../../../shared/errors.ts';
import type { Commit, CommitResult, RowWrite } from '../contract.ts';
import type { PackedDocs } from '../packed.ts';
import { type Attachments, type AttachmentWrite, hasAttachments } from './attachments.ts';
import type { Catalog } from './catalog.ts';
import { isSqliteCode, storeError } from './errors.ts';
import type { Head, HeadFile } from './head.ts';
import type { History } from './history.ts';
import { type Incoming, IncomingDoc, IncomingText } from './incoming.ts';
import type { Memberships } from './memberships.ts';
import { FORMAT } from './open.ts';
import type { Outbox } from './outbox.ts';
import type { Purge } from './purge.ts';
import { isRefusal, type RowChange, type RowRefusal, type Rows } from './rows.ts';
import type { Search } from './search.ts';
import type { Statements } from './sqlite.ts';
import { passed } from './steps.ts';
import { packKey } from './values.ts';

export interface CommitParts {
  readonly sql: Statements;
  readonly catalog: Catalog;
  readonly rows: Rows;
  readonly search: Search;
  readonly history: History;
  readonly outbox: Outbox;
  readonly memberships: Memberships;
  readonly attachments: Attachments;
  readonly purge: Purge;
  readonly head: HeadFile;
  readonly store: string;
}

/** What RxDB's way of writing asks for beyond a commit: refusals are answers, not a reason to write nothing. */
export interface Lenience {
  readonly collection: string;
  readonly docs: PackedDocs;
  /** Revision that the writer of each document saw; undefined for a new one. */
  readonly previous: readonly (string | undefined)[];
  /** Whether any of the documents has an attachment, given now or earlier. */
  readonly attached: boolean;
  readonly attachments: readonly AttachmentWrite[];
}

export interface Applied extends CommitResult {
  readonly changes: readonly RowChange[];
  /** Rows that left the store, as far as they were in it. */
  readonly purged: readonly RowChange[];
  /** Index of the row and why it was refused; only for lenient writes. */
  readonly refusals: readonly { readonly index: number; readonly refusal: RowRefusal | MissingAttachment }[];
}

export interface MissingAttachment {
  readonly attachment: string;
  readonly inStore: string | undefined;
}

/** Thrown inside the worker when a row is not what its writer saw; nothing of the commit is written. */
export class Refused extends Error {
  readonly refusal: RowRefusal;

  constructor(refusal: RowRefusal) {
    super('the row in the store is not the one that was changed');
    this.refusal = refusal;
  }
}

/**
 * The one way in which anything changes: rows, columns, words, history and its chain, outbox, memberships and their
 * digests, bases, values and the commit counter in one transaction, fsynced, or nothing of it.
 */
export class Committer {
  readonly #parts: CommitParts;
  #counter: number;

  constructor(parts: CommitParts, counter: number) {
    this.#parts = parts;
    this.#counter = counter;
  }

  get counter(): number {
    return this.#counter;
  }

  /** What the head file says, or should: the last commit. */
  get head(): Head {
    return { store: this.#parts.store, format: FORMAT, counter: this.#counter };
  }

  apply(commit: Commit, lenience?: Lenience): Applied {
    const { sql, history, rows } = this.#parts;
    const { db } = sql;
    const changes: RowChange[] = [];
    const refusals: Applied['refusals'][number][] = [];
    let purged: readonly RowChange[] = [];
    const counter = this.#counter + 1;
    try {
      db.exec('BEGIN IMMEDIATE');
      passed('commit-begun');
      if (lenience) this.#writeLeniently(lenience, changes, refusals);
      if (commit.rows) this.#write(commit.rows, changes);
      rows.flush();
      this.#rest(commit, changes);
      purged = this.#purge(commit);
      sql.run("UPDATE meta SET value = ? WHERE key = 'counter'", counter);
      passed('commit-counted');
      db.exec('COMMIT');
      passed('commit-done');
    } catch (error) {
      this.#undo(error);
      throw error;
    }
    this.#counter = counter;
    this.#note(this.head);
    passed('commit-head');
    return { commit: counter, historyTotal: history.total, changes, purged, refusals };
  }

  /** The commit stands whatever becomes of this: a head that lags behind is harmless, and the next commit writes it. */
  #note(head: Head): void {
    try {
      this.#parts.head.write(head);
    } catch (error) {
      console.error('the head file lags behind', toPlainError(storeError(error)).code);
    }
  }

  #write(writes: readonly RowWrite[], changes: RowChange[]): void {
    const { catalog, rows } = this.#parts;
    let name = '';
    let collection = undefined as ReturnType<Catalog['get']> | undefined;
    for (const write of writes) {
      if (!collection || write.collection !== name) {
        name = write.collection;
        collection = catalog.get(name);
      }
      const outcome = rows.write(collection, new IncomingDoc(collection, write.doc), write.previous);
      if (isRefusal(outcome)) throw new Refused(outcome);
      changes.push(outcome);
      passed('commit-row');
    }
  }

  #writeLeniently(lenience: Lenience, changes: RowChange[], refusals: Applied['refusals'][number][]): void {
    const { catalog, attachments } = this.#parts;
    const collection = catalog.get(lenience.collection);
    for (const [index, previous] of lenience.previous.entries()) {
      const incoming = new IncomingText(collection, lenience.docs, index);
      const outcome = this.#writeOne(collection, incoming, previous, lenience);
      if ('attachment' in outcome || isRefusal(outcome)) {
        refusals.push({ index, refusal: outcome });
      } else {
        const wasHere = outcome.before !== undefined;
        // A new document without attachments has none to lose.
        if (wasHere || lenience.attachments.length > 0) {
          attachments.follow(collection, incoming.doc, lenience.attachments, wasHere);
        }
        changes.push(outcome);
      }
    }
  }

  /** A conflict says more than a missing attachment: who is refused for both hears of the conflict. */
  #writeOne(
    collection: ReturnType<Catalog['get']>,
    incoming: Incoming,
    previous: string | undefined,
    { attached, attachments: given }: Lenience,
  ): RowChange | RowRefusal | MissingAttachment {
    const { rows, attachments } = this.#parts;
    if (attached && hasAttachments(incoming.doc)) {
      const conflict = rows.conflict(collection, incoming, previous, true);
      if (conflict) return conflict;
      const [inStore] = rows.texts(collection, [incoming.id], true);
      const attachment = attachments.missing(collection, incoming.doc, given, inStore !== undefined);
      if (attachment !== undefined) return { attachment, inStore };
    }
    return rows.write(collection, incoming, previous, true);
  }

  /** Words that are left behind are read later: nobody has to look into a new document for them now. */
  #words(changes: readonly RowChange[], when: 'now' | 'behind'): void {
    const { search } = this.#parts;
    if (when === 'now') search.follow(changes, when);
    else search.follow(changes.map(unread), when);
  }

  #rest(commit: Commit, changes: readonly RowChange[]): void {
    const { sql, catalog, history, outbox, memberships } = this.#parts;
    if (changes.length > 0) this.#words(changes, commit.search ?? 'now');
    passed('commit-words');
    for (const { collection, id, base } of commit.bases ?? []) {
      const number = catalog.get(collection).number;
      if (base === null || base === undefined) {
        sql.run('DELETE FROM bases WHERE collection = ? AND k = ?', number, packKey(id));
      } else {
        sql.run(
          'INSERT OR REPLACE INTO bases (collection, k, base) VALUES (?, ?, ?)',
          number,
          packKey(id),
          JSON.stringify(base),
        );
      }
    }
    if (commit.history) history.append(commit.history);
    passed('commit-history');
    if (commit.outbox) outbox.add(commit.outbox);
    if (commit.settle) {
      outbox.settle(commit.settle);
      for (const { id, history: state } of commit.settle) history.settle(id, state);
    }
    if (commit.durableThrough !== undefined) outbox.forgetThrough(commit.durableThrough);
    passed('commit-outbox');
    if (commit.memberships) memberships.apply(commit.memberships);
    passed('commit-memberships');
    for (const [key, value] of Object.entries(commit.values ?? {})) {
      if (value === null || value === undefined) sql.run('DELETE FROM settings WHERE key = ?', key);
      else sql.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(value));
    }
  }

  #purge({ purge, forgetMissing }: Commit): readonly RowChange[] {
    const outcome = this.#parts.purge.apply(purge ?? []);
    if ('inStore' in outcome) throw new Refused(outcome);
    if (forgetMissing) this.#parts.purge.forgetMissing();
    return outcome;
  }

  /** What is kept in memory beside the file goes back with it. */
  #undo(error: unknown): void {
    const { sql, catalog, history, rows, search, purge } = this.#parts;
    try {
      rows.forget();
      if (sql.db.inTransaction) sql.db.exec('ROLLBACK');
      history.reload();
      search.reload();
      purge.reload();
      for (const collection of catalog.all()) catalog.reload(collection);
    } catch (second) {
      // A damaged page may also fail the reading after the rollback: the first error says more.
      if (!isSqliteCode(second, 'SQLITE_')) throw second;
      throw new RoadbookError('store.damaged', {}, { cause: error });
    }
  }
}

/** A new row with as much of its document as a mark for later needs. */
function unread(change: RowChange): RowChange {
  const { collection, row, id, deleted, before, wasLive } = change;
  if (before !== undefined) return change;
  const doc = { id, _deleted: deleted, _rev: '', _attachments: {}, _meta: { lwt: 0 } };
  return { collection, row, id, deleted, doc, before, wasLive };
}
