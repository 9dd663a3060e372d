import type { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import { type Checkpoint, PROTOCOL, type SessionUser, type WireViewer } from '../../shared/sync/wire.ts';
import { type Device, values } from '../records/context.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import type { ServerApi } from './api.ts';
import type { SyncMemory } from './state.ts';
import type { Tokens } from './tokens.ts';

export interface ExchangeParts {
  readonly store: StoreApi;
  readonly api: ServerApi;
  readonly tokens: Tokens;
  readonly user: SessionUser;
  readonly device: Device;
  readonly clock: HybridClock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly memory: () => SyncMemory;
  /** Takes a new memory into use; it is written with the commit that it belongs to. */
  readonly remember: (memory: SyncMemory) => void;
  /** After each step that a person may see. */
  readonly progress: () => void;
  /** What the server takes this person for by now. */
  readonly became: (viewer: WireViewer) => Promise<void>;
  /** Records have left this device: drafts and backups may still hold them. */
  readonly withdrew: () => void;
  readonly signal: AbortSignal;
  /** Rows wanted in one page. */
  readonly pageRows: number;
}

/** Who asks, in every request of one exchange. */
export interface Client {
  readonly protocol: number;
  readonly projection: string;
  readonly exchange: string;
}

export function clientOf(exchange: string): Client {
  return { protocol: PROTOCOL, projection: '', exchange };
}

/** Where this device stands in the server's log; null before its first page. */
export async function checkpointOf(store: StoreApi): Promise<Checkpoint | null> {
  return ((await store.value(values.checkpoint)) as Checkpoint | undefined) ?? null;
}
