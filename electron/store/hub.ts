import type { EventBulk, RxStorageChangeEvent, RxStorageDefaultCheckpoint } from 'rxdb';
import { Subject } from 'rxjs';
import type { RowWrite, StoredDoc, StoreEvent } from './contract.ts';

export type Bulk = EventBulk<RxStorageChangeEvent<unknown>, RxStorageDefaultCheckpoint>;

/** Change streams of the open RxDB storage instances, by collection: a commit of the domain reaches them all. */
export class Hub {
  readonly #streams = new Map<string, Set<Subject<Bulk>>>();

  join(collection: string): Subject<Bulk> {
    const stream = new Subject<Bulk>();
    const streams = this.#streams.get(collection) ?? new Set();
    this.#streams.set(collection, streams.add(stream));
    return stream;
  }

  leave(collection: string, stream: Subject<Bulk>): void {
    this.#streams.get(collection)?.delete(stream);
    stream.complete();
  }

  announce(collection: string, bulk: Bulk): void {
    for (const stream of this.#streams.get(collection) ?? []) stream.next(bulk);
  }

  /** The rows of a commit as RxDB's events and as the store's own, one per collection. */
  announceCommit(
    commit: number,
    rows: readonly RowWrite[],
    before: readonly (readonly [number, string])[],
    emit: (event: StoreEvent) => void,
    /** Tells two announcements of one commit apart. */
    what = 'commit',
  ): void {
    const previous = new Map(before);
    const byCollection = new Map<string, number[]>();
    for (const [index, { collection }] of rows.entries()) {
      const list = byCollection.get(collection);
      if (list) list.push(index);
      else byCollection.set(collection, [index]);
    }
    for (const [collection, indexes] of byCollection) {
      if ((this.#streams.get(collection)?.size ?? 0) > 0) {
        this.announce(collection, bulkOf(`${what}-${commit}-${collection}`, rows, indexes, previous));
      }
      emit({ type: 'rows', collection, ids: indexes.map((index) => (rows[index] as RowWrite).doc.id) });
    }
  }

  end(): void {
    for (const streams of this.#streams.values()) for (const stream of streams) stream.complete();
    this.#streams.clear();
  }
}

function bulkOf(
  id: string,
  rows: readonly RowWrite[],
  indexes: readonly number[],
  previous: ReadonlyMap<number, string>,
): Bulk {
  const events: RxStorageChangeEvent<unknown>[] = [];
  let last: StoredDoc | undefined;
  for (const index of indexes) {
    const { doc } = rows[index] as RowWrite;
    last = doc;
    const text = previous.get(index);
    const before = text === undefined ? undefined : (JSON.parse(text) as StoredDoc);
    const event = eventOf(doc, before);
    if (event) events.push(event);
  }
  return {
    id,
    events,
    checkpoint: { id: last?.id ?? '', lwt: last?._meta.lwt ?? 0 },
    context: 'store-commit',
  };
}

/** RxDB's own rules (categorizeBulkWriteRows): a row that comes as deleted is no event, one that returns is an insert. */
function eventOf(doc: StoredDoc, before: StoredDoc | undefined): RxStorageChangeEvent<unknown> | undefined {
  const wasLive = before !== undefined && !before._deleted;
  if (doc._deleted) {
    if (!before) return undefined;
    return event('DELETE', doc, before);
  }
  return wasLive ? event('UPDATE', doc, before) : event('INSERT', doc, undefined);
}

function event(
  operation: 'INSERT' | 'UPDATE' | 'DELETE',
  documentData: StoredDoc,
  previousDocumentData: StoredDoc | undefined,
): RxStorageChangeEvent<unknown> {
  const made = { operation, documentId: documentData.id, documentData, previousDocumentData };
  return made as unknown as RxStorageChangeEvent<unknown>;
}
