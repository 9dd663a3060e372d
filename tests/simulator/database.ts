import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackup, restoreBackup } from '../../sync-server/ops/backup.ts';
import type { Environment } from '../../sync-server/store/environment.ts';
import { Store } from '../../sync-server/store/store.ts';

/** Where a simulated server has its records. */
export interface ServerDatabase {
  /** The folder that the server is started on. */
  readonly data: string;
  open(environment: Environment): Promise<Store>;
  /**
   * Makes a backup and tells the server how far it goes.
   * @returns the store to go on with: some databases are only copied while nobody has them open
   */
  backUp(store: Store, environment: Environment): Promise<Store>;
  readonly hasBackup: boolean;
  /** Puts the newest backup in the place of the database, which nobody has open. */
  restore(environment: Environment): Promise<void>;
  /** Lets work that is under way go on for a little. */
  step(): Promise<void>;
  /** The process that has it open is gone, and its connections with it. */
  cutOff(): Promise<void>;
  remove(): Promise<void>;
}

/** Where the servers of a run have their records. */
export interface Databases {
  /** An empty one for a server with this data folder. */
  empty(data: string): Promise<ServerDatabase>;
  /** One with the same content as that of another folder, with a copy of that folder. */
  copy(data: string, folder: string): Promise<ServerDatabase>;
}

/** As a server is installed: one SQLite file in the folder. */
export const files: Databases = {
  empty: async (data) => fileIn(data),
  copy: async (data, folder) => fileIn(copyOf(data, folder)),
};

export function copyOf(data: string, folder: string): string {
  const copy = mkdtempSync(join(folder, 'server-'));
  rmSync(copy, { recursive: true });
  cpSync(data, copy, { recursive: true });
  return copy;
}

function fileIn(data: string): ServerDatabase {
  let backup: string | undefined;
  return {
    data,
    open: (environment) => Store.open({ data, environment }),
    async backUp(store) {
      const { file } = await makeBackup(store);
      backup = file;
      return store;
    },
    async restore(environment) {
      if (backup === undefined) throw new Error('there is no backup');
      await restoreBackup(data, backup, environment);
    },
    get hasBackup() {
      return backup !== undefined;
    },
    // Everything in the process runs on without ever waiting for the system.
    step: () => Promise.resolve(),
    cutOff: async () => undefined,
    remove: async () => undefined,
  };
}
