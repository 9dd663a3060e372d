import { genesis } from '../../shared/audit/chain.ts';
import { companyBucket } from '../../shared/rules/reach.ts';
import type { Tx } from './dialect.ts';
import { sha256 } from './environment.ts';
import { Projector, type Sight } from './sight.ts';

/** Most changes in one page; a page with fewer rows than asked for is fine. */
const MAX_CHANGES = 5_000;

/** The company's audit log as a device follows it, read in one snapshot. */
export class LogReader {
  readonly #tx: Tx;
  readonly #tenant: string;
  readonly #genesis: string;

  /** @param incarnation of the database; its chain starts from it */
  constructor(tx: Tx, tenant: string, incarnation: string) {
    this.#tx = tx;
    this.#tenant = tenant;
    this.#genesis = genesis(tenant, incarnation, sha256);
  }

  /** Whether the log has had this head at or before a number. */
  async hasHead(logRoot: string, number: number): Promise<boolean> {
    if (logRoot === this.#genesis) return true;
    const head = await this.#tx
      .selectFrom('audit_log')
      .select('number')
      .where('tenant', '=', this.#tenant)
      .where('hash', '=', logRoot)
      .where('number', '<=', number)
      .executeTakeFirst();
    return head !== undefined;
  }

  /** Number at which a page that starts above `from` has enough changes; undefined when fewer are left. */
  async endOfChanges(from: number): Promise<number | undefined> {
    const last = await this.#tx
      .selectFrom('audit_log')
      .select('number')
      .where('tenant', '=', this.#tenant)
      .where('number', '>', from)
      .orderBy('number')
      .limit(1)
      .offset(MAX_CHANGES - 1)
      .executeTakeFirst();
    return last === undefined ? undefined : Number(last.number);
  }

  /** Changes above one number up to another that the reader may see, in their order, as JSON. */
  async changes(from: number, end: number, sight: Sight): Promise<string[]> {
    if (end <= from) return [];
    const whole = sight.buckets.includes(companyBucket(this.#tenant));
    const changes = await this.#tx
      .selectFrom('audit_log')
      .innerJoin('audit_values', (join) =>
        join
          .onRef('audit_values.tenant', '=', 'audit_log.tenant')
          .onRef('audit_values.seq', '=', 'audit_log.seq'),
      )
      .select('audit_values.json')
      .where('audit_log.tenant', '=', this.#tenant)
      .where('audit_log.number', '>', from)
      .where('audit_log.number', '<=', end)
      .where('audit_log.kind', '=', 'change')
      .$if(!whole, (query) =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('bucket_log')
              .select('bucket_log.id')
              .whereRef('bucket_log.tenant', '=', 'audit_log.tenant')
              .whereRef('bucket_log.id', '=', 'audit_log.record')
              .where('bucket_log.bucket', 'in', sight.buckets)
              .where('bucket_log.op', '=', 'put'),
          ),
        ),
      )
      .orderBy('audit_log.number')
      .orderBy('audit_log.seq')
      .execute();
    const projector = new Projector(sight.projection);
    return changes.flatMap(({ json }) => projector.change(json) ?? []);
  }

  /** Head of the chain at a number. */
  async head(number: number): Promise<string> {
    const head = await this.#tx
      .selectFrom('audit_log')
      .select('hash')
      .where('tenant', '=', this.#tenant)
      .where('number', '<=', number)
      .orderBy('number', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return head?.hash ?? this.#genesis;
  }
}
