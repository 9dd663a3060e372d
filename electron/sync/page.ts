import * as crypto from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { type CollectionName, collectionNames, isCollection } from '../../shared/model/index.ts';
import { EMPTY_DIGEST, wireRowDigest } from '../../shared/sync/digest.ts';
import type { Change, Mutation, PullResponse, WireRow } from '../../shared/sync/wire.ts';
import { isRowConflict } from '../records/conflict.ts';
import { values } from '../records/context.ts';
import { fromDoc, fromWire, type Held, toDoc } from '../records/rows.ts';
import type {
  BaseWrite,
  Commit,
  HeldMembership,
  HistoryWrite,
  MembershipWrite,
  PurgeWrite,
  RowWrite,
  StoreApi,
  StoredDoc,
} from '../store/contract.ts';
import { checkpointOf } from './exchange-parts.ts';
import { type Leaving, leaveOf } from './leaving.ts';
import { overlay, withKeptBody } from './rebase.ts';

export interface PageContext {
  readonly store: StoreApi;
  readonly tenant: string;
  readonly now: () => number;
  readonly leaving: Leaving;
}

export interface PageOptions {
  /** Values to write in the same commit: the checkpoint, and what else moves with it. */
  readonly values: Readonly<Record<string, unknown>>;
  /** A first sync: rows are taken to be new, and their words are indexed behind. */
  readonly bulk: boolean;
  /** Rows of this page have the same fields as those that are here; false after the person's role has changed. */
  readonly sameFields: boolean;
}

const hash = (text: string): string => crypto.hash('sha256', text);

/** Rows worked on in one go, about 4 ms: the window's questions are answered between two goes. */
const SLICE = 250;

/** Rounds against edits that people make while a page is applied. */
const ROUNDS = 50;

/**
 * Applies one page: first rows leave that only lost buckets held, in commits of bounded size, while the checkpoint
 * still names these buckets; then the page itself in one commit: rows with waiting edits on top, their bases,
 * memberships with digests, rows that left their last bucket, history, and the checkpoint. All of it or nothing; an
 * edit made meanwhile is seen as a conflict of the row and taken in.
 * @throws sync.edits_wait
 */
export async function applyPage(
  context: PageContext,
  page: PullResponse,
  options: PageOptions,
): Promise<void> {
  const { store, leaving } = context;
  const rows = page.rows.filter((row) => isCollection(row.collection));
  const puts = new Set(page.memberships.filter(({ op }) => op === 'put').map(nameOf));
  await letGo(context, page, puts, options.sameFields);
  const given = [...(await leftBehind(store, page, puts)), ...(await membershipsOf(page, rows))];
  const fixed = {
    search: options.bulk ? ('behind' as const) : ('now' as const),
  };
  // Rows of a first sync are taken to be new, unless some of them have left since.
  const blind = options.bulk && page.memberships.every(({ op }) => op === 'put');
  for (let round = blind ? 0 : 1; ; round += 1) {
    const known = round === 0 ? nothingKnown : await read(store, rows, page);
    const memberships = withKnownDigests(given, known.held);
    const purge = round === 0 ? [] : await lastReasons(leaving, memberships, known.held);
    const gone = new Set(purge.map(nameOf));
    const { values: marked, ...leave } = await leaveOf(context, purge);
    const commit: Commit = {
      ...fixed,
      ...leave,
      memberships,
      history: page.changes
        .filter(
          (change) => isCollection(change.collection) && !gone.has(`${change.collection} ${change.record}`),
        )
        .map(historyOf),
      values: { ...options.values, ...marked },
      ...(await write(
        context,
        rows.filter((row) => !gone.has(nameOf(row))),
        known,
      )),
    };
    try {
      await store.commit(commit);
      leaving.took(purge);
      for (const { collection, id } of rows)
        if (!gone.has(`${collection} ${id}`)) leaving.cameBack(collection, id);
      return;
    } catch (error) {
      if (!isRowConflict(error) || round === ROUNDS) throw error;
    }
  }
}

const nameOf = ({ collection, id }: { readonly collection: string; readonly id: string }) =>
  `${collection} ${id}`;

/** Rows of lost buckets leave before anything of the page arrives, but for those that the page itself brings again. */
async function letGo(
  { store, leaving }: PageContext,
  page: PullResponse,
  puts: ReadonlySet<string>,
  sameFields: boolean,
): Promise<void> {
  if (page.lost.length === 0) return;
  await beginAgain(store, page.lost);
  for (const bucket of page.lost) {
    for (const collection of collectionNames) {
      const ids = await store.members(bucket, collection);
      // Where other fields are seen from now on, what was known before goes with its history.
      const leave = ids.filter((id) => !sameFields || !puts.has(`${collection} ${id}`));
      await leaving.from(page.lost, collection, leave, sameFields);
    }
  }
  await leaving.untold(sameFields);
  // What a sync that was cut off has kept for rows that might come again shows what this person sees no more.
  if (!sameFields) await leaving.finish();
}

/** Should a bucket be given back before it has gone altogether, all of its rows come again. */
async function beginAgain(store: StoreApi, lost: readonly string[]): Promise<void> {
  const here = await checkpointOf(store);
  if (here === null) return;
  const named = lost.filter((bucket) => (here.buckets[bucket] ?? 0) > 0);
  if (named.length === 0) return;
  const buckets = { ...here.buckets, ...Object.fromEntries(named.map((bucket) => [bucket, 0])) };
  await store.commit({ values: { [values.checkpoint]: { ...here, buckets } } });
}

/** What rows that the page brings again still have of lost buckets: taken away with the page. */
async function leftBehind(
  store: StoreApi,
  page: PullResponse,
  puts: ReadonlySet<string>,
): Promise<MembershipWrite[]> {
  if (page.lost.length === 0) return [];
  const writes: MembershipWrite[] = [];
  for (const collection of collectionNames) {
    const ids = page.memberships
      .filter((one) => one.collection === collection && puts.has(nameOf(one)))
      .map(({ id }) => id);
    const held = await store.memberships(collection, [...new Set(ids)]);
    for (const [id, buckets] of Object.entries(held)) {
      for (const { bucket } of buckets) {
        if (page.lost.includes(bucket)) writes.push({ bucket, collection, id, op: 'remove', digest: '' });
      }
    }
  }
  return writes;
}

/** A membership whose row did not travel again has the digest that the row has in another bucket. */
function withKnownDigests(
  given: readonly MembershipWrite[],
  held: ReadonlyMap<string, readonly HeldMembership[]>,
): MembershipWrite[] {
  return given.flatMap((write) => {
    if (write.op === 'remove' || write.digest !== '') return [write];
    const [known] = held.get(nameOf(write)) ?? [];
    return known === undefined ? [] : [{ ...write, digest: known.digest }];
  });
}

/** Rows that lose their last bucket with this page, or that were made here and never got one. */
async function lastReasons(
  leaving: Leaving,
  memberships: readonly MembershipWrite[],
  held: ReadonlyMap<string, readonly HeldMembership[]>,
): Promise<PurgeWrite[]> {
  const removed = new Map<string, MembershipWrite>();
  for (const write of memberships) if (write.op === 'remove') removed.set(nameOf(write), write);
  if (removed.size === 0) return [];
  const left = new Map(
    [...removed.keys()].map((name) => [name, new Set(held.get(name)?.map(({ bucket }) => bucket))]),
  );
  for (const write of memberships) {
    const buckets = left.get(nameOf(write));
    if (write.op === 'put') buckets?.add(write.bucket);
    else buckets?.delete(write.bucket);
  }
  const purge: PurgeWrite[] = [];
  for (const collection of collectionNames) {
    const ids = [...removed].filter(
      ([name, one]) => one.collection === collection && left.get(name)?.size === 0,
    );
    purge.push(
      ...(await leaving.purge(
        collection,
        ids.map(([, { id }]) => id),
      )),
    );
  }
  return purge;
}

/** What the store holds of the records of a page. */
interface Known {
  readonly docs: ReadonlyMap<string, StoredDoc>;
  readonly waiting: ReadonlyMap<string, readonly Mutation[]>;
  readonly bases: ReadonlySet<string>;
  /** Buckets by name of the row. */
  readonly held: ReadonlyMap<string, readonly HeldMembership[]>;
}

const nothingKnown: Known = { docs: new Map(), waiting: new Map(), bases: new Set(), held: new Map() };

async function read(store: StoreApi, rows: readonly WireRow[], page: PullResponse): Promise<Known> {
  const docs = new Map<string, StoredDoc>();
  const bases = new Set<string>();
  const held = new Map<string, readonly HeldMembership[]>();
  const records = [...rows, ...page.memberships];
  for (const collection of new Set(records.map((record) => record.collection))) {
    if (!isCollection(collection)) continue;
    const ids = [...new Set(records.filter((one) => one.collection === collection).map(({ id }) => id))];
    for (const doc of await store.get(collection, ids)) docs.set(doc.id, doc);
    const kept = await store.bases(collection, ids);
    for (const [id, base] of Object.entries(kept)) if (base !== null) bases.add(id);
    const buckets = await store.memberships(collection, ids);
    for (const [id, list] of Object.entries(buckets)) held.set(`${collection} ${id}`, list);
  }
  const waiting = new Map<string, Mutation[]>();
  for (const entry of await store.outboxOf([...new Set(records.map(({ id }) => id))])) {
    waiting.set(entry.record, [...(waiting.get(entry.record) ?? []), entry.mutation as Mutation]);
  }
  return { docs, waiting, bases, held };
}

async function write(
  context: PageContext,
  rows: readonly WireRow[],
  known: Known,
): Promise<{ rows: RowWrite[]; bases: BaseWrite[] }> {
  const writes: RowWrite[] = [];
  const bases: BaseWrite[] = [];
  for (const [index, wire] of rows.entries()) {
    if (index % SLICE === SLICE - 1) await breath();
    const collection = wire.collection as CollectionName;
    const waiting = known.waiting.get(wire.id) ?? [];
    const previous = known.docs.get(wire.id);
    const server = withKeptBody(fromWire(wire, context.tenant), previous);
    const held = waiting.length === 0 ? server : overlay(collection, server, waiting);
    const hasBase = waiting.length > 0 || known.bases.has(wire.id);
    if (hasBase) bases.push({ collection, id: wire.id, base: waiting.length > 0 ? wire : null });
    // A row whose base moves is written even when it looks the same: only a written row notices an edit meanwhile.
    if (!hasBase && previous !== undefined && isSame(held, fromDoc(previous))) continue;
    writes.push({ collection, doc: toDoc(held, previous, context.now()), previous: previous?._rev });
  }
  return { rows: writes, bases };
}

/** Same revision is not enough: an edit that was taken back shows values that no revision ever had. */
function isSame(a: Held, b: Held): boolean {
  return (
    a.row.rev === b.row.rev && a.deleted === b.deleted && JSON.stringify(a.row) === JSON.stringify(b.row)
  );
}

async function membershipsOf(page: PullResponse, rows: readonly WireRow[]): Promise<MembershipWrite[]> {
  const digests = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    if (index % SLICE === SLICE - 1) await breath();
    digests.set(row.id, row.deleted ? EMPTY_DIGEST : wireRowDigest(row, hash));
  }
  return page.memberships.flatMap(({ bucket, collection, id, op }): MembershipWrite[] => {
    if (!isCollection(collection)) return [];
    if (op === 'remove') return [{ bucket, collection, id, op, digest: '' }];
    return [{ bucket, collection, id, op, digest: digests.get(id) ?? '' }];
  });
}

function historyOf(change: Change): HistoryWrite {
  const { mutation, collection, record, name, op, field, from, to, user, device, deviceName, offline } =
    change;
  return {
    at: change.madeAt,
    kind: op === 'set' ? 'change' : op,
    collection,
    record,
    name,
    field,
    from: from ?? null,
    to: to ?? null,
    user,
    device,
    deviceName,
    offline,
    mutation,
    state: change.result === 'applied' ? 'sent' : change.result,
  };
}
