import { toPlainError } from '../../shared/errors.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Opener } from './keyring.ts';
import { inspect, type ProfileFiles, setAsideUnfinished } from './profile.ts';
import type { OpenHow, SessionParts } from './session-parts.ts';

/** What is wrong with the key file itself: no other passphrase helps. */
const blocking = new Set<string>(['store.key_missing', 'store.key_damaged', 'store.newer_version']);

/** Whether the person can do nothing about it by typing again. */
export function isBlocking(error: unknown): boolean {
  return blocking.has(toPlainError(error).code);
}

/** The wrapped keys that a start has to do with: those of a set-up that was cut off, or the profile's own. */
export function keyFile(files: ProfileFiles): string {
  return inspect(files) === 'unfinished' ? files.setupKeys : files.keys;
}

/**
 * The data key; the caller wipes it. The store's thread is started meanwhile.
 * @throws store.wrong_passphrase, store.wrong_recovery_code, key.too_many_tries, key.keychain_changed, and those that
 * are `isBlocking`
 */
export async function openKey(parts: SessionParts, opener: Opener): Promise<Uint8Array> {
  parts.expectStore?.();
  const { files, keys, log } = parts;
  const key = await keys.open(keyFile(files), opener);
  if ('passphrase' in opener && opener.giveToKeychain === true) {
    // A keychain that refuses the key is no reason to keep somebody out who knows the passphrase.
    await keys
      .giveToKeychain(keyFile(files), key)
      .catch((error: unknown) => log.error('keychain.refused', error));
  }
  return key;
}

/**
 * Opens the store; one that a cut-off set-up only began is made anew with the same key.
 */
export async function openOrContinue(
  { files, openStore }: SessionParts,
  key: Uint8Array,
  how: Omit<OpenHow, 'create'>,
): Promise<StoreApi> {
  const unfinished = inspect(files) === 'unfinished';
  try {
    return await openStore(key, { ...how, create: false });
  } catch (error) {
    const { code } = toPlainError(error);
    if (!unfinished || code === 'store.locked' || code === 'store.in_use') throw error;
    await setAsideUnfinished(files);
    return await openStore(key, { create: true });
  }
}
