import { RoadbookError } from '../../shared/errors.ts';
import type { Body } from '../../shared/model/index.ts';
import { collectionNames } from '../../shared/model/index.ts';
import { isRowConflict } from '../records/conflict.ts';
import { values } from '../records/context.ts';
import type { Commit, MembershipWrite, PurgeWrite, StoreApi, StoredDoc } from '../store/contract.ts';
import { readAll } from '../store/read-all.ts';

/** Rows that one commit takes away. */
const PART = 500;
/** More mutations than a device ever holds until the next backup of its server. */
const MOST = 1_000_000;
/** How often edits that people make while their records leave are sent before the next sync is left to go on. */
const RESENDS = 5;
/** Rounds against edits that people make while a commit is put together. */
const ROUNDS = 50;

export interface LeavingContext {
  readonly store: StoreApi;
  readonly now: () => number;
  /** Sends what waits, so that the server has it before its record leaves. */
  readonly resend: () => Promise<void>;
}

/** A purge, with the mark that drafts and backups of this device still may hold what it takes away. */
export async function leaveOf(
  { store, now }: Pick<LeavingContext, 'store' | 'now'>,
  purge: readonly PurgeWrite[],
): Promise<Pick<Commit, 'purge' | 'values'>> {
  if (purge.length === 0) return {};
  const last = Number((await store.value(values.withdrawn)) ?? 0);
  return { purge, values: { [values.withdrawn]: Math.max(now(), last + 1) } };
}

/**
 * Rows that leave this device because its person sees them no more. A row stays for as long as one bucket holds it.
 * One that has unsent edits goes only after the server has answered them: it keeps them in quarantine.
 */
export class Leaving {
  readonly #context: LeavingContext;
  readonly #gone = new Set<string>();
  #resends = 0;
  #finished = false;

  constructor(context: LeavingContext) {
    this.#context = context;
  }

  /** Rows that left and did not come back. */
  get removed(): number {
    return this.#gone.size;
  }

  /** Whether anything left in this sync, or what had left before was cleared up. */
  get hasLeft(): boolean {
    return this.#finished || this.#gone.size > 0;
  }

  /** A row that left in this sync has come again, for another reason. */
  cameBack(collection: string, id: string): void {
    this.#gone.delete(`${collection} ${id}`);
  }

  /** Notes what a commit has taken away. */
  took(purge: readonly PurgeWrite[]): void {
    for (const { collection, id, previous } of purge) {
      if (previous !== undefined) this.#gone.add(`${collection} ${id}`);
    }
  }

  /**
   * Takes rows out of buckets, in commits of bounded size. Cut off anywhere and begun again, it ends the same.
   * @param mayReturn other buckets may bring these rows again: history and inbox stay until finish()
   */
  async from(
    buckets: readonly string[],
    collection: string,
    ids: readonly string[],
    mayReturn: boolean,
  ): Promise<void> {
    for (let at = 0; at < ids.length; at += PART) {
      await this.#part(new Set(buckets), collection, ids.slice(at, at + PART), mayReturn);
    }
  }

  /** All that is to come has come: what is left of rows that did not come again goes, also after a crash in between. */
  async finish(): Promise<void> {
    const { store } = this.#context;
    if (((await store.value(values.leaving)) ?? null) === null) return;
    for (let round = 1; ; round += 1) {
      const purge = await this.#itemsWithoutRecord();
      const left = await leaveOf(this.#context, purge);
      try {
        await store.commit({
          ...left,
          forgetMissing: true,
          values: { ...left.values, [values.leaving]: null },
        });
        this.#finished = true;
        return;
      } catch (error) {
        if (!isRowConflict(error) || round === ROUNDS) throw error;
      }
    }
  }

  /**
   * Rows that were made here, that the server has accepted and that it has not given back: where the bucket that would
   * have brought them is lost, none ever tells of them again.
   * @param mayReturn see from()
   */
  async untold(mayReturn: boolean): Promise<void> {
    const { store } = this.#context;
    const accepted = await store.outbox('accepted', MOST);
    for (const collection of collectionNames) {
      // Items that were made here about refused changes are nowhere else, and go with their record.
      if (collection === 'inbox') continue;
      const made = new Set(await this.#madeHere(collection));
      for (const { collection: of, record, field } of accepted) {
        if (of === collection && field === '') made.add(record);
      }
      const ids = [...made];
      const held = await store.memberships(collection, ids);
      const docs = await store.get(collection, ids);
      const waiting = await store.outboxOf(ids);
      const unsent = new Set(waiting.filter(({ field }) => field === '').map(({ record }) => record));
      const gone = docs.filter((doc) => doc.rev === 0 && held[doc.id] === undefined && !unsent.has(doc.id));
      await this.from(
        [],
        collection,
        gone.map(({ id }) => id),
        mayReturn,
      );
    }
  }

  /** Live rows that no answer of the server has given a revision yet. */
  async #madeHere(collection: string): Promise<string[]> {
    const { store } = this.#context;
    const docs = await readAll(store, { collection, selector: { rev: 0 }, sort: [] });
    return docs.map(({ id }) => id);
  }

  async #part(
    buckets: ReadonlySet<string>,
    collection: string,
    ids: readonly string[],
    mayReturn: boolean,
  ): Promise<void> {
    const { store } = this.#context;
    for (let round = 1; ; round += 1) {
      const held = await store.memberships(collection, ids);
      const memberships = ids.flatMap((id) =>
        (held[id] ?? [])
          .filter(({ bucket }) => buckets.has(bucket))
          .map(({ bucket }): MembershipWrite => ({ bucket, collection, id, op: 'remove', digest: '' })),
      );
      const last = ids.filter((id) => (held[id] ?? []).every(({ bucket }) => buckets.has(bucket)));
      const purge = await this.purge(collection, last, mayReturn);
      const left = await leaveOf(this.#context, purge);
      const more = mayReturn && purge.length > 0 ? { [values.leaving]: true } : {};
      try {
        await store.commit({ ...left, memberships, values: { ...left.values, ...more } });
        this.took(purge);
        return;
      } catch (error) {
        if (!isRowConflict(error) || round === ROUNDS) throw error;
      }
    }
  }

  /**
   * What goes with rows that no bucket holds any more; edits of them that wait are sent first.
   * @throws sync.edits_wait when people go on editing them, or the server does not decide
   */
  async purge(collection: string, ids: readonly string[], mayReturn = false): Promise<PurgeWrite[]> {
    if (ids.length === 0) return [];
    const { store, resend } = this.#context;
    for (;;) {
      // Read before the outbox: an edit that comes in between has moved the row on, and its commit refuses this one.
      const docs = new Map((await store.get(collection, ids)).map((doc) => [doc.id, doc._rev]));
      const items = mayReturn ? [] : await this.#itemsAbout({ 'body.record': { $in: [...ids] } });
      const records = [...ids, ...items.map(({ id }) => id)];
      if ((await store.outboxOf(records)).length === 0) {
        return [
          ...ids.map((id) => ({ collection, id, previous: docs.get(id), mayReturn })),
          ...items.map(purgeOf),
        ];
      }
      if (this.#resends === RESENDS) throw new RoadbookError('sync.edits_wait');
      this.#resends += 1;
      await resend();
    }
  }

  async #itemsWithoutRecord(): Promise<PurgeWrite[]> {
    const items = await this.#itemsAbout({});
    const here = await this.#context.store.lookup(
      items.map(({ body }) => String((body as Body).record)),
      'id',
    );
    return items.filter(({ body }) => here[String((body as Body).record)] === undefined).map(purgeOf);
  }

  /** Inbox items that were made on this device; those of the server come and go by their own buckets. */
  async #itemsAbout(selector: Readonly<Record<string, unknown>>): Promise<StoredDoc[]> {
    const { store } = this.#context;
    const docs = await readAll(store, { collection: 'inbox', selector, sort: [] });
    if (docs.length === 0) return [];
    const held = await store.memberships(
      'inbox',
      docs.map(({ id }) => id),
    );
    return docs.filter(({ id }) => held[id] === undefined);
  }
}

const purgeOf = ({ id, _rev }: StoredDoc): PurgeWrite => ({ collection: 'inbox', id, previous: _rev });
