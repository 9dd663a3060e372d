import { RoadbookError } from '../../shared/errors.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { BucketReader, membership } from './bucket-reader.ts';
import { type Db, snapshot, type Tx } from './dialect.ts';
import { LogReader } from './log-reader.ts';
import type { Principal } from './principal.ts';

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
  readonly #log: LogReader;
  #buckets: string[] = [];

  constructor(tx: Tx, origin: Origin, principal: Principal, counter: number) {
    this.#tx = tx;
    this.#origin = origin;
    this.#principal = principal;
    this.#counter = counter;
    this.#log = new LogReader(tx, principal.tenant, origin.incarnation);
  }

  get #tenant(): string {
    return this.#principal.tenant;
  }

  /** A checkpoint must not be from the future and must stand on a head that this log has had. */
  async check(checkpoint: Checkpoint): Promise<void> {
    if (checkpoint.number > this.#counter) throw new RoadbookError('sync.bad_checkpoint');
    const known = await this.#log.hasHead(checkpoint.logRoot, checkpoint.number);
    if (!known) throw new RoadbookError('sync.bad_checkpoint');
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
    const buckets = new BucketReader(this.#tx, this.#tenant, positions);
    const end = Math.min(
      (await buckets.endOfRows(limit)) ?? this.#counter,
      (await this.#log.endOfChanges(from)) ?? this.#counter,
    );
    const more = end < this.#counter;
    const { rows, memberships } = await buckets.rows(end);
    const number = Math.max(checkpoint?.number ?? 0, end);
    return {
      rows,
      memberships,
      changes: await this.#log.changes(from, end),
      checkpoint: {
        epoch: this.#origin.epoch,
        number,
        logRoot: await this.#log.head(number),
        buckets: Object.fromEntries(
          Object.entries(positions).map(([bucket, position]) => [bucket, Math.max(position, end)]),
        ),
        // Only while it still keeps something away.
        ...(historyFrom !== undefined && historyFrom > number ? { historyFrom } : {}),
      },
      more,
      ...(checkpoint === null ? { totals: await this.#totals() } : {}),
      ...(more ? {} : { digests: await buckets.digests() }),
    };
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
}
