import type { Store } from '../store/store.ts';
import { Recurring } from './recurring.ts';
import { prune, type Retention } from './retention.ts';
import { type BackupHealth, type BackupSettings, type Log, ScheduledBackups } from './scheduled-backups.ts';

export interface HousekeepingSettings {
  readonly retention: Retention;
  readonly backups: BackupSettings;
  /** Milliseconds until old rows are looked for the first time, and between two looks. */
  readonly firstLook?: number;
  readonly look?: number;
}

const FIRST_LOOK = 120_000;
const LOOK = 6 * 3_600_000;

/** What a running server does by itself: it forgets what is old and makes backups. */
export class Housekeeping {
  readonly #backups: ScheduledBackups;
  readonly #pruning: Recurring;
  readonly #firstLook: number;

  constructor(store: Store, settings: HousekeepingSettings, log: Log) {
    this.#backups = new ScheduledBackups(settings.backups, store.environment, log);
    this.#firstLook = settings.firstLook ?? FIRST_LOOK;
    this.#pruning = new Recurring(async (signal) => {
      try {
        const pruned = await prune(store, settings.retention, signal);
        if (Object.values(pruned).some((rows) => rows > 0)) log.info({ pruned }, 'old rows removed');
      } catch (error) {
        log.error({ err: error }, 'old rows could not be removed');
      }
      return settings.look ?? LOOK;
    });
  }

  start(): void {
    this.#backups.start();
    this.#pruning.start(this.#firstLook);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#backups.stop(), this.#pruning.stop()]);
  }

  health(): BackupHealth {
    return this.#backups.health();
  }
}
