import type { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { StoreApi } from '../store/contract.ts';

export interface Device {
  readonly id: string;
  readonly name: string;
}

/** What every act on the records needs; exists only while the store is open. */
export interface Context {
  readonly store: StoreApi;
  readonly user: SessionUser;
  readonly device: Device;
  readonly clock: HybridClock;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  readonly random: RandomBytes;
  /** True while the server is known to be out of reach: acts made now are marked so. */
  readonly isOffline: () => boolean;
  /** Called after an act was saved: the sync client looks at the outbox. */
  readonly saved: () => void;
}

/** Keys of the store's small values. */
export const values = {
  session: 'session',
  checkpoint: 'checkpoint',
  clock: 'clock',
  sync: 'sync',
  /** When records were last withdrawn from this device, in ms; and up to when drafts and backups have been cleared of them. */
  withdrawn: 'withdrawn',
  /** Rows are leaving, some of which may come again: until that is over, what is left of them stays. */
  leaving: 'leaving',
  draftsCleared: 'withdrawn drafts',
  backupsCleared: 'withdrawn backups',
  /** When a backup that a person had asked for was given up, in ms; null once they know. */
  backupGivenUp: 'backup given up',
  /** Changes that the server keeps for an admin, because their author does not see the records any more. */
  heldBack: 'held back',
} as const;

export function instant(now: number): string {
  return new Date(now).toISOString();
}
