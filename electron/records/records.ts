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
import { validateEdit, validateNew } from '../../shared/rules/validate.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { StoredDoc } from '../store/contract.ts';
import { Act } from './acts.ts';
import { baseOf, type Seen, seenBy } from './bases.ts';
import { commitFresh } from './conflict.ts';
import type { Context } from './context.ts';
import { stageEntered, withDefaults, withDerived } from './deals.ts';
import { fromDoc, type Held, newRow, titled } from './rows.ts';
import { checkReferences, cleanValues, stagesFor, writable } from './rules.ts';

/** Makes, changes, deletes and restores records: one call is one act, one commit and one group for the server. */
export class Records {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * @param id made by the caller when its form opened, and kept in its draft: saved again after a crash, the form finds
   *   the record that it has made already, and what is typed in it by now is an edit of that record
   * @throws permission.denied, record.read_only, record.invalid, record.taken, record.deleted, stage.*, integrity.*
   */
  async create(collection: CollectionName, given: Body, id?: string): Promise<Held> {
    const { user, store, now, random } = this.#context;
    const entity = writable(user.role, 'create', collection);
    const asked = cleanNew(entity, given, user.role);
    const values = await withDefaults(store, entity, asked);
    const { value, result } = await commitFresh(store, async () => {
      const act = new Act(this.#context);
      const made = id === undefined ? undefined : await this.#madeBefore(collection, id);
      const held =
        made === undefined
          ? await this.make(act, entity, id ?? uuidv7(now(), random), values)
          : await this.#makeAgain(act, entity, made, asked);
      return { commit: act.isEmpty ? null : act.commit(), value: held };
    });
    if (result !== null) this.#context.saved();
    return value;
  }

  /** The record that this id was used for, if there is one. */
  async #madeBefore(collection: CollectionName, id: string): Promise<StoredDoc | undefined> {
    const { store } = this.#context;
    const [doc] = await store.get(collection, [id]);
    if (doc?._deleted) throw new RoadbookError('record.deleted');
    if (doc === undefined && id in (await store.lookup([id], 'id'))) throw new RoadbookError('record.taken');
    return doc;
  }

  /** The same values again change nothing; others are an edit. What is not given stays. */
  async #makeAgain(act: Act, entity: Entity, doc: StoredDoc, asked: Body): Promise<Held> {
    // Which object a note hangs on is given with its record and decided once.
    const { regardingCollection: _fixed, ...values } = asked;
    const held = fromDoc(doc);
    const same = Object.entries(values).every(([name, value]) =>
      sameValue(fieldValue(held.row, name), value),
    );
    if (same) return held;
    writable(this.#context.user.role, 'update', entity.name as CollectionName);
    return this.edit(act, entity, doc.id, values);
  }

  /**
   * Adds a new record to an act that may hold more.
   * @param previous what is left of the record where the server refused it before
   */
  async make(act: Act, entity: Entity, id: string, values: Body, previous?: StoredDoc): Promise<Held> {
    const { store } = this.#context;
    const collection = entity.name as CollectionName;
    const row = this.#filled(collection, id, act.at, values);
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
    const values = cleanValues(entity, given, user.role);
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
    const wanted = await withDerived(store, entity, row, values);
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
    const base = await baseOf(this.#context, collection, doc);
    if (base.isNew) act.base(collection, id, base.wire);
    act.row(collection, held, doc);
    for (const field of changed) {
      const seen = await seenBy(this.#context, id, field, base.wire, given);
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
    const base = await baseOf(this.#context, collection, doc);
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

  #filled(collection: CollectionName, id: string, at: string, values: Body): Row {
    const given = Object.entries(values).filter(([, value]) => value !== null);
    const empty = newRow(this.#context.user, id, at);
    return titled(
      collection,
      given.reduce((row, [name, value]) => withField(row, name, value), empty),
    );
  }

  #touched(collection: CollectionName, row: Row, at: string): Row {
    return titled(collection, { ...row, updatedAt: at, updatedBy: this.#context.user.id });
  }
}

/** A note belongs to the object that its form names; otherwise a new record is cleaned like an edit. */
function cleanNew(entity: Entity, given: Body, role: string): Body {
  const { regardingCollection, ...rest } = given;
  const clean = cleanValues(entity, rest, role);
  const named = entity.name === 'activities' && typeof regardingCollection === 'string';
  return named ? { ...clean, regardingCollection } : clean;
}

function withoutComputed(entity: Entity, body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => entity.fields[name]?.merge !== 'computed' && !isScopeField(name)),
  );
}
