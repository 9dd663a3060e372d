import { join } from 'node:path';
import { toPlainError } from '../../shared/errors.ts';
import type { Log } from '../shell/log.ts';
import { COPY_NAME, forgetReplaced, replacedStores } from '../store/backup/place.ts';
import type { StoreApi } from '../store/contract.ts';
import { carryOver, forgetTokens } from './carry-over.ts';
import type { ProfileFiles } from './profile.ts';

/** Opens a store that is not the profile's own, whatever its head says. */
export type OpenAside = (file: string, key: Uint8Array) => Promise<StoreApi>;

/**
 * Once a restored store is open: takes over what waited in those that were replaced. One that cannot be read any more
 * is no reason to stop; it stays among the backups. True when this is the first opening after a restore.
 */
export async function takeOverReplaced(
  files: ProfileFiles,
  key: Uint8Array,
  store: StoreApi,
  openAside: OpenAside,
  log: Log,
): Promise<boolean> {
  const asides = await replacedStores(files.store);
  if (asides.length === 0) return false;
  let readable = 0;
  // The oldest first: the later a store, the more it knows of what became of a change.
  for (const aside of asides.reverse()) {
    const replaced = await openAside(join(aside, COPY_NAME), key).catch((error: unknown) => {
      log.error('restore.replaced_unreadable', error, { code: toPlainError(error).code });
      return undefined;
    });
    if (replaced === undefined) continue;
    readable += 1;
    try {
      log.info('restore.carried_over', { ...(await carryOver(replaced, store)) });
    } finally {
      await replaced.close();
    }
  }
  if (readable === 0) await forgetTokens(store);
  await forgetReplaced(files.store);
  return true;
}
