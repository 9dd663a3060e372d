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
      const values = wanted(row.body, choice, value);
      if (values !== null) await this.#apply(act, row.body, values);
      const closed = { status: 'resolved', resolution: { choice, value: values === null ? null : values } };
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

  async #apply(act: Act, item: Body, values: Body): Promise<void> {
    const collection = knownCollection(String(item.collection));
    const entity = writable(this.#context.user.role, 'update', collection);
    await this.#records.edit(act, entity, String(item.record), values);
  }
}

/** Fields to set for a choice; null when nothing changes. */
function wanted(item: Body, choice: Choice, value: unknown): Body | null {
  if (choice === 'server') return null;
  const field = String(item.field ?? '');
  const kept = item.device as Partial<Side> | undefined;
  const chosen = choice === 'other' ? value : kept?.value;
  if (field === '') {
    throw new RoadbookError('request.invalid', { reason: 'this item has no single field to set' });
  }
  // Fields that were refused together with this one are sent together again.
  const others = choice === 'device' && isBody(item.others) ? item.others : {};
  return { ...others, [field]: chosen ?? null };
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
