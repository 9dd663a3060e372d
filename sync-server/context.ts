import type { AccessTokens } from './auth/access-tokens.ts';
import type { Attempts } from './auth/attempts.ts';
import type { Hub } from './live/hub.ts';
import type { BackupHealth } from './ops/scheduled-backups.ts';
import type { SyncLog } from './ops/sync-log.ts';
import type { Store } from './store/store.ts';

/** What the routes work with. */
export interface Context {
  readonly store: Store;
  readonly tokens: AccessTokens;
  readonly attempts: Attempts;
  readonly hub: Hub;
  readonly syncLog: SyncLog;
  readonly version: string;
  /** Oldest version of the wire contract that is still served. */
  readonly oldestProtocol: number;
  /** Milliseconds between comments on a quiet live stream. */
  readonly heartbeat: number;
  readonly backups: () => BackupHealth;
}
