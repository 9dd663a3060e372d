import { RoadbookError } from '../../shared/errors.ts';
import type { Checkpoint, WireViewer } from '../../shared/sync/wire.ts';
import { BucketReader } from './bucket-reader.ts';
import { type Db, snapshot, type Tx } from './dialect.ts';
import { LogReader } from './log-reader.ts';
import type { Principal } from './principal.ts';
import { type Sight, sightOf } from './sight.ts';

/** A page as texts, so that rows need not be parsed and written again on their way out. */
export interface Page {
  /** JSON of rows, memberships and changes. */
  readonly rows: readonly string[];
  readonly memberships: readonly string[];
  readonly changes: readonly string[];
  /** What the reader is by now. */
  readonly viewer: WireViewer;
  /** Buckets that the device has and the reader sees no more. */
  readonly lost: readonly string[];
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
    const reader = new Reader(tx, origin, principal, await sightOf(tx, principal), Number(tenant.counter));
    if (checkpoint !== null) await reader.check(checkpoint);
    return reader.page(checkpoint, limit);
  });
}

class Reader {
  readonly #tx: Tx;
  readonly #origin: Origin;
  readonly #tenant: string;
  readonly #sight: Sight;
  readonly #counter: number;
  readonly #log: LogReader;

  constructor(tx: Tx, origin: Origin, principal: Principal, sight: Sight, counter: number) {
    this.#tx = tx;
    this.#origin = origin;
    this.#tenant = principal.tenant;
    this.#sight = sight;
    this.#counter = counter;
    this.#log = new LogReader(tx, principal.tenant, origin.incarnation);
  }

  /** A checkpoint must not be from the future and must stand on a head that this log has had. */
  async check(checkpoint: Checkpoint): Promise<void> {
    if (checkpoint.number > this.#counter) throw new RoadbookError('sync.bad_checkpoint');
    const known = await this.#log.hasHead(checkpoint.logRoot, checkpoint.number);
    if (!known) throw new RoadbookError('sync.bad_checkpoint');
  }

  async page(checkpoint: Checkpoint | null, limit: number): Promise<Page> {
    const sight = this.#sight;
    const { lost, positions } = this.#standing(checkpoint);
    const historyFrom = checkpoint === null ? this.#counter : checkpoint.historyFrom;
    const from = Math.max(checkpoint?.number ?? this.#counter, historyFrom ?? 0);
    const buckets = new BucketReader(this.#tx, this.#tenant, positions, sight.projection);
    const end = Math.min(
      (await buckets.endOfRows(limit)) ?? this.#counter,
      (await this.#log.endOfChanges(from)) ?? this.#counter,
    );
    const more = end < this.#counter;
    const { rows, memberships } = await buckets.rows(end);
    const number = Math.max(checkpoint?.number ?? 0, end);
    return {
      viewer: sight.viewer,
      lost,
      rows,
      memberships,
      changes: await this.#log.changes(from, end, sight),
      checkpoint: {
        epoch: this.#origin.epoch,
        number,
        logRoot: await this.#log.head(number),
        buckets: Object.fromEntries(
          Object.entries(positions).map(([bucket, position]) => [bucket, Math.max(position, end)]),
        ),
        ...(sight.projection === '' ? {} : { projection: sight.projection }),
        // Only while it still keeps something away.
        ...(historyFrom !== undefined && historyFrom > number ? { historyFrom } : {}),
      },
      more,
      ...(checkpoint === null ? { totals: await buckets.totals() } : {}),
      ...(more ? {} : { digests: await buckets.digests() }),
    };
  }

  /**
   * Where the reader stands in each bucket that they see now, and what they are to let go. Rows that came with other
   * fields than the reader holds by now are let go altogether and sent anew.
   */
  #standing(checkpoint: Checkpoint | null): { lost: string[]; positions: Record<string, number> } {
    const { buckets, projection } = this.#sight;
    const held = checkpoint?.buckets ?? {};
    const otherFields = checkpoint !== null && (checkpoint.projection ?? '') !== projection;
    return {
      lost: Object.keys(held).filter((bucket) => otherFields || !buckets.includes(bucket)),
      positions: Object.fromEntries(buckets.map((bucket) => [bucket, otherFields ? 0 : (held[bucket] ?? 0)])),
    };
  }
}
