import { RoadbookError } from '../../shared/errors.ts';
import type { RecordDetail, RecordRow } from '../../shared/ipc/records.ts';
import type { Body } from '../../shared/model/index.ts';
import type { Seen } from './bases.ts';
import type { Context } from './context.ts';
import type { Lists } from './lists.ts';
import type { Marks } from './marks.ts';
import type { Records } from './records.ts';
import { type Held, toRecordRow } from './rows.ts';
import { knownCollection } from './views.ts';

/** Single records as the window sees them. */
export class Pages {
  readonly #context: Context;
  readonly #records: Records;
  readonly #lists: Lists;
  readonly #marks: Marks;

  constructor(context: Context, records: Records, lists: Lists, marks: Marks) {
    this.#context = context;
    this.#records = records;
    this.#lists = lists;
    this.#marks = marks;
  }

  /** @throws record.not_found; a deleted record is given as such */
  async get(name: string, id: string): Promise<RecordDetail> {
    const collection = knownCollection(name);
    const [doc] = await this.#context.store.get(collection, [id]);
    if (doc === undefined) throw new RoadbookError('record.not_found');
    const [{ rows, names }, waiting] = await Promise.all([
      this.#lists.present([{ collection, doc }]),
      this.#context.store.outboxOf([id]),
    ]);
    const [row] = rows;
    if (row === undefined) throw new RoadbookError('record.not_found');
    const waitingFields = [...new Set(waiting.map((entry) => entry.field).filter((field) => field !== ''))];
    return { row, names, waitingFields, inbox: this.#marks.inboxOf(id) };
  }

  async create(name: string, values: Body, id?: string): Promise<RecordRow> {
    const collection = knownCollection(name);
    return this.#shown(collection, await this.#records.create(collection, values, id));
  }

  async update(name: string, id: string, values: Body, seen?: Seen): Promise<RecordRow> {
    const collection = knownCollection(name);
    return this.#shown(collection, await this.#records.update(collection, id, values, seen));
  }

  async remove(name: string, id: string): Promise<Record<string, never>> {
    await this.#records.remove(knownCollection(name), id);
    return {};
  }

  async restore(name: string, id: string): Promise<RecordRow> {
    const collection = knownCollection(name);
    return this.#shown(collection, await this.#records.restore(collection, id));
  }

  async #shown(collection: string, held: Held): Promise<RecordRow> {
    const mark = await this.#marks.of([held.row.id]);
    return toRecordRow(collection, held, mark(held.row.id));
  }
}
