import type { Tx } from './dialect.ts';
import { Projector } from './sight.ts';

/** How far a reader is in each of their buckets. */
export interface Positions {
  readonly [bucket: string]: number;
}

/** What the bucket log holds for a reader above their positions, read in one snapshot. */
export class BucketReader {
  readonly #tx: Tx;
  readonly #tenant: string;
  readonly #positions: Positions;
  readonly #projection: string;
  readonly #projector: Projector;

  /** @param projection the fields that the reader holds */
  constructor(tx: Tx, tenant: string, positions: Positions, projection: string) {
    this.#tx = tx;
    this.#tenant = tenant;
    this.#positions = positions;
    this.#projection = projection;
    this.#projector = new Projector(projection);
  }

  get #buckets(): string[] {
    return Object.keys(this.#positions);
  }

  /** End of the group in which the last wanted row lies; undefined when fewer rows are left. */
  async endOfRows(limit: number): Promise<number | undefined> {
    if (this.#buckets.length === 0) return undefined;
    const last = await this.#entries()
      .select('bucket_log.group_end')
      .orderBy('bucket_log.number')
      .limit(1)
      .offset(limit - 1)
      .executeTakeFirst();
    return last === undefined ? undefined : Number(last.group_end);
  }

  /** Rows and memberships up to a number, as JSON. */
  async rows(end: number): Promise<{ rows: string[]; memberships: string[] }> {
    if (this.#buckets.length === 0) return { rows: [], memberships: [] };
    const entries = await this.#entries()
      .leftJoin('rows', (join) =>
        join.onRef('rows.tenant', '=', 'bucket_log.tenant').onRef('rows.id', '=', 'bucket_log.id'),
      )
      .select([
        'bucket_log.bucket',
        'bucket_log.collection',
        'bucket_log.id',
        'bucket_log.op',
        'bucket_log.number',
        'rows.json',
      ])
      .where('bucket_log.number', '<=', end)
      .orderBy('bucket_log.number')
      .execute();
    const rows = new Map<string, string>();
    const memberships: string[] = [];
    for (const entry of entries) {
      memberships.push(membership(entry.bucket, entry.collection, entry.id, entry.op, entry.number));
      if (entry.op !== 'put' || entry.json === null) continue;
      rows.set(entry.id, this.#projector.row(entry.json, entry.collection));
    }
    return { rows: [...rows.values()], memberships };
  }

  async digests(): Promise<Record<string, string>> {
    const digests = await this.#tx
      .selectFrom('bucket_digests')
      .select(['bucket', 'digest'])
      .where('tenant', '=', this.#tenant)
      .where('projection', '=', this.#projection)
      .where('bucket', 'in', this.#buckets)
      .execute();
    return Object.fromEntries(digests.map(({ bucket, digest }) => [bucket, digest]));
  }

  /** Live rows that the reader sees, per collection. */
  async totals(): Promise<Record<string, number>> {
    const totals = await this.#tx
      .selectFrom('bucket_log')
      .innerJoin('rows', (join) =>
        join.onRef('rows.tenant', '=', 'bucket_log.tenant').onRef('rows.id', '=', 'bucket_log.id'),
      )
      .select((eb) => ['bucket_log.collection', eb.fn.count<number>('bucket_log.id').distinct().as('count')])
      .where('bucket_log.tenant', '=', this.#tenant)
      .where('bucket_log.bucket', 'in', this.#buckets)
      .where('bucket_log.op', '=', 'put')
      .where('rows.deleted', '=', 0)
      .groupBy('bucket_log.collection')
      .execute();
    return Object.fromEntries(totals.map(({ collection, count }) => [collection, Number(count)]));
  }

  #entries() {
    return this.#tx
      .selectFrom('bucket_log')
      .where('bucket_log.tenant', '=', this.#tenant)
      .where((eb) =>
        eb.or(
          Object.entries(this.#positions).map(([bucket, position]) =>
            eb.and([eb('bucket_log.bucket', '=', bucket), eb('bucket_log.number', '>', position)]),
          ),
        ),
      );
  }
}

/** Ids, buckets and names of collections need no escaping in JSON. */
function membership(bucket: string, collection: string, id: string, op: string, number: number): string {
  return `{"bucket":"${bucket}","collection":"${collection}","id":"${id}","op":"${op}","number":${number}}`;
}
