import { setImmediate as breath } from 'node:timers/promises';
import { instant } from '../store/environment.ts';
import type { Store } from '../store/store.ts';
import { pruneSessions, pruneTokens } from './prune-tokens.ts';

/** How long the server keeps what it needs only for a while. */
export interface Retention {
  /**
   * The longest time that a device may stay away, in days. What it sends again after that is no longer known as sent:
   * verdicts and processed mutations are kept as long.
   */
  readonly offlineDays: number;
  /** Days that a line of the sync log is kept, and a withdrawal after its receipt. */
  readonly logDays: number;
}

export interface Pruned {
  verdicts: number;
  mutations: number;
  lines: number;
  withdrawals: number;
  tokens: number;
  sessions: number;
}

const DAY = 86_400_000;
/** Rows deleted in one go, about a millisecond's work: requests come in between. */
const BATCH = 200;

/** Deletes what is older than the retention, and tokens and sessions that are over, in small batches. Records, history and the audit log are never touched. */
export async function prune(
  store: Store,
  retention: Retention,
  signal: AbortSignal,
  batch = BATCH,
): Promise<Pruned> {
  const now = store.environment.now();
  const log = instant(now - retention.logDays * DAY);
  const pruned: Pruned = { verdicts: 0, mutations: 0, lines: 0, withdrawals: 0, tokens: 0, sessions: 0 };
  for (const { id: tenant, offline_days: days } of await store.accounts.tenants()) {
    const resend = instant(now - Math.max(retention.offlineDays, Number(days)) * DAY);
    pruned.verdicts += await inBatches(signal, () => pruneVerdicts(store, tenant, resend, batch));
    pruned.mutations += await inBatches(signal, () => pruneMutations(store, tenant, resend, batch));
    pruned.lines += await inBatches(signal, () => pruneLines(store, tenant, log, batch));
    pruned.withdrawals += await inBatches(signal, () => pruneWithdrawals(store, tenant, log, batch));
  }
  pruned.tokens = await inBatches(signal, () => pruneTokens(store, instant(now), batch));
  pruned.sessions = await inBatches(signal, () => pruneSessions(store, batch));
  return pruned;
}

async function inBatches(signal: AbortSignal, one: () => Promise<number>): Promise<number> {
  let sum = 0;
  while (!signal.aborted) {
    const deleted = await one();
    if (deleted === 0) return sum;
    sum += deleted;
    await breath();
  }
  return sum;
}

async function pruneVerdicts(store: Store, tenant: string, before: string, batch: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('verdicts')
    .where('tenant', '=', tenant)
    .where('group_id', 'in', (eb) =>
      eb
        .selectFrom('verdicts')
        .select('group_id')
        .where('tenant', '=', tenant)
        .where('at', '<', before)
        .orderBy('at')
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function pruneMutations(store: Store, tenant: string, before: string, batch: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('mutations')
    .where('tenant', '=', tenant)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('mutations')
        .select('id')
        .where('tenant', '=', tenant)
        .where('at', '<', before)
        .orderBy('at')
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function pruneLines(store: Store, tenant: string, before: string, batch: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('sync_log')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sync_log')
        .select('id')
        .where('tenant', '=', tenant)
        .where('started_at', '<', before)
        .orderBy('started_at')
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Withdrawals whose receipt is old; one that still waits for its receipt stays. */
async function pruneWithdrawals(
  store: Store,
  tenant: string,
  before: string,
  batch: number,
): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('withdrawals')
    .where('tenant', '=', tenant)
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('device', 'bucket', 'told_at'),
        'in',
        selectFrom('withdrawals as old')
          .select(['old.device', 'old.bucket', 'old.told_at'])
          .where('old.tenant', '=', tenant)
          .where('old.confirmed_at', '<', before)
          .limit(batch)
          .$asTuple('device', 'bucket', 'told_at'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
