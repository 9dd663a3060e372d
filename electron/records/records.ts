import { RoadbookError } from '../../shared/errors.ts';
import {
  type Body,
  type CollectionName,
  type Entity,
  fieldValue,
  isScopeField,
  type Row,
  withField,
} from '../../shared/model/index.ts';
import { problemError } from '../../shared/rules/problem.ts';
import { onStageChange } from '../../shared/rules/stages.ts';
import { validateEdit, validateNew } from '../../shared/rules/validate.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { Mutation, WireRow } from '../../shared/sync/wire.ts';
import type { StoredDoc } from '../store/contract.ts';
import { Act } from './acts.ts';
import { commitFresh } from './conflict.ts';
import { type Context, instant } from './context.ts';
import { firstPipeline } from './pipelines.ts';
import { fromDoc, fromWire, type Held, titled, toWire } from './rows.ts';
import { checkReferences, cleanValues, stagesFor, writable } from './rules.ts';

/** Server revision and values that a person saw when an edit began. */
export interface Seen {
  readonly rev: number;
  readonly values: Body;
}

/** Makes, changes, deletes and restores records: one call is one act, one commit and one group for the server. */
export class Records {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * @param id made by the caller where a draft already has one; final
   * @throws permission.denied, record.read_only, record.invalid, stage.*, integrity.*
   */
  async create(collection: CollectionName, given: Body, id?: string): Promise<Held> {
    const { user, store, now, random } = this.#context;
    const entity = writable(user.role, 'create', collection);
    const values = await this.#withDefaults(entity, cleanNew(entity, given));
    const record = id ?? uuidv7(now(), random);
    const { value } = await commitFresh(store, async () => {
      const [existing] = await store.get(collection, [record]);
      // The same draft saved twice is one record.
      if (existing !== undefined) return { commit: null, value: fromDoc(existing) };
      const act = new Act(this.#context);
      const held = await this.make(act, entity, record, values);
      return { commit: act.commit(), value: held };
    });
    this.#context.saved();
    return value;
  }

  /**
   * Adds a new record to an act that may hold more.
   * @param previous what is left of the record where the server refused it before
   */
  async make(act: Act, entity: Entity, id: string, values: Body, previous?: StoredDoc): Promise<Held> {
    const { store } = this.#context;
    const collection = entity.name as CollectionName;
    const row = this.#newRow(collection, id, values);
    const stages = await stagesFor(store, entity, row.body);
    const [problem] = validateNew(entity, row.body, { stages });
    if (problem !== undefined) throw problemError(problem);
    await checkReferences(store, entity, id, values, row.body.regardingCollection);
    const held = { row: titled(collection, stageEntered(entity, row, act.at)), deleted: false };
    const { owner, team, territory } = held.row;
    const to = { ...withoutComputed(entity, held.row.body), owner, team, territory };
    act.row(collection, held, previous);
    act.step(collection, held, { op: 'create', field: '', from: null, to, base: null, baseRev: 0 });
    return held;
  }

  /** Changes fields of a record; what stays the same makes no change, and nothing at all makes no commit. */
  async update(collection: CollectionName, id: string, given: Body, seen?: Seen): Promise<Held> {
    const { user, store } = this.#context;
    const entity = writable(user.role, 'update', collection);
    const values = cleanValues(entity, given);
    const { value, result } = await commitFresh(store, async () => {
      const act = new Act(this.#context);
      const held = await this.edit(act, entity, id, values, seen);
      return { commit: act.isEmpty ? null : act.commit(), value: held };
    });
    if (result !== null) this.#context.saved();
    return value;
  }

  /** Adds the change of one record to an act that may hold more. */
  async edit(act: Act, entity: Entity, id: string, values: Body, given?: Seen): Promise<Held> {
    const { store } = this.#context;
    const collection = entity.name as CollectionName;
    const doc = await this.#live(collection, id);
    const { row } = fromDoc(doc);
    const wanted = await this.#derived(entity, row, values);
    const changed = Object.keys(wanted).filter((name) => !sameValue(fieldValue(row, name), wanted[name]));
    if (changed.length === 0) return { row, deleted: false };
    const edited = changed.reduce((next, name) => withField(next, name, wanted[name]), row);
    const stages = await stagesFor(store, entity, edited.body);
    const [problem] = validateEdit(entity, edited.body, changed, { stages });
    if (problem !== undefined) throw problemError(problem);
    const changedValues = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
    await checkReferences(store, entity, id, changedValues, edited.body.regardingCollection);
    const entered = changed.includes('stage') ? stageEntered(entity, edited, act.at) : edited;
    const held = { row: this.#touched(collection, entered, act.at), deleted: false };
    const base = await this.#base(collection, doc);
    if (base.isNew) act.base(collection, id, base.wire);
    act.row(collection, held, doc);
    for (const field of changed) {
      const seen = await this.#seen(id, field, base.wire, given);
      act.step(collection, held, {
        op: 'set',
        field,
        from: fieldValue(row, field),
        to: wanted[field],
        ...seen,
      });
    }
    return held;
  }

  /** Marks a record as deleted. It can be restored; the server keeps its values. */
  async remove(collection: CollectionName, id: string): Promise<void> {
    writable(this.#context.user.role, 'delete', collection);
    await this.#switch(collection, id, 'delete');
  }

  async restore(collection: CollectionName, id: string): Promise<Held> {
    writable(this.#context.user.role, 'delete', collection);
    return this.#switch(collection, id, 'restore');
  }

  async #switch(collection: CollectionName, id: string, op: 'delete' | 'restore'): Promise<Held> {
    const deleted = op === 'delete';
    const { value, result } = await commitFresh(this.#context.store, async () => {
      const doc = await this.#found(collection, id);
      if (doc._deleted === deleted) return { commit: null, value: fromDoc(doc) };
      const act = new Act(this.#context);
      const held = await this.toggle(act, collection, doc, op);
      return { commit: act.commit(), value: held };
    });
    if (result !== null) this.#context.saved();
    return value;
  }

  /** Adds a deletion or its undoing to an act. */
  async toggle(
    act: Act,
    collection: CollectionName,
    doc: StoredDoc,
    op: 'delete' | 'restore',
  ): Promise<Held> {
    const held = { row: this.#touched(collection, fromDoc(doc).row, act.at), deleted: op === 'delete' };
    const base = await this.#base(collection, doc);
    if (base.isNew) act.base(collection, doc.id, base.wire);
    act.row(collection, held, doc);
    act.step(collection, held, { op, field: '', from: null, to: null, base: null, baseRev: base.wire.rev });
    return held;
  }

  async #found(collection: CollectionName, id: string): Promise<StoredDoc> {
    const [doc] = await this.#context.store.get(collection, [id]);
    if (doc === undefined) throw new RoadbookError('record.not_found');
    return doc;
  }

  async #live(collection: CollectionName, id: string): Promise<StoredDoc> {
    const doc = await this.#found(collection, id);
    if (doc._deleted) throw new RoadbookError('record.deleted');
    return doc;
  }

  /** Server values of a row: kept beside it while edits wait, otherwise the row itself. */
  async #base(collection: CollectionName, doc: StoredDoc): Promise<{ wire: WireRow; isNew: boolean }> {
    const kept = await this.#context.store.bases(collection, [doc.id]);
    const wire = kept[doc.id] as WireRow | undefined;
    if (wire !== undefined && wire !== null) return { wire, isNew: false };
    const held = fromDoc(doc);
    // A record that the server has not accepted has no server values yet.
    return { wire: toWire(collection, held), isNew: held.row.rev > 0 };
  }

  /**
   * Base of a new edit. While an earlier edit of the same field waits, the person has seen no newer server value of
   * it, even when the row's base has moved: the new edit stands on what the earlier one stood on.
   */
  async #seen(
    id: string,
    field: string,
    base: WireRow,
    given: Seen | undefined,
  ): Promise<{ base: unknown; baseRev: number }> {
    const waiting = await this.#context.store.outboxOf([id]);
    const first = waiting.find((entry) => entry.field === field)?.mutation as Mutation | undefined;
    if (first !== undefined) return { base: first.base, baseRev: first.baseRev };
    // A pull may have moved the record on while the form stood open.
    if (given !== undefined && given.rev < base.rev && Object.hasOwn(given.values, field)) {
      return { base: given.values[field], baseRev: given.rev };
    }
    const { row } = fromWire(base, this.#context.user.tenant);
    return { base: fieldValue(row, field), baseRev: base.rev };
  }

  #newRow(collection: CollectionName, id: string, values: Body): Row {
    const { user, now } = this.#context;
    const at = instant(now());
    const row: Row = {
      id,
      rev: 0,
      tenant: user.tenant,
      owner: user.id,
      team: user.team,
      territory: user.territory,
      name: '',
      createdAt: at,
      createdBy: user.id,
      updatedAt: at,
      updatedBy: user.id,
      body: {},
    };
    const filled = Object.entries(values).filter(([, value]) => value !== null);
    return titled(
      collection,
      filled.reduce((next, [name, value]) => withField(next, name, value), row),
    );
  }

  #touched(collection: CollectionName, row: Row, at: string): Row {
    return titled(collection, { ...row, updatedAt: at, updatedBy: this.#context.user.id });
  }

  /** What else changes with these values: a deal that enters a stage takes its probability. */
  async #derived(entity: Entity, row: Row, values: Body): Promise<Body> {
    if (entity.name !== 'deals' || typeof values.stage !== 'string' || 'probability' in values) return values;
    if (sameValue(values.stage, row.body.stage)) return values;
    const stages = await stagesFor(this.#context.store, entity, { ...row.body, ...values });
    return { ...onStageChange(values.stage, stages), ...values };
  }

  async #withDefaults(entity: Entity, values: Body): Promise<Body> {
    if (entity.name !== 'deals') return values;
    const { store } = this.#context;
    const pipeline = values.pipeline ?? (await firstPipeline(store))?.id ?? null;
    const stages = await stagesFor(store, entity, { pipeline });
    const stage = values.stage ?? stages[0]?.id ?? null;
    const derived = typeof stage === 'string' ? onStageChange(stage, stages) : {};
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
    return { ...derived, pipeline, stage, ...given };
  }
}

/** A note belongs to the object that its form names; otherwise a new record is cleaned like an edit. */
function cleanNew(entity: Entity, given: Body): Body {
  const { regardingCollection, ...rest } = given;
  const clean = cleanValues(entity, rest);
  const named = entity.name === 'activities' && typeof regardingCollection === 'string';
  return named ? { ...clean, regardingCollection } : clean;
}

/** The server computes it again; until then the device shows what it will be. */
function stageEntered(entity: Entity, row: Row, at: string): Row {
  return entity.name === 'deals' ? withField(row, 'stageEnteredAt', at) : row;
}

function withoutComputed(entity: Entity, body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => entity.fields[name]?.merge !== 'computed' && !isScopeField(name)),
  );
}
