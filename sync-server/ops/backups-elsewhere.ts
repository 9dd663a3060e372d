import { RoadbookError } from '../../shared/errors.ts';
import { isPostgres } from '../store/dialect.ts';
import { newEpoch } from '../store/meta.ts';
import type { Store } from '../store/store.ts';

/** How far each company is at a moment. A backup that begins later holds at least this. */
export interface Mark {
  readonly epoch: string;
  /** Commit number by company. */
  readonly through: Readonly<Record<string, number>>;
}

/** To be taken before a backup of the database begins. */
export async function takeMark(store: Store): Promise<Mark> {
  const tenants = await store.accounts.tenants();
  return {
    epoch: store.origin.epoch,
    through: Object.fromEntries(tenants.map(({ id, counter }) => [id, Number(counter)])),
  };
}

/**
 * Believes that a backup has been read back which began after the mark: devices may forget what they have sent up to it.
 * @returns companies whose devices may now forget more
 * @throws sync.epoch_changed for the mark of a database that was restored since; request.invalid for something else
 */
export async function backupHolds(store: Store, mark: unknown): Promise<number> {
  onlyPostgres(store);
  const { epoch, through } = readMark(mark);
  if (epoch !== store.origin.epoch) {
    throw new RoadbookError('sync.epoch_changed', { epoch: store.origin.epoch });
  }
  let moved = 0;
  for (const [tenant, number] of Object.entries(through)) {
    const { numUpdatedRows } = await store.db
      .updateTable('tenants')
      .set({ durable_through: number })
      .where('id', '=', tenant)
      .where('durable_through', '<', number)
      .where('counter', '>=', number)
      .executeTakeFirst();
    moved += Number(numUpdatedRows);
  }
  return moved;
}

/** After a backup was put back: devices send again what it may lack, and fetch everything anew. */
export async function wasRestored(store: Store): Promise<void> {
  onlyPostgres(store);
  await newEpoch(store.db, store.environment);
  // What this backup holds is in a backup: devices send again only what came after it.
  await store.db
    .updateTable('tenants')
    .set((eb) => ({ durable_through: eb.ref('counter') }))
    .execute();
}

function readMark(mark: unknown): Mark {
  const { epoch, through } = (mark ?? {}) as Partial<Mark>;
  const numbers = typeof through === 'object' && through !== null ? Object.values(through) : [Number.NaN];
  if (typeof epoch !== 'string' || !numbers.every(Number.isSafeInteger)) {
    throw new RoadbookError('request.invalid', { reason: 'this is no mark of “backup mark”' });
  }
  return { epoch, through: through ?? {} };
}

/** A file has backups of its own, which do all of this by themselves. */
function onlyPostgres({ db }: Store): void {
  if (!isPostgres(db)) throw new RoadbookError('server.backup_here');
}
