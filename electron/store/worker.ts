import { parentPort, workerData } from 'node:worker_threads';
import { RoadbookError, toPlainError } from '../../shared/errors.ts';
import { secretBytes } from '../keys/secret.ts';
import type { StoreEvent } from './contract.ts';
import { Refused } from './engine/commit.ts';
import { Engine } from './engine/engine.ts';
import { storeError } from './engine/errors.ts';
import { readWhole } from './engine/open.ts';
import { passed } from './engine/steps.ts';
import { warmUp } from './engine/warm.ts';
import type { Ahead, ReplyMessage, RequestMessage, Requests } from './protocol.ts';
import { bulkWriteReply, commitReply } from './replies.ts';
import { verifyStore } from './verify.ts';

/** Entry of the store's thread: takes requests in order, and builds the word index while none waits. */

const port = parentPort;
if (!port) throw new TypeError('the store runs in a worker thread');

/** Deleted rows that one call of cleanup removes, about 20 ms. */
const CLEANUP_ROWS = 2000;
/** Quiet milliseconds after which the log is moved into the file. */
const TIDY_AFTER = 1000;
/** Milliseconds before work behind the commits is tried again after an error. */
const RETRY_AFTER = 5000;

let engine: Engine | undefined;
/** For reading copies back; SQLite holds the same bytes for as long as the store is open. */
let held: { readonly key: Uint8Array; readonly nativeBinding: string | undefined } | undefined;
let closed = false;
let waking = false;
let soon: NodeJS.Immediate | undefined;
let later: NodeJS.Timeout | undefined;
let tidying: NodeJS.Timeout | undefined;

const send = (message: ReplyMessage): void => port.postMessage(message);
const emit = (event: StoreEvent): void => send({ event });

function opened(): Engine {
  if (!engine) throw new RoadbookError('store.closed');
  return engine;
}

type Answers = {
  [Name in keyof Requests]: (...args: Parameters<Requests[Name]>) => Answer<ReturnType<Requests[Name]>>;
};
type Answer<Value> = Value | Promise<Value>;

const answers: Answers = {
  open(request) {
    try {
      const preparing = (share: number) => emit({ type: 'preparing', share });
      engine = new Engine({ ...request, preparing }, emit);
      held = { key: secretBytes(request.key), nativeBinding: request.nativeBinding };
    } finally {
      request.key.fill(0);
    }
    workBehind();
    return null;
  },
  async close() {
    clearImmediate(soon);
    clearTimeout(later);
    clearTimeout(tidying);
    const open = engine;
    held?.key.fill(0);
    held = undefined;
    engine = undefined;
    closed = true;
    try {
      // Closing wipes the key, which waits for nobody's copy.
      open?.endCopy();
      await open?.copied();
      open?.close();
    } finally {
      // Nothing is left to wait for: the thread ends by itself, with its last answer sent. Ending it from outside
      // could meet native code in the middle of something.
      port.unref();
    }
    return null;
  },
  async copyTo(file) {
    await opened().copyTo(file);
    afterWrite();
    return null;
  },
  endCopy(file) {
    engine?.endCopy(file);
    return null;
  },
  async verifyCopy(file) {
    opened();
    if (!held) throw new RoadbookError('store.closed');
    const { key, nativeBinding } = held;
    await verifyStore({
      file,
      key,
      workerUrl: new URL(import.meta.url),
      ...(nativeBinding ? { nativeBinding } : {}),
    });
    return null;
  },
  verify(request) {
    try {
      readWhole(request);
    } finally {
      request.key.fill(0);
    }
    return null;
  },
  ensure(spec, primary) {
    opened().catalog.ensure(spec, primary);
    return null;
  },
  commit(commit) {
    const applied = opened().commit(commit);
    afterWrite();
    const reply = commitReply(applied);
    passed('commit-answered');
    return reply;
  },
  bulkWrite(request) {
    const behind = request.previous.length > SEARCH_BEHIND_FROM;
    const applied = opened().commit({ search: behind ? 'behind' : 'now' }, request);
    afterWrite();
    return bulkWriteReply(request, applied);
  },
  get: (collection, ids, withDeleted) => opened().get(collection, ids, withDeleted),
  query: (collection, query) => opened().queries.find(opened().catalog.get(collection), query),
  count: (collection, query) => opened().queries.count(opened().catalog.get(collection), query),
  changedSince: (collection, limit, checkpoint) =>
    opened().queries.changedSince(opened().catalog.get(collection), limit, checkpoint),
  cleanup: (collection, before) =>
    opened().queries.cleanup(opened().catalog.get(collection), before, CLEANUP_ROWS),
  remove(collection) {
    opened().removeCollection(collection);
    return null;
  },
  attachment: (collection, id, name, digest) =>
    opened().attachments.read(opened().catalog.get(collection), id, name, digest),
  lookup: (ids, member) => opened().lookup(ids, member),
  bases: (collection, ids) => opened().bases(collection, ids),
  openView(query, opening) {
    if (opening === undefined) return opened().openView(query);
    const tell = (share: number) => emit({ type: 'view-opening', opening, share });
    return opened().openView(query, { name: opening, tell });
  },
  endOpening(opening) {
    engine?.views.endOpening(opening);
    return null;
  },
  viewRows: (viewId, from, count) => opened().views.page(viewId, from, count),
  viewIndexOf: (viewId, id) => opened().views.indexOf(viewId, id),
  viewSum: (viewId, path, by, weight) => opened().views.sum(viewId, path, by, weight),
  closeView(viewId) {
    opened().views.close(viewId);
    return null;
  },
  search: (query) => opened().find(query),
  historyCount: (filter) => opened().history.count(filter),
  historyRows: (filter, from, count) => opened().history.rows(filter, from, count),
  verifyHistory: () => opened().history.verify(() => new Promise((done) => setImmediate(done))),
  outbox: (state, limit, above) => opened().outbox.list(state, limit, above),
  outboxOf: (ids) => opened().outbox.of(ids),
  outboxCount: () => opened().outbox.count(),
  value: (key) => opened().value(key),
  counts: () => opened().counts(),
  bucketDigest: (bucket) => opened().memberships.digest(bucket),
  buckets: () => opened().memberships.names(),
  memberships: (collection, ids) => opened().memberships.of(collection, ids),
  members: (bucket, collection) => opened().memberships.members(bucket, collection),
  recomputeDigest: (bucket) => opened().memberships.recompute(bucket),
  stats: () => ({
    fallbacks: opened().queries.fallbacks,
    searchComplete: opened().search.complete,
    settled: opened().behind.due() === undefined,
  }),
};

/** More rows than this at once through RxDB's own API, and their words are indexed right after the commit. */
const SEARCH_BEHIND_FROM = 50;

port.on('message', (message: RequestMessage) => {
  const { id, name, args } = message;
  try {
    const answer = (answers[name] as (...args: unknown[]) => unknown)(...args);
    if (answer instanceof Promise)
      answer.then(
        (value) => send({ id, value }),
        (error) => refuse(id, error),
      );
    else send({ id, value: answer });
  } catch (error) {
    refuse(id, error);
  }
});

const { ahead = false, nativeBinding } = (workerData ?? {}) as Partial<Ahead>;
if (ahead) {
  try {
    warmUp(nativeBinding);
  } catch (error) {
    // Whoever opens a store in this thread hears of it in full.
    console.error('the thread starts cold', toPlainError(storeError(error)).code);
  }
}

function refuse(id: number, error: unknown): void {
  if (error instanceof Refused) {
    const { collection, id: record, inStore } = error.refusal;
    send({ id, conflict: { collection: collection.name, id: record, inStore } });
    return;
  }
  // A mistake in the program keeps its own text: it is for the log, and holds no values.
  const native = error instanceof Error ? error.message : String(error);
  // What was still at work when the store was closed finds no database.
  const told = closed && error instanceof TypeError ? new RoadbookError('store.closed') : storeError(error);
  send({ id, error: toPlainError(told), native });
}

function afterWrite(): void {
  workBehind();
  tidySoon();
}

function tidySoon(): void {
  clearTimeout(tidying);
  tidying = setTimeout(tidy, TIDY_AFTER);
}

/** One step, then whatever waits, then the next one. */
function workBehind(): void {
  const due = engine?.behind.due();
  if (waking || due === undefined) return;
  waking = true;
  if (due > 0) later = setTimeout(stepBehind, due);
  else soon = setImmediate(stepBehind);
}

function stepBehind(): void {
  waking = false;
  if (!engine) return;
  const complete = engine.search.complete;
  try {
    if (engine.behind.due() === 0) engine.behind.step();
    if (engine.behind.due() === undefined) tidySoon();
    if (!complete && engine.search.complete) emit({ type: 'search-complete' });
    workBehind();
  } catch (error) {
    // The mark is still there: a full disk or a lock gives way, and whatever stays wrong shows in the next request.
    console.error('work behind waits', toPlainError(storeError(error)).code);
    waking = true;
    later = setTimeout(stepBehind, RETRY_AFTER);
  }
}

function tidy(): void {
  try {
    engine?.tidy();
  } catch (error) {
    // Nothing is lost while the log stays; the next quiet moment tries again, and closing does.
    console.error('the log waits', toPlainError(storeError(error)).code);
  }
}
