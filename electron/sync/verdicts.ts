import type { HeldBack } from '../../shared/ipc/session.ts';
import { type CollectionName, isCollection } from '../../shared/model/index.ts';
import type { Mutation, Outcome, Verdict, WireRow } from '../../shared/sync/wire.ts';
import { commitFresh } from '../records/conflict.ts';
import { type Context, instant, values } from '../records/context.ts';
import { fromDoc, fromWire, type Held, toDoc } from '../records/rows.ts';
import type { BaseWrite, Commit, OutboxEntry, OutboxSettle, RowWrite, StoredDoc } from '../store/contract.ts';
import { leaveOf } from './leaving.ts';
import { takeBack, withKeptBody } from './rebase.ts';
import { refusalItems } from './refusals.ts';

export type VerdictContext = Pick<Context, 'store' | 'user' | 'device' | 'now'>;

export interface Settled {
  readonly conflicts: number;
  readonly refused: number;
  /** Changes of records that their writer may not see; the server has them, and the records leave with the pull. */
  readonly quarantined: number;
}

const historyOf: Readonly<Record<Outcome['result'], string>> = {
  applied: 'sent',
  unchanged: 'sent',
  superseded: 'superseded',
  conflict: 'conflict',
};

/** One mutation of the batch and what became of it. */
interface Fate {
  readonly entry: OutboxEntry;
  readonly mutation: Mutation;
  readonly result: Outcome['result'] | 'refused' | 'quarantined';
  readonly number: number;
}

/**
 * Applies the server's answer in one commit: mutations settle, the history says what became of them, what was not
 * applied falls back to the server's values, and what was refused goes into the inbox with its values; what the server
 * keeps in quarantine goes nowhere. Groups without a verdict go on waiting. Applying the same answer again changes nothing.
 */
export async function applyVerdicts(
  context: VerdictContext,
  entries: readonly OutboxEntry[],
  verdicts: readonly Verdict[],
  durableThrough: number,
): Promise<Settled> {
  const fates = fatesOf(entries, verdicts);
  const lost = fates.filter(({ result }) => result !== 'applied' && result !== 'unchanged');
  const heldBack = fates.filter(({ result }) => result === 'quarantined').length;
  await commitFresh(context.store, async () => {
    const state = await readState(context, fates);
    const commit: Commit = {
      settle: fates.map(settleOf),
      rows: [
        ...rowsOf(context, new Map([...state].filter(([, one]) => !isUnknown(one)))),
        ...(await itemRows(context, fates, verdicts, state)),
      ],
      bases: staleBases(state),
      durableThrough,
      ...(heldBack === 0 ? {} : { values: await addHeldBack(context, heldBack) }),
      ...(await leaveOf(
        context,
        [...state].flatMap(([id, one]) =>
          isUnknown(one) ? [{ collection: one.collection, id, previous: one.doc?._rev }] : [],
        ),
      )),
    };
    return { commit, value: undefined };
  });
  return {
    conflicts: lost.filter(({ result }) => result === 'conflict' || result === 'superseded').length,
    refused: lost.filter(({ result }) => result === 'refused').length,
    quarantined: lost.filter(({ result }) => result === 'quarantined').length,
  };
}

/** Their values left with the records; that there are some is told until the person has taken note. */
async function addHeldBack(
  { store, now }: VerdictContext,
  changes: number,
): Promise<Record<string, unknown>> {
  const before = (await store.value(values.heldBack)) as HeldBack | null | undefined;
  return { [values.heldBack]: { changes: changes + (before?.changes ?? 0), at: instant(now()) } };
}

function fatesOf(entries: readonly OutboxEntry[], verdicts: readonly Verdict[]): Fate[] {
  const byGroup = new Map(verdicts.map((verdict) => [verdict.group, verdict]));
  return entries.flatMap((entry): Fate[] => {
    const verdict = byGroup.get(entry.group);
    if (verdict === undefined) return [];
    const mutation = entry.mutation as Mutation;
    const { number } = verdict;
    if (verdict.status !== 'accepted') return [{ entry, mutation, result: verdict.status, number: 0 }];
    const outcome = verdict.outcomes.find((one) => one.mutation === mutation.id);
    return [{ entry, mutation, result: outcome?.result ?? 'unchanged', number }];
  });
}

function settleOf({ entry, result, number }: Fate): OutboxSettle {
  return result === 'refused' || result === 'quarantined'
    ? { id: entry.id, state: result, number: 0, history: result }
    : { id: entry.id, state: 'accepted', number, history: historyOf[result] };
}

interface RecordState {
  readonly collection: CollectionName;
  readonly doc: StoredDoc | undefined;
  readonly base: Held | undefined;
  readonly fates: readonly Fate[];
  /** Edits of this record that are not part of this answer. */
  readonly waiting: readonly Mutation[];
}

/** What is in the store now of every record that the answer speaks of. */
async function readState(
  { store, user }: VerdictContext,
  fates: readonly Fate[],
): Promise<ReadonlyMap<string, RecordState>> {
  const states = new Map<string, RecordState>();
  const settled = new Set(fates.map(({ entry }) => entry.id));
  for (const collection of new Set(fates.map(({ entry }) => entry.collection))) {
    if (!isCollection(collection)) continue;
    const own = fates.filter(({ entry }) => entry.collection === collection);
    const ids = [...new Set(own.map(({ entry }) => entry.record))];
    const [docs, bases, outbox] = await Promise.all([
      store.get(collection, ids),
      store.bases(collection, ids),
      store.outboxOf(ids),
    ]);
    for (const id of ids) {
      const wire = bases[id] as WireRow | null | undefined;
      states.set(id, {
        collection,
        doc: docs.find((doc) => doc.id === id),
        base: wire === null || wire === undefined ? undefined : fromWire(wire, user.tenant),
        fates: own.filter(({ entry }) => entry.record === id),
        waiting: outbox
          .filter((entry) => entry.record === id && !settled.has(entry.id))
          .map((entry) => entry.mutation as Mutation),
      });
    }
  }
  return states;
}

/** Made here and kept in quarantine: the server has no such record, so that no pull would ever take it away. */
function isUnknown({ doc, base, fates, waiting }: RecordState): boolean {
  const kept = fates.some(({ result }) => result === 'quarantined');
  return (
    kept && base === undefined && waiting.length === 0 && doc !== undefined && fromDoc(doc).row.rev === 0
  );
}

function rowsOf({ now }: VerdictContext, states: ReadonlyMap<string, RecordState>): RowWrite[] {
  return [...states.values()].flatMap((state): RowWrite[] => {
    const { collection, doc, base, fates, waiting } = state;
    const lost = fates.filter(({ result }) => result !== 'applied' && result !== 'unchanged');
    // A row whose base goes is written even when it looks the same: only a written row notices an edit meanwhile.
    if (doc === undefined || (lost.length === 0 && !losesBase(state))) return [];
    const applied = fates.filter((fate) => !lost.includes(fate)).map(({ mutation }) => mutation);
    const held = new Set([...applied, ...waiting].map((mutation) => mutation.field));
    const shown =
      base !== undefined && losesBase(state)
        ? withKeptBody(base, doc)
        : takeBack(
            collection,
            fromDoc(doc),
            base,
            lost.map(({ mutation }) => mutation),
            held,
          );
    return [{ collection, doc: toDoc(shown, doc, now()), previous: doc._rev }];
  });
}

/** Bases that no edit needs any more, where no pull will bring the record anew either. */
function staleBases(states: ReadonlyMap<string, RecordState>): BaseWrite[] {
  return [...states].flatMap(([id, state]) =>
    losesBase(state) ? [{ collection: state.collection, id, base: null }] : [],
  );
}

function losesBase({ base, fates, waiting }: RecordState): boolean {
  return base !== undefined && waiting.length === 0 && fates.every(({ result }) => result !== 'applied');
}

/** Inbox items of refused groups; an item that is there already stays as it is. */
async function itemRows(
  context: VerdictContext,
  fates: readonly Fate[],
  verdicts: readonly Verdict[],
  states: ReadonlyMap<string, RecordState>,
): Promise<RowWrite[]> {
  const items = verdicts
    .filter((verdict) => verdict.status === 'refused')
    .flatMap((verdict) => {
      const mutations = fates
        .filter(({ entry }) => entry.group === verdict.group)
        .map(({ mutation }) => mutation);
      const shownOf = (record: string) => {
        const doc = states.get(record)?.doc;
        return doc === undefined ? undefined : fromDoc(doc);
      };
      return refusalItems(context, verdict, mutations, shownOf, (record) => states.get(record)?.base);
    });
  if (items.length === 0) return [];
  const known = await context.store.get(
    'inbox',
    items.map(({ row }) => row.id),
  );
  const there = new Set(known.map((doc) => doc.id));
  return items
    .filter(({ row }) => !there.has(row.id))
    .map((item) => ({
      collection: 'inbox',
      doc: toDoc(item, undefined, context.now()),
      previous: undefined,
    }));
}
