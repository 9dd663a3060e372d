import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../store/dialect.ts';
import type { Principal } from '../store/principal.ts';
import type { SyncLogTable } from '../store/schema.ts';
import type { Step } from './steps.ts';

export type SyncLine = Selectable<SyncLogTable>;

/** What one request adds to the line of its exchange; counts are added up, the rest replaces. */
export interface Part {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly counts: Partial<Record<Count, number>>;
  readonly waiting?: number;
  readonly deviceMillis?: number;
  readonly position?: number;
  /** HTTP status of the request. */
  readonly status: number;
  /** Code of the catalogue; '' when all went well. */
  readonly error: string;
  readonly steps: readonly Step[];
}

export type Count = (typeof counts)[number];
const counts = [
  'pushes',
  'pulls',
  'groups',
  'rows_in',
  'rows_out',
  'changes',
  'accepted',
  'superseded',
  'conflicts',
  'refusals',
  'undecided',
  'mismatches',
  'bytes_in',
  'bytes_out',
  'millis',
] as const;

/** Steps kept per exchange: an initial sync has hundreds of pages that all say the same. */
const MAX_STEPS = 60;

export interface LineFilter {
  readonly user?: string;
  readonly device?: string;
  readonly exchange?: string;
  /** Instant; lines that ended at or after it. */
  readonly since?: string;
  /** Only lines that need a person or failed. */
  readonly problem?: boolean;
  /** Id of the last line of the page before. */
  readonly before?: number;
  readonly limit: number;
}

/** One line per exchange: who synced, from where, what came in and went out, what needs a person. */
export class SyncLog {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Adds a request to its exchange and returns the line as it is now. */
  async add(principal: Principal, exchange: string, address: string, part: Part): Promise<SyncLine> {
    return this.#db.transaction().execute(async (tx) => {
      await tx
        .insertInto('sync_log')
        .values(emptyLine(principal, exchange, address, part))
        // Writing over the line that is there locks it: two requests of one exchange add up one after the other.
        .onConflict((conflict) =>
          conflict
            .columns(['tenant', 'device', 'exchange'])
            .doUpdateSet((eb) => ({ exchange: eb.ref('excluded.exchange') })),
        )
        .execute();
      const line = await tx
        .selectFrom('sync_log')
        .selectAll()
        .where('tenant', '=', principal.tenant)
        .where('device', '=', principal.device)
        .where('exchange', '=', exchange)
        .executeTakeFirstOrThrow();
      const after = merged(line, part);
      const { id, ...values } = after;
      await tx.updateTable('sync_log').set(values).where('id', '=', id).execute();
      await tx
        .updateTable('devices')
        .set({
          last_seen_at: part.endedAt,
          ...(part.waiting === undefined ? {} : { waiting: part.waiting }),
          ...(part.position === undefined ? {} : { position: part.position, last_sync_at: part.endedAt }),
        })
        .where('tenant', '=', principal.tenant)
        .where('id', '=', principal.device)
        .execute();
      return after;
    });
  }

  /** Newest first. */
  lines(tenant: string, filter: LineFilter): Promise<SyncLine[]> {
    let query = this.#db.selectFrom('sync_log').selectAll().where('tenant', '=', tenant);
    if (filter.user !== undefined) query = query.where('user', '=', filter.user);
    if (filter.device !== undefined) query = query.where('device', '=', filter.device);
    if (filter.exchange !== undefined) query = query.where('exchange', '=', filter.exchange);
    if (filter.since !== undefined) query = query.where('ended_at', '>=', filter.since);
    if (filter.before !== undefined) query = query.where('id', '<', filter.before);
    if (filter.problem === true) {
      query = query.where((eb) =>
        eb.or([
          eb('conflicts', '>', 0),
          eb('refusals', '>', 0),
          eb('undecided', '>', 0),
          eb('mismatches', '>', 0),
          eb('error', '<>', ''),
        ]),
      );
    }
    return query.orderBy('id', 'desc').limit(filter.limit).execute();
  }
}

function emptyLine(
  principal: Principal,
  exchange: string,
  address: string,
  part: Part,
): Insertable<SyncLogTable> {
  return {
    tenant: principal.tenant,
    exchange,
    device: principal.device,
    device_name: principal.deviceName,
    app: principal.app,
    user: principal.user,
    user_name: principal.userName,
    address,
    started_at: part.startedAt,
    ended_at: part.endedAt,
    ...(Object.fromEntries(counts.map((name) => [name, 0])) as Record<Count, number>),
    waiting: 0,
    device_millis: 0,
    position: 0,
    status: 200,
    error: '',
    steps: '[]',
  };
}

function merged(line: SyncLine, part: Part): SyncLine {
  const sums = Object.fromEntries(
    counts.map((name) => [name, Number(line[name]) + (part.counts[name] ?? 0)]),
  ) as Record<Count, number>;
  const steps = [...(JSON.parse(line.steps) as Step[]), ...part.steps];
  const kept = steps.length <= MAX_STEPS ? steps : [...steps.slice(0, MAX_STEPS - 1), ...steps.slice(-1)];
  return {
    ...line,
    ...sums,
    ended_at: part.endedAt,
    waiting: part.waiting ?? line.waiting,
    device_millis: part.deviceMillis ?? line.device_millis,
    position: part.position ?? line.position,
    status: part.error === '' ? line.status : part.status,
    error: part.error === '' ? line.error : part.error,
    steps: JSON.stringify(kept),
  };
}
