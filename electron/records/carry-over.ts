import type {
  BaseWrite,
  Commit,
  HistoryEntry,
  HistoryWrite,
  OutboxEntry,
  OutboxSettle,
  RowWrite,
  StoreApi,
} from '../store/contract.ts';
import { readAll } from '../store/read-all.ts';
import { values } from './context.ts';
import type { StoredSession } from './stored-session.ts';

/** Waiting changes that are taken over together. */
const PART = 100;
/** Entries of the history that are read at once. */
const PAGE = 500;
const ALL = 1_000_000;

export interface CarriedOver {
  /** Changes that waited in the replaced store and now wait here. */
  readonly carried: number;
  /** Changes that waited in the backup and had been dealt with since. */
  readonly settled: number;
  /** The session could be read, and with it the newest tokens. */
  readonly session: boolean;
  /** What of the replaced store could not be read; everything else was taken over. */
  readonly faults: readonly unknown[];
}

/**
 * After a restore: what waited to be sent in the replaced store waits here too, with its records and its history; what
 * had been sent or dealt with since the backup was made does not wait again. The session comes along as well: an old
 * refresh token would look like a stolen one.
 *
 * The replaced store may be damaged, which is why people restore: what can be read of it is taken over, part by part.
 * @throws what keeps the restored store from being written
 */
export async function carryOver(from: StoreApi, to: StoreApi): Promise<CarriedOver> {
  const faults: unknown[] = [];
  const read = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      faults.push(error);
      return undefined;
    }
  };
  const session = await takeOverValues(from, to, read);
  const here = await to.outbox('waiting', ALL);
  const waiting = await read(() => from.outbox('waiting', ALL));
  const dealtWith = await read(async () => [
    ...(await from.outbox('accepted', ALL)),
    ...(await from.outbox('refused', ALL)),
  ]);
  const settle = waiting && dealtWith ? settledSince(here, waiting, dealtWith) : [];
  if (settle.length > 0) await to.commit({ settle });
  const known = new Set(here.map(({ id }) => id));
  const missing = (waiting ?? []).filter(({ id }) => !known.has(id));
  let carried = 0;
  for (const part of partsOf(missing, PART)) {
    // One page that cannot be read takes its own group with it, and no other.
    const whole = await takenFrom(part, from, to, read).catch(() => undefined);
    const pieces = whole === undefined ? partsOf(part, 1) : [part];
    for (const piece of pieces) {
      const commit = whole ?? (await read(() => takenFrom(piece, from, to, read)));
      if (commit === undefined) continue;
      await to.commit(commit);
      carried += piece.length;
    }
  }
  await takeOverInbox(from, to, read);
  return { carried, settled: settle.length, session, faults };
}

type Read = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/** True when there was a session to take over. */
async function takeOverValues(from: StoreApi, to: StoreApi, read: Read): Promise<boolean> {
  const session = (await read(() => from.value(values.session))) as StoredSession | null | undefined;
  const stamps = [await read(() => from.value(values.clock)), await to.value(values.clock)];
  await to.commit({
    values: {
      ...(session ? { [values.session]: session } : {}),
      // Stamps made from now on must come after all that were made before the restore.
      [values.clock]:
        stamps
          .filter((stamp) => typeof stamp === 'string')
          .sort()
          .at(-1) ?? null,
    },
  });
  return Boolean(session);
}

/** Without the replaced store nobody knows what was sent: the tokens are forgotten, so that the person signs in. */
export async function forgetTokens(to: StoreApi): Promise<void> {
  const session = (await to.value(values.session)) as StoredSession | null | undefined;
  if (!session) return;
  await to.commit({
    values: { [values.session]: { ...session, accessToken: '', expiresAt: 0, refreshToken: '' } },
  });
}

function settledSince(
  here: readonly OutboxEntry[],
  waiting: readonly OutboxEntry[],
  dealtWith: readonly OutboxEntry[],
): OutboxSettle[] {
  const still = new Set(waiting.map(({ id }) => id));
  const known = new Map(dealtWith.map((entry) => [entry.id, entry]));
  return here
    .filter(({ id }) => !still.has(id))
    .map(({ id }) => {
      const found = known.get(id);
      const state = found?.state === 'refused' ? 'refused' : 'accepted';
      // One that the replaced store had forgotten is in a backup of the server: the lowest number says so here.
      return { id, state, number: found?.number ?? 0, history: state === 'refused' ? 'refused' : 'sent' };
    });
}

/** A group is accepted or refused as a whole, so it is taken over as a whole. */
function partsOf(entries: readonly OutboxEntry[], size: number): OutboxEntry[][] {
  const parts: OutboxEntry[][] = [];
  for (const entry of entries) {
    const last = parts.at(-1);
    if (last && (last.length < size || last.at(-1)?.group === entry.group)) last.push(entry);
    else parts.push([entry]);
  }
  return parts;
}

async function takenFrom(
  entries: readonly OutboxEntry[],
  from: StoreApi,
  to: StoreApi,
  read: Read,
): Promise<Commit> {
  const rows: RowWrite[] = [];
  const bases: BaseWrite[] = [];
  for (const collection of new Set(entries.map((entry) => entry.collection))) {
    const own = entries.filter((entry) => entry.collection === collection);
    const ids = [...new Set(own.map(({ record }) => record))];
    const [docs, there, base] = await Promise.all([
      from.get(collection, ids),
      to.get(collection, ids),
      from.bases(collection, ids),
    ]);
    const previous = new Map(there.map((doc) => [doc.id, doc._rev]));
    rows.push(...docs.map((doc) => ({ collection, doc, previous: previous.get(doc.id) })));
    bases.push(...ids.map((id) => ({ collection, id, base: base[id] ?? null })));
  }
  const outbox = entries.map(({ seq: _seq, state: _state, number: _number, ...entry }) => entry);
  // What was typed counts more than its line in the history.
  const history = (await read(() => historyOf(new Set(entries.map(({ id }) => id)), from))) ?? [];
  return { rows, bases, outbox, history };
}

/** What waits for a person was made here and is nowhere else. */
async function takeOverInbox(from: StoreApi, to: StoreApi, read: Read): Promise<void> {
  const docs = await read(() =>
    readAll(from, {
      collection: 'inbox',
      selector: { 'body.status': { $eq: 'open' } },
      sort: [{ path: 'body.at', direction: 'asc' }],
    }),
  );
  if (docs === undefined || docs.length === 0) return;
  const there = new Set(
    (
      await to.get(
        'inbox',
        docs.map(({ id }) => id),
      )
    ).map(({ id }) => id),
  );
  const rows = docs
    .filter(({ id }) => !there.has(id))
    .map((doc) => ({ collection: 'inbox', doc, previous: undefined }));
  if (rows.length > 0) await to.commit({ rows });
}

async function historyOf(mutations: ReadonlySet<string>, from: StoreApi): Promise<HistoryWrite[]> {
  const found: HistoryEntry[] = [];
  for (let at = 0; found.length < mutations.size; at += PAGE) {
    const page = await from.historyRows({}, at, PAGE);
    found.push(...page.filter(({ mutation }) => mutations.has(mutation)));
    if (page.length < PAGE) break;
  }
  // It is read newest first, and written in the order in which it happened.
  return found.reverse().map(({ seq: _seq, hash: _hash, ...entry }) => entry);
}
