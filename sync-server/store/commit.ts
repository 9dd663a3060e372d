import { leafHash, linkHash } from '../../shared/audit/chain.ts';
import { addDigest, EMPTY_DIGEST, subtractDigest, wireRowDigest } from '../../shared/sync/digest.ts';
import type { Change } from '../../shared/sync/wire.ts';
import { bucketsOfRow } from './buckets.ts';
import { chunks, type Tx } from './dialect.ts';
import { type Environment, hex, instant, sha256 } from './environment.ts';
import type { AuditLogTable, AuditValuesTable, BucketLogTable, RowsTable } from './schema.ts';
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
  readonly #entries: { kind: string; values: (number: number) => unknown }[] = [];

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
    this.#entries.push({ kind: 'change', values: (number) => ({ ...change, number }) });
  }

  /** An entry of the audit log that is no change of a field: a sign-in, an import. */
  entry(kind: string, values: Record<string, unknown>): void {
    this.#entries.push({ kind, values: () => values });
  }

  /**
   * Writes rows, bucket log, digests and audit entries.
   * @returns the commit number of the end of the group; the old counter when neither a row nor a change was written
   */
  async finish(rows: readonly WorkingRow[]): Promise<number> {
    const changed = rows.filter((row) => row.dirty);
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
    const tenant = this.tenant;
    const records: RowsTable[] = [];
    const log: BucketLogTable[] = [];
    const sums = await this.#digests();
    let number = this.#counter;
    for (const working of rows) {
      number += 1;
      const rev = working.storedRev + 1;
      const wire = toWire(working, rev);
      const digest = working.deleted ? EMPTY_DIGEST : wireRowDigest(wire, sha256);
      const name = working.entity.title(working.row.body);
      records.push({
        tenant,
        id: wire.id,
        collection: wire.collection,
        rev,
        number,
        deleted: working.deleted ? 1 : 0,
        name,
        digest,
        json: JSON.stringify(wire),
        clocks: JSON.stringify(working.clocks),
        kept: working.deleted
          ? JSON.stringify({ ...toWire({ ...working, deleted: false }, rev), deleted: true })
          : null,
      });
      for (const bucket of bucketsOfRow(tenant)) {
        log.push({
          tenant,
          bucket,
          number,
          group_end: end,
          collection: wire.collection,
          id: wire.id,
          op: 'put',
        });
        let sum = sums.get(bucket) ?? EMPTY_DIGEST;
        if (working.storedDigest !== null) sum = subtractDigest(sum, working.storedDigest);
        if (!working.deleted) sum = addDigest(sum, digest);
        sums.set(bucket, sum);
      }
    }
    await this.#insert(records, log, sums);
  }

  async #digests(): Promise<Map<string, string>> {
    const sums = await this.#tx
      .selectFrom('bucket_digests')
      .select(['bucket', 'digest'])
      .where('tenant', '=', this.tenant)
      .where('bucket', 'in', bucketsOfRow(this.tenant))
      .execute();
    return new Map(sums.map(({ bucket, digest }) => [bucket, digest]));
  }

  async #insert(records: RowsTable[], log: BucketLogTable[], sums: Map<string, string>): Promise<void> {
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
            json: eb.ref('excluded.json'),
            clocks: eb.ref('excluded.clocks'),
            kept: eb.ref('excluded.kept'),
          })),
        )
        .execute();
    }
    for (const part of chunks(log)) {
      await this.#tx
        .insertInto('bucket_log')
        .values(part)
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'bucket', 'id']).doUpdateSet((eb) => ({
            number: eb.ref('excluded.number'),
            group_end: eb.ref('excluded.group_end'),
            op: eb.ref('excluded.op'),
          })),
        )
        .execute();
    }
    const digests = [...sums].map(([bucket, digest]) => ({ tenant: this.tenant, bucket, digest }));
    await this.#tx
      .insertInto('bucket_digests')
      .values(digests)
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'bucket']).doUpdateSet((eb) => ({ digest: eb.ref('excluded.digest') })),
      )
      .execute();
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
