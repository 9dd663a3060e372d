import * as crypto from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { type CollectionName, isCollection } from '../../shared/model/index.ts';
import { EMPTY_DIGEST, wireRowDigest } from '../../shared/sync/digest.ts';
import type { Change, Mutation, PullResponse, WireRow } from '../../shared/sync/wire.ts';
import { isRowConflict } from '../records/conflict.ts';
import { fromDoc, fromWire, type Held, toDoc } from '../records/rows.ts';
import type {
  BaseWrite,
  Commit,
  HistoryWrite,
  MembershipWrite,
  RowWrite,
  StoreApi,
  StoredDoc,
} from '../store/contract.ts';
import { overlay } from './rebase.ts';

export interface PageContext {
  readonly store: StoreApi;
  readonly tenant: string;
  readonly now: () => number;
}

export interface PageOptions {
  /** Values to write in the same commit: the checkpoint, and what else moves with it. */
  readonly values: Readonly<Record<string, unknown>>;
  /** A first sync: rows are taken to be new, and their words are indexed behind. */
  readonly bulk: boolean;
}

const hash = (text: string): string => crypto.hash('sha256', text);

/** Rows worked on in one go, about 4 ms: the window's questions are answered between two goes. */
const SLICE = 250;

/** Rounds against edits that people make while a page is applied. */
const ROUNDS = 50;

/**
 * Applies one page in one commit: rows with waiting edits on top, their bases, memberships with digests, history, and
 * the checkpoint. All of it or nothing; an edit made meanwhile is seen as a conflict of the row and taken in.
 */
export async function applyPage(
  context: PageContext,
  page: PullResponse,
  options: PageOptions,
): Promise<void> {
  const rows = page.rows.filter((row) => isCollection(row.collection));
  const fixed = {
    memberships: await membershipsOf(page, rows),
    history: page.changes.filter(({ collection }) => isCollection(collection)).map(historyOf),
    values: options.values,
    search: options.bulk ? ('behind' as const) : ('now' as const),
  };
  for (let round = options.bulk ? 0 : 1; ; round += 1) {
    const known = round === 0 ? nothingKnown : await read(context.store, rows, page);
    const commit: Commit = { ...fixed, ...(await write(context, rows, page, known)) };
    try {
      await context.store.commit(commit);
      return;
    } catch (error) {
      if (!isRowConflict(error) || round === ROUNDS) throw error;
    }
  }
}

/** What the store holds of the records of a page. */
interface Known {
  readonly docs: ReadonlyMap<string, StoredDoc>;
  readonly waiting: ReadonlyMap<string, readonly Mutation[]>;
  readonly bases: ReadonlySet<string>;
}

const nothingKnown: Known = { docs: new Map(), waiting: new Map(), bases: new Set() };

async function read(store: StoreApi, rows: readonly WireRow[], page: PullResponse): Promise<Known> {
  const docs = new Map<string, StoredDoc>();
  const bases = new Set<string>();
  const records = [...rows, ...page.memberships.filter(({ op }) => op === 'remove')];
  for (const collection of new Set(records.map((record) => record.collection))) {
    if (!isCollection(collection)) continue;
    const ids = [...new Set(records.filter((one) => one.collection === collection).map(({ id }) => id))];
    for (const doc of await store.get(collection, ids)) docs.set(doc.id, doc);
    const kept = await store.bases(collection, ids);
    for (const [id, base] of Object.entries(kept)) if (base !== null) bases.add(id);
  }
  const waiting = new Map<string, Mutation[]>();
  for (const entry of await store.outboxOf(records.map(({ id }) => id))) {
    waiting.set(entry.record, [...(waiting.get(entry.record) ?? []), entry.mutation as Mutation]);
  }
  return { docs, waiting, bases };
}

async function write(
  context: PageContext,
  rows: readonly WireRow[],
  page: PullResponse,
  known: Known,
): Promise<{ rows: RowWrite[]; bases: BaseWrite[] }> {
  const writes: RowWrite[] = [];
  const bases: BaseWrite[] = [];
  const here = new Set(rows.map(({ id }) => id));
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
  for (const { op, collection, id } of page.memberships) {
    const previous = known.docs.get(id);
    if (op !== 'remove' || !isCollection(collection) || here.has(id) || previous === undefined) continue;
    writes.push(evict(collection, previous, context.now()));
    if (known.bases.has(id)) bases.push({ collection, id, base: null });
  }
  return { rows: writes, bases };
}

/** Takes a row off the device without a deletion that would travel: it left this person's view. */
export function evict(collection: string, previous: StoredDoc, now: number): RowWrite {
  const { row } = fromDoc(previous);
  const doc = toDoc({ row: { ...row, name: '', body: {} }, deleted: true }, previous, now);
  return { collection, doc, previous: previous._rev };
}

/** A deleted row travels without its values; the device keeps those it had, so that it can be shown and restored. */
function withKeptBody(server: Held, previous: StoredDoc | undefined): Held {
  if (!server.deleted || previous === undefined || Object.keys(server.row.body).length > 0) return server;
  const { name, body } = fromDoc(previous).row;
  return { ...server, row: { ...server.row, name, body } };
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
    const digest = digests.get(id);
    return digest === undefined ? [] : [{ bucket, collection, id, op, digest }];
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
