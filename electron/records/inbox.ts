import { RoadbookError } from '../../shared/errors.ts';
import { type Body, entityOf, type Side } from '../../shared/model/index.ts';
import { Act } from './acts.ts';
import { commitFresh } from './conflict.ts';
import type { Context } from './context.ts';
import type { Records } from './records.ts';
import { fromDoc } from './rows.ts';
import { writable } from './rules.ts';
import { knownCollection } from './views.ts';

export type Choice = 'device' | 'server' | 'other';

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
      const chosen = choice === 'server' ? null : await this.#apply(act, row.body, choice, value);
      const closed = { status: 'resolved', resolution: { choice, value: chosen } };
      if (row.rev === 0) {
        // Made on this device and never sent: it is closed here alone.
        act.row('inbox', { row: { ...row, body: { ...row.body, ...closed } }, deleted: false }, doc);
      } else {
        await this.#records.edit(act, entityOf('inbox'), id, closed);
      }
      return { commit: act.commit(), value: undefined };
    });
    this.#context.saved();
    return {};
  }

  /** Does again what was refused, or sets the chosen value. @returns what was set */
  async #apply(act: Act, item: Body, choice: Exclude<Choice, 'server'>, value: unknown): Promise<unknown> {
    const { store, user } = this.#context;
    const collection = knownCollection(String(item.collection));
    const record = String(item.record);
    const kept = (item.device as Partial<Side> | undefined)?.value;
    const [doc] = await store.get(collection, [record]);
    if (item.op === 'create' && choice === 'device') {
      const entity = writable(user.role, 'create', collection);
      await this.#records.make(act, entity, record, isBody(kept) ? kept : {}, doc);
      return kept;
    }
    if ((item.op === 'delete' || item.op === 'restore') && choice === 'device') {
      writable(user.role, 'delete', collection);
      if (doc !== undefined) await this.#records.toggle(act, collection, doc, item.op);
      return null;
    }
    const entity = writable(user.role, 'update', collection);
    const values = valuesOf(item, choice === 'other' ? value : kept, choice);
    await this.#records.edit(act, entity, record, values);
    return values;
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
