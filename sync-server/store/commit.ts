import { leafHash, linkHash } from '../../shared/audit/chain.ts';
import type { Change } from '../../shared/sync/wire.ts';
import { keepAreas } from './areas.ts';
import { BucketLog, RowDigests } from './bucket-log.ts';
import { chunks, type Tx } from './dialect.ts';
import { type Environment, hex, instant, sha256 } from './environment.ts';
import { itemsThatFollow } from './followers.ts';
import type { AuditLogTable, AuditValuesTable, RowsTable } from './schema.ts';
import type { Sight } from './sight.ts';
import { toWire, type WorkingRow } from './working-row.ts';

/** A change before it has its commit number. */
export type NewChange = Omit<Change, 'number'>;

/**
 * One numbered write to a company's rows. It locks the commit counter first, so that of two writers the second waits
 * and a later number can never become visible before an earlier one.
 */
export class Commit {
  readonly tenant: string;
  readonly #tx: Tx;
  readonly #env: Environment;
  readonly #counter: number;
  #logSeq: number;
  #logHead: string;
  readonly #entries: { kind: string; record: string | null; values: (number: number) => unknown }[] = [];
  #maker: Sight | undefined;

  private constructor(
    tx: Tx,
    env: Environment,
    tenant: string,
    locked: { counter: number; log_seq: number; log_head: string },
  ) {
    this.#tx = tx;
    this.#env = env;
    this.tenant = tenant;
    this.#counter = Number(locked.counter);
    this.#logSeq = Number(locked.log_seq);
    this.#logHead = locked.log_head;
  }

  /** Must be the first statement of the transaction: anything read before it could be old by now. */
  static async begin(tx: Tx, env: Environment, tenant: string): Promise<Commit> {
    const locked = await tx
      .updateTable('tenants')
      .set((eb) => ({ counter: eb.ref('counter') }))
      .where('id', '=', tenant)
      .returning(['counter', 'log_seq', 'log_head'])
      .executeTakeFirstOrThrow();
    return new Commit(tx, env, tenant, locked);
  }

  change(change: NewChange): void {
    const values = (number: number) => ({ ...change, number });
    this.#entries.push({ kind: 'change', record: change.record, values });
  }

  /** An entry of the audit log that is no change of a field: a sign-in, an import. */
  entry(kind: string, values: Record<string, unknown>): void {
    this.#entries.push({ kind, record: null, values: () => values });
  }

  /** Whose group this is: a row that they make and then do not see is taken from their device again. */
  madeBy(sight: Sight): void {
    this.#maker = sight;
  }

  /**
   * Writes rows, bucket log, digests and audit entries.
   * @returns the commit number of the end of the group; the old counter when neither a row nor a change was written
   */
  async finish(rows: readonly WorkingRow[]): Promise<number> {
    const followers = await itemsThatFollow(this.#tx, this.tenant, rows);
    const changed = [...rows, ...followers].filter((row) => row.dirty);
    const hasChange = this.#entries.some((entry) => entry.kind === 'change');
    const end = this.#counter + Math.max(changed.length, hasChange ? 1 : 0);
    if (changed.length > 0) await this.#writeRows(changed, end);
    await this.#writeAudit(end);
    await this.#tx
      .updateTable('tenants')
      .set({ counter: end, log_seq: this.#logSeq, log_head: this.#logHead })
      .where('id', '=', this.tenant)
      .execute();
    return end;
  }

  async #writeRows(rows: readonly WorkingRow[], end: number): Promise<void> {
    const { tenant } = this;
    const records: RowsTable[] = [];
    const log = new BucketLog(this.#tx, tenant, this.#maker);
    let number = this.#counter;
    for (const working of rows) {
      number += 1;
      const rev = working.storedRev + 1;
      const wire = toWire(working, rev);
      const digests = new RowDigests(wire);
      records.push({
        tenant,
        id: wire.id,
        collection: wire.collection,
        rev,
        number,
        deleted: working.deleted ? 1 : 0,
        name: working.entity.title(working.row.body),
        digest: digests.of(''),
        digests: digests.others(),
        json: JSON.stringify(wire),
        clocks: JSON.stringify(working.clocks),
        kept: working.deleted
          ? JSON.stringify({ ...toWire({ ...working, deleted: false }, rev), deleted: true })
          : null,
      });
      log.moved(working, digests, { number, group_end: end });
    }
    await this.#insert(records);
    await log.write();
    await keepAreas(this.#tx, tenant, rows);
  }

  async #insert(records: RowsTable[]): Promise<void> {
    for (const part of chunks(records)) {
      await this.#tx
        .insertInto('rows')
        .values(part)
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'id']).doUpdateSet((eb) => ({
            rev: eb.ref('excluded.rev'),
            number: eb.ref('excluded.number'),
            deleted: eb.ref('excluded.deleted'),
            name: eb.ref('excluded.name'),
            digest: eb.ref('excluded.digest'),
            digests: eb.ref('excluded.digests'),
            json: eb.ref('excluded.json'),
            clocks: eb.ref('excluded.clocks'),
            kept: eb.ref('excluded.kept'),
          })),
        )
        .execute();
    }
  }

  async #writeAudit(number: number): Promise<void> {
    if (this.#entries.length === 0) return;
    const at = instant(this.#env.now());
    const links: AuditLogTable[] = [];
    const values: AuditValuesTable[] = [];
    for (const entry of this.#entries) {
      // Through JSON once, so that what is hashed is what can be read back.
      const json = JSON.stringify(entry.values(number));
      const salt = hex(this.#env.random(16));
      const leaf = leafHash(salt, JSON.parse(json), sha256);
      this.#logSeq += 1;
      this.#logHead = linkHash(this.#logHead, leaf, sha256);
      links.push({
        tenant: this.tenant,
        seq: this.#logSeq,
        number,
        kind: entry.kind,
        record: entry.record,
        leaf,
        hash: this.#logHead,
        at,
      });
      values.push({ tenant: this.tenant, seq: this.#logSeq, salt, json });
    }
    for (const part of chunks(links)) await this.#tx.insertInto('audit_log').values(part).execute();
    for (const part of chunks(values)) await this.#tx.insertInto('audit_values').values(part).execute();
  }
}
