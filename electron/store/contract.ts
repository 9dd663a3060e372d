/**
 * The store's face towards the main process. It knows documents, columns, words, entries and marks; it knows nothing of
 * customers. Everything here is data that can cross to the worker thread: no callbacks, no class instances.
 */
import type { AuditFilter } from '../../shared/ipc/records.ts';

export type ColumnType = 'text' | 'key' | 'number';

/** A plain column beside the document, for filters and sorting. text is folded (case, accents), key and number are raw. */
export interface ColumnSpec {
  readonly name: string;
  /** Dotted path in the document, e.g. `body.amount.minor`. */
  readonly path: string;
  readonly type: ColumnType;
}

/** Dotted paths whose text goes into the word index; `*` stands for every item of a list. */
export interface SearchSpec {
  readonly title: readonly string[];
  readonly text: readonly string[];
  /** Those of `text` that are also found by any part of three characters or more; a title always is. */
  readonly parts?: readonly string[];
}

export interface CollectionSpec {
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  readonly search: SearchSpec;
}

/** A document as RxDB hands it to a storage: primary key, `_deleted`, `_rev`, `_meta.lwt` and its own members. */
export interface StoredDoc {
  readonly id: string;
  readonly _deleted: boolean;
  readonly _rev: string;
  readonly _meta: { readonly lwt: number };
  readonly [member: string]: unknown;
}

export interface RowWrite {
  readonly collection: string;
  readonly doc: StoredDoc;
  /** `_rev` that the writer saw; undefined for a new document. Anything else in the store refuses the whole commit. */
  readonly previous: string | undefined;
}

/** Server values of a row with unsent edits, kept beside it; null when there are none any more. */
export interface BaseWrite {
  readonly collection: string;
  readonly id: string;
  readonly base: unknown;
}

/** An entry for history and audit. The worker adds sequence number and hashes. */
export interface HistoryWrite {
  readonly at: string;
  readonly kind: string;
  readonly collection: string;
  readonly record: string;
  readonly name: string;
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly user: string;
  readonly device: string;
  readonly deviceName: string;
  readonly offline: boolean;
  /** Mutation that this entry tells of; an id that is already there is not written again. '' for events. */
  readonly mutation: string;
  readonly state: string;
}

export interface HistoryEntry extends HistoryWrite {
  readonly seq: number;
  readonly hash: string;
}

/** One field mutation that waits for the server; `mutation` is its wire form. Kept in the order of writing. */
export interface OutboxWrite {
  readonly id: string;
  readonly group: string;
  readonly collection: string;
  readonly record: string;
  readonly field: string;
  readonly mutation: unknown;
}

export interface OutboxEntry extends OutboxWrite {
  readonly seq: number;
  readonly state: OutboxState;
  /** Commit number of the server; 0 while it waits. */
  readonly number: number;
}

/**
 * waiting: not yet accepted; accepted: kept until the server's backup holds it; refused: in the inbox; quarantined: the
 * server keeps it for an admin, because its writer may not see the record.
 */
export type OutboxState = 'waiting' | 'accepted' | 'refused' | 'quarantined';

export interface OutboxSettle {
  readonly id: string;
  readonly state: Exclude<OutboxState, 'waiting'>;
  readonly number: number;
  /** New state of the history entry of this mutation: sent, superseded, conflict, refused, quarantined. */
  readonly history: string;
}

export interface MembershipWrite {
  readonly bucket: string;
  readonly collection: string;
  readonly id: string;
  readonly op: 'put' | 'remove';
  /** Digest of the row's server values, 32 hex digits; '' for remove. */
  readonly digest: string;
}

/** Why a row is here: a bucket that it is in, with the digest of its server values. */
export interface HeldMembership {
  readonly bucket: string;
  readonly digest: string;
}

/**
 * A row that leaves this device as if it had never been here: with its words, base, attachments, outgoing mutations and
 * the values of its history. Nothing of it travels, and its memberships are taken away by the same commit.
 */
export interface PurgeWrite {
  readonly collection: string;
  readonly id: string;
  /** `_rev` that the writer saw; undefined where no such row was here. Anything else refuses the whole commit. */
  readonly previous: string | undefined;
  /** The row may be about to come again: values of history and settled mutations stay until a commit forgets them. */
  readonly mayReturn?: boolean;
}

/** Everything that one act changes. Applied as a whole, fsynced, or not at all. */
export interface Commit {
  readonly rows?: readonly RowWrite[];
  readonly bases?: readonly BaseWrite[];
  readonly history?: readonly HistoryWrite[];
  readonly outbox?: readonly OutboxWrite[];
  readonly settle?: readonly OutboxSettle[];
  /** Forget accepted mutations up to this commit number of the server. */
  readonly durableThrough?: number;
  readonly memberships?: readonly MembershipWrite[];
  /** After everything else of this commit. */
  readonly purge?: readonly PurgeWrite[];
  /** Erases values of history and settled mutations of records that are not here. */
  readonly forgetMissing?: boolean;
  /** Small values by key (checkpoint, session, settings); null removes. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** `behind` leaves a durable mark and indexes the words after the commit; default `now`. */
  readonly search?: 'now' | 'behind';
}

export interface CommitResult {
  /** Number of this commit in the store. */
  readonly commit: number;
  readonly historyTotal: number;
}

/** Thrown by commit() (as RowConflictError) when a row is not what its writer saw. */
export interface RowConflict {
  readonly collection: string;
  readonly id: string;
  readonly inStore: StoredDoc | undefined;
}

export interface ViewQuery {
  readonly collection: string;
  /**
   * Mango selector over document paths; beside Mango's operators `$contains: text` finds a part of a text without
   * regard to case and accents. Deleted documents are never in a view.
   */
  readonly selector: Readonly<Record<string, unknown>>;
  /** Paths; the primary key is always the last one. */
  readonly sort: readonly { readonly path: string; readonly direction: 'asc' | 'desc' }[];
}

export interface ViewInfo {
  readonly viewId: string;
  readonly count: number;
  readonly version: number;
}

export interface ViewRows extends ViewInfo {
  readonly from: number;
  readonly docs: readonly StoredDoc[];
}

export interface ViewSum {
  readonly count: number;
  /** Sum of `path` per value of `by` and, where `weight` is given, of path * weight / 100 (rounded per row). */
  readonly sums: readonly { readonly by: string; readonly sum: number; readonly weighted: number }[];
}

export interface SearchQuery {
  readonly text: string;
  readonly collections?: readonly string[];
  /**
   * Per collection, which of its rows the asker may see: a Mango selector over columns. Without one, all of them.
   * @throws TypeError when columns alone cannot tell
   */
  readonly within?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly limit: number;
}

export interface SearchHitDoc {
  readonly collection: string;
  readonly doc: StoredDoc;
  /** Text around the match, in parts; odd parts are the match. */
  readonly excerpt: readonly string[];
}

export interface SearchAnswer {
  readonly hits: readonly SearchHitDoc[];
  readonly complete: boolean;
  readonly millis: number;
}

export interface ChainVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  readonly fault: { readonly seq: number; readonly reason: string } | null;
}

export type StoreEvent =
  | { readonly type: 'view'; readonly view: ViewInfo }
  /** How much of the order of a list that takes long is found, 0 to 1; by the name that openView() gave it. */
  | { readonly type: 'view-opening'; readonly opening: string; readonly share: number }
  | { readonly type: 'rows'; readonly collection: string; readonly ids: readonly string[] }
  | { readonly type: 'history'; readonly total: number }
  | { readonly type: 'search-complete' }
  /** While the store is opened: how much of a file of an older format is prepared, 0 to 1. See OpenOptions. */
  | { readonly type: 'preparing'; readonly share: number };

/** For lists whose order is in no column: their documents are read first, which takes seconds for a million. */
export interface OpenViewOptions {
  /** Hears about ten times a second how much is done, 0 to 1; not called for a list that is there at once. */
  readonly progress?: (share: number) => void;
  /** The list is not wanted any more: openView() is refused with store.closed. */
  readonly signal?: AbortSignal;
}

export interface StoreApi {
  commit(commit: Commit): Promise<CommitResult>;
  /** Documents by id, deleted ones too, in no particular order. */
  get(collection: string, ids: readonly string[]): Promise<StoredDoc[]>;
  /** One member of many documents of any collection: id -> text. For the names that rows refer to. */
  lookup(ids: readonly string[], member: string): Promise<Record<string, string>>;
  bases(collection: string, ids: readonly string[]): Promise<Record<string, unknown>>;
  /**
   * Resolves when the list is in order; other requests are answered meanwhile.
   * Errors: store.closed when the signal ended it, or its collection was removed.
   */
  openView(query: ViewQuery, options?: OpenViewOptions): Promise<ViewInfo>;
  viewRows(viewId: string, from: number, count: number): Promise<ViewRows>;
  viewIndexOf(viewId: string, id: string): Promise<number>;
  viewSum(viewId: string, path: string, by: string, weight?: string): Promise<ViewSum>;
  closeView(viewId: string): Promise<void>;
  search(query: SearchQuery): Promise<SearchAnswer>;
  historyCount(filter: AuditFilter): Promise<{ count: number; total: number }>;
  /** Newest first. */
  historyRows(filter: AuditFilter, from: number, count: number): Promise<HistoryEntry[]>;
  verifyHistory(): Promise<ChainVerdict>;
  /** Oldest first; only those with a commit number above `above`. */
  outbox(state: OutboxState, limit: number, above?: number): Promise<OutboxEntry[]>;
  /** Waiting mutations of some records, oldest first. */
  outboxOf(ids: readonly string[]): Promise<OutboxEntry[]>;
  outboxCount(): Promise<number>;
  value(key: string): Promise<unknown>;
  /** Live (not deleted) documents per collection. */
  counts(): Promise<Record<string, number>>;
  /** Digest of a bucket over what the server has given. */
  bucketDigest(bucket: string): Promise<string>;
  /** Names of the buckets that have rows here. */
  buckets(): Promise<string[]>;
  /** Every bucket that each of these rows is in; rows that are in none are left out. */
  memberships(collection: string, ids: readonly string[]): Promise<Record<string, HeldMembership[]>>;
  /** Ids of one collection's rows in a bucket, for the sweep after a bucket was fetched anew. */
  members(bucket: string, collection: string): Promise<string[]>;
  /**
   * Writes a copy of everything committed so far, with its head, to a file that does not exist yet; on the disk when
   * this resolves, while commits go on. Encrypted with the same key. The signal ends it, and so does close(): then there
   * is no such file, and the error is store.closed.
   * Errors: store.closed, store.disk_full, store.read_only, store.damaged, store.failed.
   */
  copyTo(file: string, signal?: AbortSignal): Promise<void>;
  /**
   * Reads every page of a copy that lies elsewhere, in a thread of its own; this store goes on working.
   * Errors: store.missing, store.not_a_database, store.key_mismatch, store.newer_version, store.went_back,
   * store.damaged, store.failed.
   */
  verifyCopy(file: string): Promise<void>;
  on(listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The database file; `<file>.head` lies beside it. */
  readonly file: string;
  /** 32 bytes; the caller may zero its copy after the store is open. */
  readonly key: Uint8Array;
  /** True only when no store exists yet: a missing file is otherwise an error, and an existing one is never replaced. */
  readonly create: boolean;
  /** Opens a store that is older than its head file says, or whose head is gone: only after a person has decided so. */
  readonly acceptOlder?: boolean;
  readonly collections: readonly CollectionSpec[];
  /** The audit chain is bound to this. */
  readonly owner: string;
  /**
   * A file of an older format is copied and brought to the present one first, which may take minutes: hears how much of
   * that is done, 0 to 1. Not called for a file of the present format.
   */
  readonly preparing?: (share: number) => void;
  /** Where the worker's code lies: source under Node, bundle under Electron. */
  readonly workerUrl: URL;
  /** Path of the native SQLite module where the default one does not fit the runtime. */
  readonly nativeBinding?: string;
}
