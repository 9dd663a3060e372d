import { genesis } from '../../shared/audit/chain.ts';
import { RoadbookError } from '../../shared/errors.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { type Db, snapshot, type Tx } from './dialect.ts';
import { sha256 } from './environment.ts';
import type { Principal } from './principal.ts';

/** Most changes in one page; a page with fewer rows than asked for is fine. */
const MAX_CHANGES = 5_000;

/** A page as texts, so that rows need not be parsed and written again on their way out. */
export interface Page {
  /** JSON of rows, memberships and changes. */
  readonly rows: readonly string[];
  readonly memberships: readonly string[];
  readonly changes: readonly string[];
  readonly checkpoint: Checkpoint;
  readonly more: boolean;
  readonly totals?: Record<string, number>;
  readonly digests?: Record<string, string>;
}

/** Which life of the database this is. */
export interface Origin {
  /** New after every restore. */
  readonly epoch: string;
  /** Made once; audit chains start from it. */
  readonly incarnation: string;
}

interface Positions {
  readonly [bucket: string]: number;
}

/**
 * One page for one reader, all of it from one snapshot.
 * @param checkpoint of this epoch
 * @throws sync.bad_checkpoint
 */
export function readPage(
  db: Db,
  origin: Origin,
  principal: Principal,
  checkpoint: Checkpoint | null,
  limit: number,
): Promise<Page> {
  return snapshot(db, async (tx) => {
    const tenant = await tx
      .selectFrom('tenants')
      .select('counter')
      .where('id', '=', principal.tenant)
      .executeTakeFirstOrThrow();
    const reader = new Reader(tx, origin, principal, Number(tenant.counter));
    if (checkpoint !== null) await reader.check(checkpoint);
    const lost = await reader.lostBucket(checkpoint);
    if (checkpoint !== null && lost !== undefined) return reader.withdraw(checkpoint, lost, limit);
    return reader.page(checkpoint, limit);
  });
}

class Reader {
  readonly #tx: Tx;
  readonly #origin: Origin;
  readonly #principal: Principal;
  readonly #counter: number;
  #buckets: string[] = [];

  constructor(tx: Tx, origin: Origin, principal: Principal, counter: number) {
    this.#tx = tx;
    this.#origin = origin;
    this.#principal = principal;
    this.#counter = counter;
  }

  get #tenant(): string {
    return this.#principal.tenant;
  }

  /** A checkpoint must not be from the future and must stand on a head that this log has had. */
  async check(checkpoint: Checkpoint): Promise<void> {
    if (checkpoint.number > this.#counter) throw new RoadbookError('sync.bad_checkpoint');
    if (checkpoint.logRoot === this.#genesis()) return;
    const head = await this.#tx
      .selectFrom('audit_log')
      .select('number')
      .where('tenant', '=', this.#tenant)
      .where('hash', '=', checkpoint.logRoot)
      .where('number', '<=', checkpoint.number)
      .executeTakeFirst();
    if (head === undefined) throw new RoadbookError('sync.bad_checkpoint');
  }

  /** Reads the reader's buckets; names one that the device still holds and the user no longer sees. */
  async lostBucket(checkpoint: Checkpoint | null): Promise<string | undefined> {
    const memberships = await this.#tx
      .selectFrom('memberships')
      .select('bucket')
      .where('tenant', '=', this.#tenant)
      .where('user', '=', this.#principal.user)
      .execute();
    this.#buckets = memberships.map(({ bucket }) => bucket);
    return Object.keys(checkpoint?.buckets ?? {}).find((bucket) => !this.#buckets.includes(bucket));
  }

  /**
   * Takes a lost bucket from the device, newest rows first. The position moves down with each page; the bucket leaves
   * the checkpoint with its last row.
   */
  async withdraw(checkpoint: Checkpoint, bucket: string, limit: number): Promise<Page> {
    const gone = await this.#tx
      .selectFrom('bucket_log')
      .select(['collection', 'id', 'number'])
      .where('tenant', '=', this.#tenant)
      .where('bucket', '=', bucket)
      .where('number', '<=', checkpoint.buckets[bucket] ?? 0)
      .orderBy('number', 'desc')
      .limit(limit)
      .execute();
    const last = gone.at(-1);
    const { [bucket]: _left, ...others } = checkpoint.buckets;
    const rest =
      last === undefined || gone.length < limit ? others : { ...others, [bucket]: Number(last.number) - 1 };
    return {
      rows: [],
      memberships: gone.map((entry) =>
        membership(bucket, entry.collection, entry.id, 'remove', entry.number),
      ),
      changes: [],
      checkpoint: { ...checkpoint, buckets: rest },
      more: true,
    };
  }

  async page(checkpoint: Checkpoint | null, limit: number): Promise<Page> {
    const positions = Object.fromEntries(
      this.#buckets.map((bucket) => [bucket, checkpoint?.buckets[bucket] ?? 0]),
    );
    const historyFrom = checkpoint === null ? this.#counter : checkpoint.historyFrom;
    const from = Math.max(checkpoint?.number ?? this.#counter, historyFrom ?? 0);
    const end = Math.min(await this.#endOfRows(positions, limit), await this.#endOfChanges(from));
    const more = end < this.#counter;
    const { rows, memberships } = await this.#rows(positions, end);
    const number = Math.max(checkpoint?.number ?? 0, end);
    return {
      rows,
      memberships,
      changes: await this.#changes(from, end),
      checkpoint: {
        epoch: this.#origin.epoch,
        number,
        logRoot: await this.#logRoot(number),
        buckets: Object.fromEntries(
          Object.entries(positions).map(([bucket, position]) => [bucket, Math.max(position, end)]),
        ),
        // Only while it still keeps something away.
        ...(historyFrom !== undefined && historyFrom > number ? { historyFrom } : {}),
      },
      more,
      ...(checkpoint === null ? { totals: await this.#totals() } : {}),
      ...(more ? {} : { digests: await this.#digests() }),
    };
  }

  /** End of the group in which the last wanted row lies; the counter when fewer rows are left. */
  async #endOfRows(positions: Positions, limit: number): Promise<number> {
    if (this.#buckets.length === 0) return this.#counter;
    const last = await this.#entries(positions)
      .select('bucket_log.group_end')
      .orderBy('bucket_log.number')
      .limit(1)
      .offset(limit - 1)
      .executeTakeFirst();
    return last === undefined ? this.#counter : Number(last.group_end);
  }

  async #endOfChanges(from: number): Promise<number> {
    const last = await this.#tx
      .selectFrom('audit_log')
      .select('number')
      .where('tenant', '=', this.#tenant)
      .where('number', '>', from)
      .orderBy('number')
      .limit(1)
      .offset(MAX_CHANGES - 1)
      .executeTakeFirst();
    return last === undefined ? this.#counter : Number(last.number);
  }

  #entries(positions: Positions) {
    return this.#tx
      .selectFrom('bucket_log')
      .where('bucket_log.tenant', '=', this.#tenant)
      .where((eb) =>
        eb.or(
          Object.entries(positions).map(([bucket, position]) =>
            eb.and([eb('bucket_log.bucket', '=', bucket), eb('bucket_log.number', '>', position)]),
          ),
        ),
      );
  }

  async #rows(positions: Positions, end: number): Promise<Pick<Page, 'rows' | 'memberships'>> {
    if (this.#buckets.length === 0) return { rows: [], memberships: [] };
    const entries = await this.#entries(positions)
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
      if (entry.op === 'put' && entry.json !== null) rows.set(entry.id, entry.json);
    }
    return { rows: [...rows.values()], memberships };
  }

  async #changes(from: number, end: number): Promise<string[]> {
    if (end <= from) return [];
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
      .orderBy('audit_log.number')
      .orderBy('audit_log.seq')
      .execute();
    return changes.map(({ json }) => json);
  }

  async #logRoot(number: number): Promise<string> {
    const head = await this.#tx
      .selectFrom('audit_log')
      .select('hash')
      .where('tenant', '=', this.#tenant)
      .where('number', '<=', number)
      .orderBy('number', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return head?.hash ?? this.#genesis();
  }

  #genesis(): string {
    return genesis(this.#tenant, this.#origin.incarnation, sha256);
  }

  async #totals(): Promise<Record<string, number>> {
    const totals = await this.#tx
      .selectFrom('rows')
      .select((eb) => ['collection', eb.fn.countAll<number>().as('count')])
      .where('tenant', '=', this.#tenant)
      .where('deleted', '=', 0)
      .groupBy('collection')
      .execute();
    return Object.fromEntries(totals.map(({ collection, count }) => [collection, Number(count)]));
  }

  async #digests(): Promise<Record<string, string>> {
    const digests = await this.#tx
      .selectFrom('bucket_digests')
      .select(['bucket', 'digest'])
      .where('tenant', '=', this.#tenant)
      .where('bucket', 'in', this.#buckets)
      .execute();
    return Object.fromEntries(digests.map(({ bucket, digest }) => [bucket, digest]));
  }
}

/** Ids, buckets and names of collections need no escaping in JSON. */
function membership(bucket: string, collection: string, id: string, op: string, number: number): string {
  return `{"bucket":"${bucket}","collection":"${collection}","id":"${id}","op":"${op}","number":${number}}`;
}
