import {
  type BulkWriteRow,
  categorizeBulkWriteRows,
  type EventBulk,
  now,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageBulkWriteResponse,
  type RxStorageChangeEvent,
  type RxStorageCountResult,
  type RxStorageDefaultCheckpoint,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxStorageQueryResult,
  type RxStorageWriteError,
} from 'rxdb';
import type { Observable, Subject } from 'rxjs';
import type { Channel } from './channel.ts';
import type { StoredDoc, StoreEvent } from './contract.ts';
import type { AttachmentWrite } from './engine/attachments.ts';
import type { RxQuery } from './engine/query.ts';
import type { Path } from './engine/values.ts';
import type { Bulk, Hub } from './hub.ts';
import { packDocs } from './packed.ts';
import type { BulkWriteReply } from './protocol.ts';
import type { StoreInternals } from './rx-storage.ts';

export interface InstanceParts {
  readonly channel: Channel;
  readonly hub: Hub;
  readonly emit: (event: StoreEvent) => void;
  /** Name inside the store. */
  readonly collection: string;
  readonly primary: string;
  /** Where the values of the collection's columns are. */
  readonly paths: readonly Path[];
}

type Checkpoint = RxStorageDefaultCheckpoint;
type Doc<RxDocType> = RxDocumentData<RxDocType>;

/** One collection as RxDB sees it. Nothing is kept here: the store's thread has the rows. */
export class StoreInstance<RxDocType>
  implements RxStorageInstance<RxDocType, StoreInternals, Record<string, never>, Checkpoint>
{
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<Doc<RxDocType>>>;
  readonly internals: StoreInternals;
  readonly options: Readonly<Record<string, never>>;
  readonly #parts: InstanceParts;
  readonly #changes: Subject<Bulk>;
  #closed: Promise<void> | undefined;

  constructor(
    params: RxStorageInstanceCreationParams<RxDocType, Record<string, never>>,
    parts: InstanceParts,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { collection: parts.collection };
    this.#parts = parts;
    this.#changes = parts.hub.join(parts.collection);
  }

  async bulkWrite(
    rows: BulkWriteRow<RxDocType>[],
    context: string,
  ): Promise<RxStorageBulkWriteResponse<RxDocType>> {
    this.#ensureOpen();
    const { channel, collection, primary, paths } = this.#parts;
    const attachments = this.schema.attachments ? await this.#attachmentsOf(rows) : [];
    const written = rows.map(
      ({ document }) => (this.schema.attachments ? withoutData(document) : document) as unknown as StoredDoc,
    );
    const docs = packDocs(written, primary, paths);
    const previous = rows.map((row) => row.previous?._rev);
    const attached = written.some((doc) => Object.keys(doc._attachments ?? {}).length > 0);
    const buffers = attachments.map(({ data }) => data.buffer as ArrayBuffer);
    const reply = await channel.request(
      'bulkWrite',
      [{ collection, docs, previous, attached, attachments }],
      buffers,
    );
    const error = this.#errorsOf(rows, reply, context);
    this.#announce(rows, reply, context);
    return { error };
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<Doc<RxDocType>[]> {
    this.#ensureOpen();
    return parseAll(await this.#parts.channel.request('get', [this.#parts.collection, ids, withDeleted]));
  }

  async query(prepared: PreparedQuery<RxDocType>): Promise<RxStorageQueryResult<RxDocType>> {
    this.#ensureOpen();
    const texts = await this.#parts.channel.request('query', [this.#parts.collection, plain(prepared)]);
    return { documents: parseAll(texts) };
  }

  async count(prepared: PreparedQuery<RxDocType>): Promise<RxStorageCountResult> {
    this.#ensureOpen();
    const count = await this.#parts.channel.request('count', [this.#parts.collection, plain(prepared)]);
    // Even a count that has to look into documents does not hold up this thread, so RxDB need not refuse it.
    return { count, mode: 'fast' };
  }

  async getAttachmentData(documentId: string, attachmentId: string, digest: string): Promise<Blob> {
    this.#ensureOpen();
    const found = await this.#parts.channel.request('attachment', [
      this.#parts.collection,
      documentId,
      attachmentId,
      digest,
    ]);
    if (!found) throw new Error(`attachment does not exist: ${attachmentId}`);
    return new Blob([found.data as Uint8Array<ArrayBuffer>], { type: found.type });
  }

  async getChangedDocumentsSince(
    limit: number,
    checkpoint?: Checkpoint,
  ): Promise<{ documents: Doc<RxDocType>[]; checkpoint: Checkpoint }> {
    this.#ensureOpen();
    const { channel, collection, primary } = this.#parts;
    const documents: Doc<RxDocType>[] = parseAll(
      await channel.request('changedSince', [collection, limit, checkpoint]),
    );
    const last = documents.at(-1) as (Doc<RxDocType> & Record<string, unknown>) | undefined;
    if (last) return { documents, checkpoint: { id: String(last[primary]), lwt: last._meta.lwt } };
    return { documents, checkpoint: checkpoint ?? { id: '', lwt: 0 } };
  }

  changeStream(): Observable<EventBulk<RxStorageChangeEvent<RxDocType>, Checkpoint>> {
    return this.#changes.asObservable() as unknown as Observable<
      EventBulk<RxStorageChangeEvent<RxDocType>, Checkpoint>
    >;
  }

  cleanup(minimumDeletedTime: number): Promise<boolean> {
    this.#ensureOpen();
    return this.#parts.channel.request('cleanup', [this.#parts.collection, now() - minimumDeletedTime]);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => this.#parts.hub.leave(this.#parts.collection, this.#changes))();
    return this.#closed;
  }

  async remove(): Promise<void> {
    this.#ensureOpen();
    await this.#parts.channel.request('remove', [this.#parts.collection]);
    await this.close();
  }

  #ensureOpen(): void {
    if (this.#closed) throw new Error(`the storage of ${this.collectionName} is closed`);
  }

  #errorsOf(
    rows: readonly BulkWriteRow<RxDocType>[],
    reply: BulkWriteReply,
    context: string,
  ): RxStorageWriteError<RxDocType>[] {
    const at = (index: number) => {
      const writeRow = rows[index] as BulkWriteRow<RxDocType>;
      return { isError: true as const, documentId: this.#idOf(writeRow), writeRow, context };
    };
    return reply.refused.map(({ index, attachment, inStore }) => {
      const found = inStore === undefined ? {} : { documentInDb: JSON.parse(inStore) as Doc<RxDocType> };
      if (attachment !== undefined) {
        return { ...at(index), status: 510 as const, attachmentId: attachment, ...found };
      }
      return { ...at(index), status: 409 as const, ...found } as RxStorageWriteError<RxDocType>;
    });
  }

  /** RxDB's own rules say which events the written rows are. They go out before the write is answered. */
  #announce(rows: readonly BulkWriteRow<RxDocType>[], reply: BulkWriteReply, context: string): void {
    const refused = new Set(reply.refused.map(({ index }) => index));
    const written = refused.size === 0 ? [...rows] : rows.filter((_, index) => !refused.has(index));
    const fresh = new Set(reply.fresh.map((index) => rows[index]));
    const known = new Map<string, Doc<RxDocType>>();
    for (const row of written) {
      if (row.previous && !fresh.has(row)) known.set(this.#idOf(row), row.previous);
    }
    const { eventBulk, newestRow } = categorizeBulkWriteRows<RxDocType>(
      this,
      this.#parts.primary as never,
      known as never,
      written,
      context,
    );
    if (eventBulk.events.length === 0 || !newestRow) return;
    const { hub, emit, collection } = this.#parts;
    eventBulk.checkpoint = { id: this.#idOf(newestRow), lwt: newestRow.document._meta.lwt };
    hub.announce(collection, eventBulk as unknown as Bulk);
    emit({ type: 'rows', collection, ids: eventBulk.events.map((event) => event.documentId) });
  }

  #idOf(row: { readonly document: unknown }): string {
    return String((row.document as Record<string, unknown>)[this.#parts.primary]);
  }

  async #attachmentsOf(rows: readonly BulkWriteRow<RxDocType>[]): Promise<AttachmentWrite[]> {
    const out: AttachmentWrite[] = [];
    for (const row of rows) {
      for (const [name, attachment] of Object.entries(row.document._attachments)) {
        if (!('data' in attachment)) continue;
        const { type, digest, data } = attachment;
        out.push({ id: this.#idOf(row), name, type, digest, data: new Uint8Array(await data.arrayBuffer()) });
      }
    }
    return out;
  }
}

/** The document as it is stored: attachments without their bytes. */
function withoutData<RxDocType>(document: BulkWriteRow<RxDocType>['document']): object {
  const attachments = Object.entries(document._attachments).map(([name, attachment]) => {
    if (!('data' in attachment)) return [name, attachment];
    const { type, digest, data } = attachment;
    return [name, { length: data.size, digest, type }];
  });
  return { ...document, _attachments: Object.fromEntries(attachments) };
}

function plain<RxDocType>(prepared: PreparedQuery<RxDocType>): RxQuery {
  const { selector, sort, skip, limit } = prepared.query;
  return { selector, sort, skip: skip ?? 0, ...(limit === undefined ? {} : { limit }) } as unknown as RxQuery;
}

function parseAll<T>(texts: readonly string[]): T[] {
  return texts.map((text) => JSON.parse(text) as T);
}
