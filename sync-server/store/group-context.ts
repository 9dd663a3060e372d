import { type ErrorCode, type ErrorDetails, RoadbookError } from '../../shared/errors.ts';
import type { Mutation, Refusal } from '../../shared/sync/wire.ts';
import type { NewChange } from './commit.ts';
import type { Tx } from './dialect.ts';
import type { Principal } from './principal.ts';
import type { Sight } from './sight.ts';
import { fromTable, loadRows, type WorkingRow } from './working-row.ts';

/** Everything that one group has touched while it is being decided. Nothing is written before all of it is right. */
export class GroupContext {
  readonly tx: Tx;
  readonly principal: Principal;
  readonly receivedAt: number;
  /** What the sender may see and so may touch. */
  readonly sight: Sight;
  readonly changes: NewChange[] = [];
  /** Fields that this group really changed, per record, with the mutation that did it. */
  readonly touched = new Map<string, Map<string, Mutation>>();
  /** Inbox items that this group itself opened. */
  readonly opened = new Set<string>();
  readonly #rows = new Map<string, WorkingRow>();
  /** Ids that were looked for and are not there. */
  readonly #missing = new Set<string>();

  constructor(tx: Tx, principal: Principal, sight: Sight, receivedAt: number) {
    this.tx = tx;
    this.sight = sight;
    this.principal = principal;
    this.receivedAt = receivedAt;
  }

  get rows(): readonly WorkingRow[] {
    return [...this.#rows.values()];
  }

  /** Reads the rows that a group names in one go. */
  async preload(ids: readonly string[]): Promise<void> {
    for (const working of await loadRows(this.tx, this.principal.tenant, [...new Set(ids)])) {
      this.#rows.set(working.row.id, working);
    }
    for (const id of ids) if (!this.#rows.has(id)) this.#missing.add(id);
  }

  async find(id: string): Promise<WorkingRow | undefined> {
    const known = this.#rows.get(id);
    if (known !== undefined || this.#missing.has(id)) return known;
    const stored = await this.tx
      .selectFrom('rows')
      .selectAll()
      .where('tenant', '=', this.principal.tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    if (stored === undefined) {
      this.#missing.add(id);
      return undefined;
    }
    const working = fromTable(this.principal.tenant, stored);
    this.#rows.set(id, working);
    return working;
  }

  add(working: WorkingRow): void {
    this.#missing.delete(working.row.id);
    this.#rows.set(working.row.id, working);
  }

  /** Notes that a field of a record was changed. */
  touch(working: WorkingRow, field: string, mutation: Mutation): void {
    working.dirty = true;
    const fields = this.touched.get(working.row.id) ?? new Map<string, Mutation>();
    fields.set(field, mutation);
    this.touched.set(working.row.id, fields);
  }
}

/** A group touches a record that its sender does not see (any more): it is kept for an admin, as a whole. */
export class OutOfSight extends Error {
  constructor() {
    super('out of sight');
    this.name = 'OutOfSight';
  }
}

/** A rule that one mutation breaks; the group falls with it. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(mutation: Mutation, field: string, code: ErrorCode, details: ErrorDetails = {}) {
    const error = new RoadbookError(code, details);
    super(code);
    this.name = 'Refused';
    this.refusal = {
      mutation: mutation.id,
      collection: mutation.collection,
      record: mutation.record,
      field,
      code,
      reason: error.message,
      hint: error.hint,
    };
  }
}
