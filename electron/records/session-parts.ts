import type { AppState } from '../../shared/ipc/session.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { Log } from '../shell/log.ts';
import type { Backup, Backups } from '../store/backup/backups.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Transport } from '../sync/api.ts';
import type { KeyRing } from './keyring.ts';
import type { ProfileFiles } from './profile.ts';
import type { OpenAside } from './restoring.ts';
import type { StoredSession } from './stored-session.ts';
import type { Reached } from './wipe.ts';

/** What the sync client hears of orders to this device. */
export interface OrderEvents {
  /** Something came as an order; not yet checked. */
  readonly ordered: (order: unknown) => void;
  /** Nothing waits on this device any more. */
  readonly drained: () => void;
}

/** An open store with everything that works on it; made by the caller, so that the session knows only its life. */
export interface Running {
  readonly store: StoreApi;
  readonly firstSyncDone: boolean;
  /** Writes an event into the history; one that the disk does not take is logged, and never fails the act. */
  event(kind: string): Promise<void>;
  /** After a new sign-in on a device that already has its records. */
  signedInAgain(session: StoredSession): Promise<void>;
  /** The person leaves the first-sync screen. */
  startWorking(): Promise<void>;
  /** Asks the server for the order to leave the company. @throws sync.offline, auth.* */
  askToLeave(): Promise<void>;
  /** From now on only what waits is sent. */
  leave(): void;
  /** A backup that was just read back whole. @throws backup.missing, what is wrong with it, store.closed after the signal */
  verifiedBackup(id: string, signal: AbortSignal): Promise<Backup>;
  /** Stops sync and waits until nothing writes any more; the store is closed by the session. */
  stop(): Promise<void>;
}

export interface OpenHow {
  readonly create: boolean;
  /** A person has decided to open records that are older than they were. */
  readonly acceptOlder?: boolean;
  /** Hears how much of records of an earlier version is prepared, 0 to 1. */
  readonly preparing?: (share: number) => void;
}

export interface SessionParts {
  readonly files: ProfileFiles;
  readonly keys: KeyRing;
  readonly openStore: (key: Uint8Array, how: OpenHow) => Promise<StoreApi>;
  /** Opens a store that is not the profile's own, whatever its head says. */
  readonly openAside: OpenAside;
  /** The backups of this device, read back with a key. */
  readonly backups: (key: Uint8Array) => Backups;
  /** A key is being opened, which takes a while: the store will be wanted next. */
  readonly expectStore?: () => void;
  /** @param became told when the server takes the person for something else than at the sign-in */
  readonly run: (
    store: StoreApi,
    session: StoredSession,
    became: (user: SessionUser) => void,
    orders: OrderEvents,
  ) => Promise<Running>;
  /** Folder of the log files, which go with everything else when this device is wiped. */
  readonly logs?: string;
  /** Loads the window anew, so that nothing of the records stays in it. */
  readonly clearWindow?: () => void;
  /** Takes everything from the window and from what it has stored. */
  readonly emptyWindow?: () => Promise<void>;
  /** For tests of a wipe that is cut off. */
  readonly wipeReached?: Reached;
  readonly transport: Transport;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly suggestedServer: string;
  readonly version: string;
  /** Called on every change of the state. */
  readonly changed: (state: AppState) => void;
}
