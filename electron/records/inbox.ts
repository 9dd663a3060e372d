import { RoadbookError } from '../../shared/errors.ts';
import { type Body, entityOf, fieldValue, type Side, withField } from '../../shared/model/index.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import type { StoredDoc } from '../store/contract.ts';
import { Act } from './acts.ts';
import { commitFresh } from './conflict.ts';
import type { Context } from './context.ts';
import type { Records } from './records.ts';
import { fromDoc } from './rows.ts';
import { writable } from './rules.ts';
import { knownCollection } from './views.ts';

export type Choice = 'device' | 'server' | 'other';

interface Resolution {
  readonly choice: Choice;
  /** Fields that were set; the whole record or null where it was made, deleted or restored again. */
  readonly value: unknown;
  /** What these fields held before. */
  readonly before?: unknown;
}

/** Settles what needs a person. Choosing a value and closing the item are one act. */
export class Inbox {
  readonly #context: Context;
  readonly #records: Records;

  constructor(context: Context, records: Records) {
    this.#context = context;
    this.#records = records;
  }

  /**
   * @param choice device: the value that was kept is sent again; server: what stands, stays; other: `value`
   * @throws record.not_found, record.deleted, and whatever an edit of the field throws
   */
  async resolve(id: string, choice: Choice, value?: unknown): Promise<Record<string, never>> {
    const { store, user } = this.#context;
    writable(user.role, 'update', 'inbox');
    await commitFresh(store, async () => {
      const [doc] = await store.get('inbox', [id]);
      if (doc === undefined || doc._deleted) throw new RoadbookError('record.not_found');
      const { row } = fromDoc(doc);
      // A second click, or another device, was faster.
      if (row.body.status === 'resolved') return { commit: null, value: undefined };
      const act = new Act(this.#context);
      const applied = choice === 'server' ? { value: null } : await this.#apply(act, row.body, choice, value);
      await this.#mark(act, doc, { status: 'resolved', resolution: { choice, ...applied } });
      return { commit: act.commit(), value: undefined };
    });
    this.#context.saved();
    return {};
  }

  /**
   * Takes a resolution back: the item is open again with both its values, and the record has what stood before, where
   * nobody has changed it since. One act.
   * @throws record.not_found, record.deleted, request.invalid where a whole record was sent again
   */
  async reopen(id: string): Promise<Record<string, never>> {
    const { store, user } = this.#context;
    writable(user.role, 'update', 'inbox');
    const { result } = await commitFresh(store, async () => {
      const [doc] = await store.get('inbox', [id]);
      if (doc === undefined || doc._deleted) throw new RoadbookError('record.not_found');
      const { row } = fromDoc(doc);
      if (row.body.status !== 'resolved') return { commit: null, value: undefined };
      const act = new Act(this.#context);
      await this.#putBack(act, row.body);
      await this.#mark(act, doc, { status: 'open', resolution: null });
      return { commit: act.commit(), value: undefined };
    });
    if (result !== null) this.#context.saved();
    return {};
  }

  async #mark(act: Act, doc: StoredDoc, state: Body): Promise<void> {
    const { row } = fromDoc(doc);
    if (row.rev === 0) {
      // Made on this device and never sent: it is closed, and opened, here alone.
      const marked = Object.entries(state).reduce((next, [name, value]) => withField(next, name, value), row);
      act.row('inbox', { row: marked, deleted: false }, doc);
    } else {
      await this.#records.edit(act, entityOf('inbox'), row.id, state);
    }
  }

  async #putBack(act: Act, item: Body): Promise<void> {
    const { choice, value, before } = (item.resolution ?? {}) as Partial<Resolution>;
    if (choice === 'server') return;
    if (!isBody(value) || !isBody(before)) {
      throw new RoadbookError('request.invalid', { reason: 'what was sent again cannot be taken back here' });
    }
    const { store, user } = this.#context;
    const collection = knownCollection(String(item.collection));
    const entity = writable(user.role, 'update', collection);
    const [doc] = await store.get(collection, [String(item.record)]);
    if (doc === undefined) throw new RoadbookError('record.not_found');
    const { row } = fromDoc(doc);
    const untouched = Object.entries(before).filter(([name]) =>
      sameValue(fieldValue(row, name), value[name]),
    );
    if (untouched.length > 0) {
      await this.#records.edit(act, entity, row.id, Object.fromEntries(untouched));
    }
  }

  /** Does again what was refused, or sets the chosen value. @returns what was set, and what fields held before */
  async #apply(
    act: Act,
    item: Body,
    choice: Exclude<Choice, 'server'>,
    value: unknown,
  ): Promise<Omit<Resolution, 'choice'>> {
    const { store, user } = this.#context;
    const collection = knownCollection(String(item.collection));
    const record = String(item.record);
    const kept = (item.device as Partial<Side> | undefined)?.value;
    const [doc] = await store.get(collection, [record]);
    if (item.op === 'create' && choice === 'device') {
      const entity = writable(user.role, 'create', collection);
      await this.#records.make(act, entity, record, isBody(kept) ? kept : {}, doc);
      return { value: kept };
    }
    if ((item.op === 'delete' || item.op === 'restore') && choice === 'device') {
      writable(user.role, 'delete', collection);
      if (doc !== undefined) await this.#records.toggle(act, collection, doc, item.op);
      return { value: null };
    }
    const entity = writable(user.role, 'update', collection);
    const values = valuesOf(item, choice === 'other' ? value : kept, choice);
    const held = doc === undefined ? undefined : fromDoc(doc).row;
    await this.#records.edit(act, entity, record, values);
    const before = Object.keys(values).map((name) => [name, (held && fieldValue(held, name)) ?? null]);
    return { value: values, before: Object.fromEntries(before) };
  }
}

/** Fields to set; those that were refused together with the chosen one are sent together again. */
function valuesOf(item: Body, chosen: unknown, choice: Choice): Body {
  const field = String(item.field ?? '');
  if (field === '') {
    throw new RoadbookError('request.invalid', { reason: 'this item has no single field to set' });
  }
  const others = choice === 'device' && isBody(item.others) ? item.others : {};
  return { ...others, [field]: chosen ?? null };
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
