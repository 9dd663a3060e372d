import { RowConflictError } from '../../electron/store/conflict.ts';
import type { Commit, CommitResult, StoreApi, StoredDoc } from '../../electron/store/contract.ts';
import { Refused } from '../../electron/store/engine/commit.ts';
import type { Engine } from '../../electron/store/engine/engine.ts';

/** Runs around each call of the store; what it throws in the place of the call, the caller hears. */
export interface Gate {
  before(call: string): Promise<void> | void;
  after(call: string): void;
  committed(commit: Commit): void;
}

/** The store's face over an engine in this thread: nothing of it takes time, and everything of it can be struck. */
export function storeOver(engine: Engine, gate: Gate): StoreApi {
  const call = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    await gate.before(name);
    const value = await work();
    gate.after(name);
    return value;
  };
  const unused = (): never => {
    throw new Error('the simulator does not use this');
  };
  return {
    commit: (commit) =>
      call('commit', (): CommitResult => {
        // As data that has crossed to another thread.
        const copy = structuredClone(commit);
        const applied = apply(engine, copy);
        gate.committed(copy);
        return applied;
      }),
    get: (collection, ids) => call('get', () => parseAll(engine.get(collection, ids, true))),
    lookup: (ids, member) => call('lookup', () => engine.lookup(ids, member)),
    bases: (collection, ids) => call('bases', () => engine.bases(collection, ids)),
    openView: (query) => call('openView', () => engine.openView(query)),
    viewRows: (viewId, from, count) =>
      call('viewRows', async () => {
        const { texts, ...page } = await engine.views.page(viewId, from, count);
        return { ...page, docs: parseAll(texts) };
      }),
    viewIndexOf: (viewId, id) => call('viewIndexOf', () => engine.views.indexOf(viewId, id)),
    viewSum: (viewId, path, by, weight) => call('viewSum', () => engine.views.sum(viewId, path, by, weight)),
    closeView: (viewId) => call('closeView', () => engine.views.close(viewId)),
    search: (query) =>
      call('search', () => {
        const { hits, ...answer } = engine.find(query);
        return {
          ...answer,
          hits: hits.map(({ collection, text, excerpt }) => ({ collection, doc: parse(text), excerpt })),
        };
      }),
    historyCount: (filter) => call('historyCount', () => engine.history.count(filter)),
    historyRows: (filter, from, count) => call('historyRows', () => engine.history.rows(filter, from, count)),
    verifyHistory: () =>
      call('verifyHistory', () => engine.history.verify(() => new Promise((done) => setImmediate(done)))),
    outbox: (state, limit, above) => call('outbox', () => engine.outbox.list(state, limit, above)),
    outboxOf: (ids) => call('outboxOf', () => engine.outbox.of(ids)),
    outboxCount: () => call('outboxCount', () => engine.outbox.count()),
    value: (key) => call('value', () => engine.value(key)),
    counts: () => call('counts', () => engine.counts()),
    bucketDigest: (bucket) => call('bucketDigest', () => engine.memberships.digest(bucket)),
    buckets: () => call('buckets', () => engine.memberships.names()),
    memberships: (collection, ids) => call('memberships', () => engine.memberships.of(collection, ids)),
    members: (bucket, collection) => call('members', () => engine.memberships.members(bucket, collection)),
    copyTo: unused,
    verifyCopy: unused,
    on: () => () => undefined,
    close: unused,
  };
}

function apply(engine: Engine, commit: Commit): CommitResult {
  try {
    const { commit: number, historyTotal } = engine.commit(commit);
    return { commit: number, historyTotal };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { collection, id, inStore } = error.refusal;
    throw new RowConflictError({
      collection: collection.name,
      id,
      inStore: inStore === undefined ? undefined : parse(inStore),
    });
  }
}

const parse = (text: string): StoredDoc => JSON.parse(text) as StoredDoc;
const parseAll = (texts: readonly string[]): StoredDoc[] => texts.map(parse);
