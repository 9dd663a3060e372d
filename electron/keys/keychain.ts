import { randomBytes } from 'node:crypto';
import { RoadbookError } from '../../shared/errors.ts';
import { boundTo, type KeychainWrap, readKeyFile, writeKeyFile } from './key-file.ts';
import { seal, unseal } from './wrap.ts';

/** The system's keychain, as far as it protects: a back end that only obscures is not available. */
export interface Keychain {
  readonly available: boolean;
  /** Which one it is, as the system calls it; only asked while it is available. */
  readonly backend: string;
  encrypt(text: string): Uint8Array;
  /** @throws when the system refuses */
  decrypt(sealed: Uint8Array): string;
}

/**
 * How the key in a file stands to the keychain of the system:
 * - none: no keychain is here, and none was ever given the key
 * - off: one is here and does not have the key
 * - ready: it opens the key
 * - changed: another one than the one that was given the key is here
 * - gone: the one that was given the key is not here, and no other either
 */
export interface KeychainState {
  readonly state: 'none' | 'off' | 'ready' | 'changed' | 'gone';
  /** Which one was given the key, '' when it is not known or there is none. */
  readonly was: string;
  /** Which one is here, '' for none. */
  readonly now: string;
}

/** Never throws for a bad file: opening names what is wrong with it. */
export async function keychainState(file: string, keychain: Keychain): Promise<KeychainState> {
  const wrap = await wrapIn(file);
  const now = keychain.available ? keychain.backend : '';
  const was = wrap?.backend ?? '';
  if (wrap === undefined) return { state: now === '' ? 'none' : 'off', was, now };
  if (now === '') return { state: 'gone', was, now };
  return { state: was === '' || was === now ? 'ready' : 'changed', was, now };
}

async function wrapIn(file: string): Promise<KeychainWrap | undefined> {
  try {
    return (await readKeyFile(file)).keychain;
  } catch (error) {
    if (error instanceof RoadbookError) return undefined;
    throw error;
  }
}

/**
 * @throws key.keychain_changed when the keychain does not open it: it is another one, it is gone (details say which),
 * or it was emptied; the passphrase still opens it. store.key_missing, store.key_damaged, store.newer_version
 */
export async function openWithKeychain(file: string, keychain: Keychain): Promise<Uint8Array> {
  const { id, keychain: wrap } = await readKeyFile(file);
  const { state, was, now } = await keychainState(file, keychain);
  if (!wrap || state !== 'ready') throw new RoadbookError('key.keychain_changed', { was, now });
  let wrappingKey: Uint8Array;
  try {
    wrappingKey = Buffer.from(keychain.decrypt(Buffer.from(wrap.keychain, 'base64')), 'base64');
  } catch (cause) {
    throw new RoadbookError('key.keychain_changed', { was, now }, { cause });
  }
  const fits = wrappingKey.length === 32;
  const dataKey = fits ? unseal(wrappingKey, wrap, boundTo(id, 'keychain', '')) : undefined;
  wrappingKey.fill(0);
  if (!dataKey) throw new RoadbookError('key.keychain_changed', { was, now });
  return dataKey;
}

/**
 * Gives the data key to the keychain that is here, in place of any that had it before.
 * @throws key.keychain_missing when none is here, store.key_missing, store.key_damaged
 */
export async function giveToKeychain(file: string, dataKey: Uint8Array, keychain: Keychain): Promise<void> {
  if (!keychain.available) throw new RoadbookError('key.keychain_missing');
  const keys = await readKeyFile(file);
  const wrap = wrapByKeychain(keys.id, dataKey, keychain);
  await writeKeyFile(file, { ...keys, keychain: wrap }, 'replace');
}

/** Takes the data key back from the keychain. Needs no key: the wrap is thrown away. */
export async function takeFromKeychain(file: string): Promise<void> {
  const { keychain: _old, ...keys } = await readKeyFile(file);
  await writeKeyFile(file, keys, 'replace');
}

export function wrapByKeychain(id: string, dataKey: Uint8Array, keychain: Keychain): KeychainWrap {
  const wrappingKey = randomBytes(32);
  const sealed = seal(wrappingKey, dataKey, boundTo(id, 'keychain', ''));
  const inKeychain = Buffer.from(keychain.encrypt(wrappingKey.toString('base64'))).toString('base64');
  wrappingKey.fill(0);
  return { keychain: inKeychain, backend: keychain.backend, ...sealed };
}
