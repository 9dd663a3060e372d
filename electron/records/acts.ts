import type { CollectionName } from '../../shared/model/index.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { Mutation } from '../../shared/sync/wire.ts';
import type { BaseWrite, Commit, HistoryWrite, OutboxWrite, RowWrite, StoredDoc } from '../store/contract.ts';
import { type Context, instant, values } from './context.ts';
import { type Held, toDoc } from './rows.ts';

/** Events that only a network makes possible, even where sync has not found it yet. */
const throughNetwork = new Set(['sign-in']);

/** One field (or one whole record) that a person changes. */
export interface Step {
  readonly op: Mutation['op'];
  /** '' for create, delete and restore. */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  /** Server value and revision that the person saw. */
  readonly base: unknown;
  readonly baseRev: number;
}

/**
 * Collects what one person does in one act into one commit: rows, their server base, history and outbox. The group
 * is accepted or refused by the server as a whole.
 */
export class Act {
  readonly group: string;
  readonly at: string;
  readonly #context: Context;
  readonly #rows: RowWrite[] = [];
  readonly #bases: BaseWrite[] = [];
  readonly #history: HistoryWrite[] = [];
  readonly #outbox: OutboxWrite[] = [];
  #stamp: string | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.group = uuidv7(context.now(), context.random);
    this.at = instant(context.now());
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  row(collection: CollectionName, held: Held, previous: StoredDoc | undefined): void {
    const doc = toDoc(held, previous, this.#context.now());
    this.#rows.push({ collection, doc, previous: previous?._rev });
  }

  base(collection: CollectionName, id: string, base: unknown): void {
    this.#bases.push({ collection, id, base });
  }

  /** A change that travels to the server and stands in the history. */
  step(collection: CollectionName, held: Held, step: Step): void {
    const { now, random, clock, isOffline } = this.#context;
    const id = uuidv7(now(), random);
    const offline = isOffline();
    this.#stamp = clock.tick();
    const mutation: Mutation = {
      id,
      collection,
      record: held.row.id,
      op: step.op,
      field: step.field,
      base: step.base ?? null,
      baseRev: step.baseRev,
      value: step.to ?? null,
      clock: this.#stamp,
      madeAt: this.at,
      offline,
    };
    this.#outbox.push({
      id,
      group: this.group,
      collection,
      record: held.row.id,
      field: step.field,
      mutation,
    });
    this.#history.push({
      ...this.#who(),
      at: this.at,
      kind: step.op === 'set' ? 'change' : step.op,
      collection,
      record: held.row.id,
      name: held.row.name,
      field: step.field,
      from: step.from ?? null,
      to: step.to ?? null,
      offline,
      mutation: id,
      state: 'saved',
    });
  }

  /** An event without a mutation of its own. */
  event(
    kind: string,
    about: Partial<Pick<HistoryWrite, 'collection' | 'record' | 'name' | 'field' | 'from' | 'to'>>,
  ) {
    this.#history.push({
      ...this.#who(),
      at: this.at,
      kind,
      collection: about.collection ?? '',
      record: about.record ?? '',
      name: about.name ?? '',
      field: about.field ?? '',
      from: about.from ?? null,
      to: about.to ?? null,
      offline: !throughNetwork.has(kind) && this.#context.isOffline(),
      mutation: '',
      state: '',
    });
  }

  commit(): Commit {
    return {
      rows: this.#rows,
      bases: this.#bases,
      history: this.#history,
      outbox: this.#outbox,
      ...(this.#stamp === undefined ? {} : { values: { [values.clock]: this.#stamp } }),
    };
  }

  #who() {
    const { user, device } = this.#context;
    return { user: user.id, device: device.id, deviceName: device.name };
  }
}
