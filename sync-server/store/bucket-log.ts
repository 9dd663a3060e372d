import type { CollectionName } from '../../shared/model/index.ts';
import { leftOut, projections } from '../../shared/rules/permissions.ts';
import { bucketsOfRow } from '../../shared/rules/reach.ts';
import { addDigest, EMPTY_DIGEST, subtractDigest, wireRowDigest } from '../../shared/sync/digest.ts';
import type { WireRow } from '../../shared/sync/wire.ts';
import { chunks, type Tx } from './dialect.ts';
import { sha256 } from './environment.ts';
import type { BucketLogTable } from './schema.ts';
import { project, type Sight } from './sight.ts';
import type { WorkingRow } from './working-row.ts';

type Place = Pick<BucketLogTable, 'number' | 'group_end'>;

/** The digest of one row in each projection. */
export class RowDigests {
  readonly #byProjection: ReadonlyMap<string, string>;

  constructor(wire: WireRow) {
    const collection = wire.collection as CollectionName;
    const whole = wire.deleted ? EMPTY_DIGEST : wireRowDigest(wire, sha256);
    this.#byProjection = new Map(
      projections.map((projection) => {
        const same = wire.deleted || leftOut(projection, collection).length === 0;
        return [projection, same ? whole : wireRowDigest(project(projection, wire), sha256)];
      }),
    );
  }

  of(projection: string): string {
    return this.#byProjection.get(projection) ?? EMPTY_DIGEST;
  }

  /** JSON of those that differ from the whole row's; null where none does. */
  others(): string | null {
    const whole = this.of('');
    const others = [...this.#byProjection].filter(([, digest]) => digest !== whole);
    return others.length === 0 ? null : JSON.stringify(Object.fromEntries(others));
  }
}

/** What one commit does to the buckets: entries of the log, digests, and how far each bucket is. */
export class BucketLog {
  readonly #tx: Tx;
  readonly #tenant: string;
  readonly #maker: Sight | undefined;
  readonly #entries = new Map<string, BucketLogTable>();
  /** What is taken from and given to the digest of each bucket and projection. */
  readonly #moves: { bucket: string; projection: string; from: string; to: string }[] = [];

  /** @param maker what the person sees whose group this is; undefined for what no device has sent */
  constructor(tx: Tx, tenant: string, maker?: Sight) {
    this.#tx = tx;
    this.#tenant = tenant;
    this.#maker = maker;
  }

  /**
   * A row as it is now: put into each bucket that is a reason to see it, removed from those that were one. One that
   * somebody made for others and does not see is taken from their own bucket: their device, which made it, lets it go.
   */
  moved(working: WorkingRow, digests: RowDigests, place: Place): void {
    const { entity, row, storedRev, storedBuckets, storedDigests, deleted } = working;
    const now = bucketsOfRow(row, entity.name as CollectionName);
    for (const bucket of new Set([...now, ...storedBuckets])) {
      const stays = now.includes(bucket);
      this.#enter(bucket, place, entity.name, row.id, stays ? 'put' : 'remove');
      const was = storedBuckets.includes(bucket) ? storedDigests : null;
      for (const projection of projections) {
        const from = was === null ? EMPTY_DIGEST : was(projection);
        const to = stays && !deleted ? digests.of(projection) : EMPTY_DIGEST;
        this.#moves.push({ bucket, projection, from, to });
      }
    }
    if (storedRev === 0 && this.#maker?.covers(now) === false) {
      this.#enter(this.#maker.own, place, entity.name, row.id, 'remove');
    }
  }

  async write(): Promise<void> {
    await this.#writeEntries();
    await this.#writeHeads();
    await this.#writeDigests();
  }

  #enter(bucket: string, place: Place, collection: string, id: string, op: 'put' | 'remove'): void {
    const { number, group_end } = place;
    this.#entries.set(`${bucket} ${id}`, {
      tenant: this.#tenant,
      bucket,
      number,
      group_end,
      collection,
      id,
      op,
    });
  }

  async #writeEntries(): Promise<void> {
    for (const part of chunks([...this.#entries.values()])) {
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
  }

  async #writeHeads(): Promise<void> {
    const heads = new Map<string, number>();
    for (const { bucket, group_end } of this.#entries.values()) heads.set(bucket, group_end);
    const rows = [...heads].map(([bucket, number]) => ({ tenant: this.#tenant, bucket, number }));
    for (const part of chunks(rows)) {
      await this.#tx
        .insertInto('buckets')
        .values(part)
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'bucket']).doUpdateSet((eb) => ({ number: eb.ref('excluded.number') })),
        )
        .execute();
    }
  }

  async #writeDigests(): Promise<void> {
    const sums = await this.#digests();
    for (const { bucket, projection, from, to } of this.#moves) {
      const key = `${bucket} ${projection}`;
      sums.set(key, addDigest(subtractDigest(sums.get(key) ?? EMPTY_DIGEST, from), to));
    }
    const rows = [...sums].map(([key, digest]) => {
      const [bucket = '', projection = ''] = key.split(' ');
      return { tenant: this.#tenant, bucket, projection, digest };
    });
    for (const part of chunks(rows)) {
      await this.#tx
        .insertInto('bucket_digests')
        .values(part)
        .onConflict((conflict) =>
          conflict
            .columns(['tenant', 'bucket', 'projection'])
            .doUpdateSet((eb) => ({ digest: eb.ref('excluded.digest') })),
        )
        .execute();
    }
  }

  async #digests(): Promise<Map<string, string>> {
    const buckets = [...new Set(this.#moves.map(({ bucket }) => bucket))];
    const sums = new Map<string, string>();
    for (const part of chunks(
      buckets.map((bucket) => ({ bucket })),
      500,
    )) {
      const found = await this.#tx
        .selectFrom('bucket_digests')
        .select(['bucket', 'projection', 'digest'])
        .where('tenant', '=', this.#tenant)
        .where(
          'bucket',
          'in',
          part.map(({ bucket }) => bucket),
        )
        .execute();
      for (const { bucket, projection, digest } of found) sums.set(`${bucket} ${projection}`, digest);
    }
    return sums;
  }
}
