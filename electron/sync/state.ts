import { values } from '../records/context.ts';
import type { StoreApi } from '../store/contract.ts';

/** What the sync client remembers beside its checkpoint; one small value of the store. */
export interface SyncMemory {
  readonly lastSyncAt: string | null;
  readonly verifiedAt: string | null;
  /** The first pull came to its end. */
  readonly firstSyncDone: boolean;
  /** The person left the first-sync screen before it ended. */
  readonly working: boolean;
  /** Rows to expect, per collection, from the first page. */
  readonly totals: Readonly<Record<string, number>>;
  /** Rows of a first sync that are here, per collection. */
  readonly here: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly durableThrough: number;
  /** A digest differed, the bucket was fetched anew, and it still differs: a person must look. */
  readonly differs: boolean;
}

export const firstMemory: SyncMemory = {
  lastSyncAt: null,
  verifiedAt: null,
  firstSyncDone: false,
  working: false,
  totals: {},
  here: {},
  bytes: 0,
  durableThrough: 0,
  differs: false,
};

export async function readMemory(store: Pick<StoreApi, 'value'>): Promise<SyncMemory> {
  const found = (await store.value(values.sync)) as Partial<SyncMemory> | undefined | null;
  return { ...firstMemory, ...(found ?? {}) };
}
