import type { SyncStatus } from '../../shared/ipc/session.ts';
import type { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { StoredSession } from '../records/stored-session.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Transport } from './api.ts';

export interface EngineParts {
  readonly store: StoreApi;
  readonly transport: Transport;
  readonly session: StoredSession;
  readonly clock: HybridClock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  /** Open inbox items of this person. */
  readonly needYou: () => number;
  readonly changed: (status: SyncStatus) => void;
  /** Role, team or territory are others than at the sign-in; called after that is on the disk. */
  readonly became: (user: SessionUser) => void;
  /** Records have left this device: drafts and backups may still hold them. */
  readonly withdrew: () => void;
  /** Something came as an order to this device; not yet checked. */
  readonly ordered?: (order: unknown) => void;
  /** This device leaves the company, and nothing waits on it any more. */
  readonly drained?: () => void;
  readonly pageRows?: number;
  /** True while nothing is to travel before the person asks. */
  readonly byHand?: () => boolean;
}
