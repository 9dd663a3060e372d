import type { PlainError } from '../../shared/errors.ts';
import type { AuditFilter } from '../../shared/ipc/records.ts';
import type {
  ChainVerdict,
  CollectionSpec,
  Commit,
  HeldMembership,
  HistoryEntry,
  OutboxEntry,
  OutboxState,
  SearchQuery,
  StoredDoc,
  StoreEvent,
  ViewInfo,
  ViewQuery,
  ViewSum,
} from './contract.ts';
import type { AttachmentWrite } from './engine/attachments.ts';
import type { FoundDoc } from './engine/find.ts';
import type { RxQuery } from './engine/query.ts';
import type { ViewPageText } from './engine/views.ts';
import type { PackedDocs } from './packed.ts';

/** What crosses between the store's two threads. Documents come back as JSON: one text is cheaper to move than its parts. */

/** What a thread is told that is started before the store is opened. */
export interface Ahead {
  readonly ahead: true;
  readonly nativeBinding: string | undefined;
}

export interface OpenRequest {
  readonly file: string;
  readonly key: Uint8Array;
  readonly create: boolean;
  readonly acceptOlder: boolean;
  readonly nativeBinding: string | undefined;
  readonly collections: readonly CollectionSpec[];
  readonly owner: string;
}

export interface VerifyRequest {
  readonly file: string;
  readonly key: Uint8Array;
  readonly nativeBinding: string | undefined;
}

export interface CommitReply {
  readonly commit: number;
  readonly historyTotal: number;
  /** Documents before the commit, by index of the row in the commit; new rows are left out. */
  readonly before: readonly (readonly [index: number, text: string])[];
  /** Rows that were purged and had been here: what is told of each, and the document before. */
  readonly purged: readonly {
    readonly collection: string;
    readonly doc: StoredDoc;
    readonly before: string;
  }[];
}

export interface BulkWriteRequest {
  readonly collection: string;
  readonly docs: PackedDocs;
  /** Revision that the writer of each document saw; undefined for a new one. */
  readonly previous: readonly (string | undefined)[];
  /** Whether any of the documents has an attachment, given now or earlier. */
  readonly attached: boolean;
  readonly attachments: readonly AttachmentWrite[];
}

export interface BulkWriteReply {
  /** Rows that were not written, in their order: a missing attachment, or else a conflict with what is in the store. */
  readonly refused: readonly {
    readonly index: number;
    readonly attachment?: string;
    readonly inStore: string | undefined;
  }[];
  /** Rows whose writer named a previous revision although nothing was here. */
  readonly fresh: readonly number[];
}

export interface Checkpoint {
  readonly id: string;
  readonly lwt: number;
}

export interface StoreStats {
  /** Nothing is left to be made behind the commits: words and column indexes are there. */
  readonly settled: boolean;
  readonly fallbacks: number;
  readonly searchComplete: boolean;
}

/** Every request of the main thread: arguments and answer. */
export interface Requests {
  open(request: OpenRequest): null;
  close(): null;
  /** A copy of everything committed so far, with its head, on the disk when this is answered. */
  copyTo(file: string): null;
  /** The copy to that file is not wanted any more: its request is refused with store.closed. */
  endCopy(file: string): null;
  /** Reads all of a copy that has the key of the open store, in another thread. */
  verifyCopy(file: string): null;
  /** Reads all of a store that is not open, without changing anything. */
  verify(request: VerifyRequest): null;
  ensure(spec: CollectionSpec, primary: string): null;
  commit(commit: Commit): CommitReply;
  bulkWrite(request: BulkWriteRequest): BulkWriteReply;
  get(collection: string, ids: readonly string[], withDeleted: boolean): string[];
  query(collection: string, query: RxQuery): string[];
  count(collection: string, query: RxQuery): number;
  changedSince(collection: string, limit: number, checkpoint: Checkpoint | undefined): string[];
  cleanup(collection: string, before: number): boolean;
  remove(collection: string): null;
  attachment(
    collection: string,
    id: string,
    name: string,
    digest: string,
  ): { type: string; data: Uint8Array } | undefined;
  lookup(ids: readonly string[], member: string): Record<string, string>;
  bases(collection: string, ids: readonly string[]): Record<string, unknown>;
  /** With a name, `view-opening` tells how far a slow one is, and endOpening() ends it. */
  openView(query: ViewQuery, opening?: string): ViewInfo;
  endOpening(opening: string): null;
  viewRows(viewId: string, from: number, count: number): ViewPageText;
  viewIndexOf(viewId: string, id: string): number;
  viewSum(viewId: string, path: string, by: string, weight: string | undefined): ViewSum;
  closeView(viewId: string): null;
  search(query: SearchQuery): { hits: FoundDoc[]; complete: boolean; millis: number };
  historyCount(filter: AuditFilter): { count: number; total: number };
  historyRows(filter: AuditFilter, from: number, count: number): HistoryEntry[];
  verifyHistory(): ChainVerdict;
  outbox(state: OutboxState, limit: number, above?: number): OutboxEntry[];
  outboxOf(ids: readonly string[]): OutboxEntry[];
  outboxCount(): number;
  value(key: string): unknown;
  counts(): Record<string, number>;
  bucketDigest(bucket: string): string;
  buckets(): string[];
  memberships(collection: string, ids: readonly string[]): Record<string, HeldMembership[]>;
  members(bucket: string, collection: string): string[];
  recomputeDigest(bucket: string): string;
  stats(): StoreStats;
}

export type RequestName = keyof Requests;

export interface RequestMessage {
  readonly id: number;
  readonly name: RequestName;
  readonly args: readonly unknown[];
}

/** A row that was not what its writer saw. */
export interface PlainConflict {
  readonly collection: string;
  readonly id: string;
  readonly inStore: string | undefined;
}

export type ReplyMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError; readonly native: string }
  | { readonly id: number; readonly conflict: PlainConflict }
  | { readonly event: StoreEvent };
