import { RoadbookError } from '../../shared/errors.ts';
import type { AuditFilter } from '../../shared/ipc/records.ts';
import { secretBytes } from '../keys/secret.ts';
import { Channel, prepareThread } from './channel.ts';
import type {
  Commit,
  CommitResult,
  OpenOptions,
  OpenViewOptions,
  OutboxState,
  SearchAnswer,
  SearchQuery,
  StoreApi,
  StoredDoc,
  StoreEvent,
  ViewInfo,
  ViewQuery,
  ViewRows,
} from './contract.ts';
import { Hub } from './hub.ts';
import type { StoreStats } from './protocol.ts';
import { wire } from './wiring.ts';

/** A store that is open in its own thread. getRxStorage() gives RxDB's storage over the same rows. */
export interface Store extends StoreApi {
  /** The digest of a bucket computed again from the memberships on disk. */
  recomputeDigest(bucket: string): Promise<string>;
  /** How often RxDB's queries had to look into documents, and whether all words are indexed: for diagnostics. */
  stats(): Promise<StoreStats>;
}

/** A store will be opened soon: starts its thread ahead. Call it as often as you like. */
export function prepareStore(workerUrl: URL, nativeBinding?: string): void {
  prepareThread(workerUrl, nativeBinding);
}

/**
 * Opens the store in a worker thread. See OpenOptions; every way in which this fails leaves the files as they were.
 * Errors: store.missing, store.exists, store.not_a_database, store.key_mismatch, store.newer_version,
 * store.went_back, store.damaged, store.in_use, store.read_only, store.disk_full, store.failed.
 */
export async function openStore(options: OpenOptions): Promise<Store> {
  const listeners = new Set<(event: StoreEvent) => void>();
  const emit = (event: StoreEvent) => {
    if (event.type === 'preparing') options.preparing?.(event.share);
    for (const listener of listeners) listener(event);
  };
  const channel = new Channel(options.workerUrl, emit);
  const { file, create, collections, owner, nativeBinding, acceptOlder = false } = options;
  // The worker gets a copy of its own, moved and not copied again, and wipes it.
  const key = secretBytes(options.key);
  try {
    await channel.request(
      'open',
      [{ file, key, create, collections, owner, nativeBinding, acceptOlder }],
      [key.buffer],
    );
  } catch (error) {
    // The reason why it did not open says more than what its end may add.
    await channel.close().catch(() => undefined);
    throw error;
  }
  return storeOver(channel, emit, listeners, collections);
}

function storeOver(
  channel: Channel,
  emit: (event: StoreEvent) => void,
  listeners: Set<(event: StoreEvent) => void>,
  collections: OpenOptions['collections'],
): Store {
  const hub = new Hub();
  let closing: Promise<void> | undefined;
  const store: Store = {
    async commit(commit: Commit): Promise<CommitResult> {
      const reply = await channel.request('commit', [commit]);
      const { commit: number, historyTotal, before, purged } = reply;
      if (commit.rows && commit.rows.length > 0) hub.announceCommit(number, commit.rows, before, emit);
      if (purged.length > 0) {
        const gone = purged.map(({ collection, doc }) => ({ collection, doc, previous: undefined }));
        const were = purged.map(({ before: text }, index) => [index, text] as const);
        hub.announceCommit(number, gone, were, emit, 'purge');
      }
      if (commit.history?.length || commit.settle?.length || commit.purge?.length || commit.forgetMissing)
        emit({ type: 'history', total: historyTotal });
      return { commit: number, historyTotal };
    },
    get: async (collection, ids) => parseAll(await channel.request('get', [collection, ids, true])),
    lookup: (ids, member) => channel.request('lookup', [ids, member]),
    bases: (collection, ids) => channel.request('bases', [collection, ids]),
    openView: (query, how = {}) => openView(channel, listeners, query, how),
    async viewRows(viewId, from, count): Promise<ViewRows> {
      const { texts, ...page } = await channel.request('viewRows', [viewId, from, count]);
      return { ...page, docs: parseAll(texts) };
    },
    viewIndexOf: (viewId, id) => channel.request('viewIndexOf', [viewId, id]),
    viewSum: (viewId, path, by, weight) => channel.request('viewSum', [viewId, path, by, weight]),
    async closeView(viewId) {
      await channel.request('closeView', [viewId]);
    },
    async search(query: SearchQuery): Promise<SearchAnswer> {
      const { hits, ...answer } = await channel.request('search', [query]);
      return {
        ...answer,
        hits: hits.map(({ collection, text, excerpt }) => ({ collection, doc: parse(text), excerpt })),
      };
    },
    historyCount: (filter: AuditFilter) => channel.request('historyCount', [filter]),
    historyRows: (filter, from, count) => channel.request('historyRows', [filter, from, count]),
    verifyHistory: () => channel.request('verifyHistory', []),
    outbox: (state: OutboxState, limit, above) => channel.request('outbox', [state, limit, above]),
    outboxOf: (ids) => channel.request('outboxOf', [ids]),
    outboxCount: () => channel.request('outboxCount', []),
    value: (key) => channel.request('value', [key]),
    counts: () => channel.request('counts', []),
    bucketDigest: (bucket) => channel.request('bucketDigest', [bucket]),
    buckets: () => channel.request('buckets', []),
    memberships: (collection, ids) => channel.request('memberships', [collection, ids]),
    members: (bucket, collection) => channel.request('members', [bucket, collection]),
    recomputeDigest: (bucket) => channel.request('recomputeDigest', [bucket]),
    stats: () => channel.request('stats', []),
    async copyTo(file, signal) {
      if (signal?.aborted) throw new RoadbookError('store.closed');
      const copied = channel.request('copyTo', [file]);
      // A store that closes meanwhile ends its copies by itself.
      const end = () => void channel.request('endCopy', [file]).catch(() => undefined);
      signal?.addEventListener('abort', end);
      try {
        await copied;
      } finally {
        signal?.removeEventListener('abort', end);
      }
    },
    async verifyCopy(file) {
      await channel.request('verifyCopy', [file]);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing ??= (async () => {
        hub.end();
        try {
          await channel.close();
        } finally {
          listeners.clear();
        }
      })();
      return closing;
    },
  };
  wire(store, { channel, hub, emit, collections });
  return store;
}

/** Names of lists that are being opened, for their progress and their end. */
let openings = 0;

async function openView(
  channel: Channel,
  listeners: Set<(event: StoreEvent) => void>,
  query: ViewQuery,
  { progress, signal }: OpenViewOptions,
): Promise<ViewInfo> {
  if (!progress && !signal) return channel.request('openView', [query]);
  if (signal?.aborted) throw new RoadbookError('store.closed');
  openings += 1;
  const opening = `o${openings}`;
  const listener = (event: StoreEvent) => {
    if (event.type === 'view-opening' && event.opening === opening) progress?.(event.share);
  };
  // A store that closes meanwhile ends them all by itself.
  const end = () => void channel.request('endOpening', [opening]).catch(() => undefined);
  listeners.add(listener);
  signal?.addEventListener('abort', end);
  try {
    const view = await channel.request('openView', [query, opening]);
    if (!signal?.aborted) return view;
    // It was there at once, before its end was heard of.
    await channel.request('closeView', [view.viewId]);
    throw new RoadbookError('store.closed');
  } finally {
    listeners.delete(listener);
    signal?.removeEventListener('abort', end);
  }
}

function parse(text: string): StoredDoc {
  return JSON.parse(text) as StoredDoc;
}

function parseAll(texts: readonly string[]): StoredDoc[] {
  return texts.map(parse);
}
