import { join } from 'node:path';
import { toPlainError } from '../../shared/errors.ts';
import type { Log } from '../shell/log.ts';
import { COPY_NAME, forgetReplaced, replacedStores } from '../store/backup/place.ts';
import type { StoreApi } from '../store/contract.ts';
import { carryOver, forgetTokens } from './carry-over.ts';
import type { ProfileFiles } from './profile.ts';

/** Opens a store that is not the profile's own, whatever its head says. */
export type OpenAside = (file: string, key: Uint8Array) => Promise<StoreApi>;

/** How a first opening after a restore stands in the history. */
export type Restored = 'restore-backup' | 'restore-incomplete';

/**
 * Once a restored store is open: takes over what waited in those that were replaced. One that cannot be read any more,
 * or not all of it, is no reason to stop: it stays among the backups, and the person reads that something is missing.
 * Null when this is an ordinary opening.
 * @throws what keeps the restored store from being written (store.disk_full and others): the next opening tries again
 */
export async function takeOverReplaced(
  files: ProfileFiles,
  key: Uint8Array,
  store: StoreApi,
  openAside: OpenAside,
  log: Log,
): Promise<Restored | null> {
  const asides = await replacedStores(files.store);
  if (asides.length === 0) return null;
  let whole = true;
  let tokens = false;
  // The oldest first: the later a store, the more it knows of what became of a change.
  for (const aside of asides.reverse()) {
    const taken = await takeOver(join(aside, COPY_NAME), key, store, openAside, log);
    whole &&= taken.whole;
    // Those of the last one count: older ones would look like stolen ones.
    tokens = taken.session;
  }
  if (!tokens) await forgetTokens(store);
  await forgetReplaced(files.store);
  return whole ? 'restore-backup' : 'restore-incomplete';
}

async function takeOver(
  file: string,
  key: Uint8Array,
  store: StoreApi,
  openAside: OpenAside,
  log: Log,
): Promise<{ whole: boolean; session: boolean }> {
  const unreadable = (error: unknown) =>
    log.error('restore.replaced_unreadable', error, { code: toPlainError(error).code });
  let replaced: StoreApi;
  try {
    replaced = await openAside(file, key);
  } catch (error) {
    unreadable(error);
    return { whole: false, session: false };
  }
  try {
    const { faults, ...carried } = await carryOver(replaced, store);
    log.info('restore.carried_over', carried);
    for (const fault of faults) unreadable(fault);
    return { whole: faults.length === 0, session: carried.session };
  } finally {
    // Closing one with a damaged page may fail; it was only read.
    await replaced.close().catch(unreadable);
  }
}
