import { DraftDatabase } from './database.ts';
import { Drafts } from './drafts.ts';
import { openVault } from './vault.ts';

/**
 * Drafts of the person who is working now. The key is asked for once after unlocking, lives in this window's memory,
 * and is let go on locking; until it is there, and after it is gone, forms work without drafts.
 */
let current: Promise<Drafts> | null = null;

/** @param draftKey asks the main process for the key; fails while the records are locked */
export function unlockDrafts(draftKey: () => Promise<string>): Promise<Drafts> {
  if (current !== null) return current;
  const opening = open(draftKey);
  current = opening;
  opening.catch((error: Error) => {
    console.error('Drafts are off: their key could not be had.', error.name);
    if (current === opening) current = null;
  });
  return opening;
}

async function open(draftKey: () => Promise<string>): Promise<Drafts> {
  return new Drafts({ database: new DraftDatabase(), vault: await openVault(await draftKey()) });
}

/** Writes what is still on its way, then forgets the key. */
export async function lockDrafts(): Promise<void> {
  const closing = current;
  current = null;
  if (closing === null) return;
  try {
    const drafts = await closing;
    await drafts.flush();
  } catch (error) {
    console.warn('Drafts were never open.', (error as Error).name);
  }
}

/** Null while locked or when the key could not be had. */
export async function currentDrafts(): Promise<Drafts | null> {
  if (current === null) return null;
  try {
    return await current;
  } catch {
    // Already reported by `unlockDrafts`; forms go on without drafts.
    return null;
  }
}

/** Writes what is still on its way; the drafts stay open. */
export async function flushDrafts(): Promise<void> {
  await (await currentDrafts())?.flush();
}
