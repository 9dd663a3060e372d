import { randomBytes, randomUUID } from 'node:crypto';
import { RoadbookError } from '../../shared/errors.ts';
import { writeAtomically } from './atomic-file.ts';
import { type Costs, meetsMinimum } from './costs.ts';
import {
  boundTo,
  costsText,
  KEY_FORMAT,
  type KeychainWrap,
  type KeyFile,
  type PassphraseWrap,
  type RecoveryWrap,
  readKeyFile,
} from './key-file.ts';
import { makeRecoveryCode, parseRecoveryCode } from './recovery-code.ts';
import { countedTry, forgetTries } from './tries.ts';
import { keyFromPassphrase, keyFromSecret, machineCosts, seal, unseal } from './wrap.ts';

/** Fewest characters of a passphrase. */
export const SHORTEST_PASSPHRASE = 12;

/** The system's keychain, as far as it protects: a back end that only obscures is not available. */
export interface Keychain {
  readonly available: boolean;
  encrypt(text: string): Uint8Array;
  /** @throws when the system refuses */
  decrypt(sealed: Uint8Array): string;
}

export interface KeyOptions {
  /** Instead of what this machine bears. */
  readonly costs?: Costs;
  /** Milliseconds since 1970; only for the wait after wrong tries. */
  readonly now?: () => number;
}

/** A data key that was made and wrapped, but is not on disk yet. */
export interface NewKeys {
  /** 32 bytes; zeroed by whoever holds it last. */
  readonly dataKey: Uint8Array;
  /** Shown once. */
  readonly recoveryCode: string;
  /**
   * Writes the wrapped key atomically and fsynced.
   * @throws store.exists when there is a file: a key is never written over
   */
  save(file: string): Promise<void>;
}

/**
 * Makes a new data key, wrapped by the passphrase, by a recovery code and, where one is given and real, the keychain.
 * @throws key.passphrase_short
 */
export async function makeKeys(
  passphrase: string,
  options: KeyOptions & { readonly keychain?: Keychain } = {},
): Promise<NewKeys> {
  checkLength(passphrase);
  const dataKey = new Uint8Array(randomBytes(32));
  const id = randomUUID();
  const code = makeRecoveryCode();
  const { keychain } = options;
  const keys: KeyFile = {
    format: KEY_FORMAT,
    id,
    passphrase: await wrapByPassphrase(id, dataKey, passphrase, options.costs),
    recovery: wrapBySecret(id, dataKey, code.secret),
    ...(keychain?.available ? { keychain: wrapByKeychain(id, dataKey, keychain) } : {}),
  };
  code.secret.fill(0);
  return { dataKey, recoveryCode: code.text, save: (file) => write(file, keys, 'new') };
}

/** makeKeys() and its save() in one. */
export async function createKeys(
  file: string,
  passphrase: string,
  options: KeyOptions & { readonly keychain?: Keychain } = {},
): Promise<{ dataKey: Uint8Array; recoveryCode: string }> {
  const { dataKey, recoveryCode, save } = await makeKeys(passphrase, options);
  await save(file);
  return { dataKey, recoveryCode };
}

/** @throws store.wrong_passphrase, key.too_many_tries, store.key_missing, store.key_damaged, store.newer_version */
export async function openWithPassphrase(
  file: string,
  passphrase: string,
  options: KeyOptions = {},
): Promise<Uint8Array> {
  const { id, passphrase: wrap } = await readKeyFile(file);
  const wrappingKey = await countedTry(file, options.now ?? Date.now, () =>
    keyFromPassphrase(passphrase, Buffer.from(wrap.salt, 'base64'), wrap.costs),
  );
  const dataKey = unseal(wrappingKey, wrap, boundTo(id, 'passphrase', costsText(wrap.costs)));
  wrappingKey.fill(0);
  if (!dataKey) throw new RoadbookError('store.wrong_passphrase');
  await forgetTries(file);
  return dataKey;
}

/** @throws store.wrong_recovery_code (details.group names a typing error), store.key_missing, store.key_damaged */
export async function openWithRecoveryCode(file: string, code: string): Promise<Uint8Array> {
  const { id, recovery: wrap } = await readKeyFile(file);
  const secret = parseRecoveryCode(code);
  const wrappingKey = keyFromSecret(secret, Buffer.from(wrap.salt, 'base64'));
  secret.fill(0);
  const dataKey = unseal(wrappingKey, wrap, boundTo(id, 'recovery', wrap.kdf));
  wrappingKey.fill(0);
  if (!dataKey) throw new RoadbookError('store.wrong_recovery_code');
  await forgetTries(file);
  return dataKey;
}

/**
 * @throws store.key_mismatch when the keychain does not open it (another person or machine: the passphrase still
 * does), store.key_missing, store.key_damaged
 */
export async function openWithKeychain(file: string, keychain: Keychain): Promise<Uint8Array> {
  const { id, keychain: wrap } = await readKeyFile(file);
  if (!wrap || !keychain.available) throw new RoadbookError('store.key_mismatch', { reason: 'keychain' });
  let wrappingKey: Uint8Array;
  try {
    wrappingKey = Buffer.from(keychain.decrypt(Buffer.from(wrap.keychain, 'base64')), 'base64');
  } catch (cause) {
    throw new RoadbookError('store.key_mismatch', { reason: 'keychain' }, { cause });
  }
  const fits = wrappingKey.length === 32;
  const dataKey = fits ? unseal(wrappingKey, wrap, boundTo(id, 'keychain', '')) : undefined;
  wrappingKey.fill(0);
  if (!dataKey) throw new RoadbookError('store.key_mismatch', { reason: 'keychain' });
  return dataKey;
}

/** True when the key in `file` was given to a keychain, and that is there now. Never throws for a bad file. */
export async function canOpenWithKeychain(file: string, keychain: Keychain): Promise<boolean> {
  if (!keychain.available) return false;
  try {
    return (await readKeyFile(file)).keychain !== undefined;
  } catch (error) {
    // Opening names what is wrong with the file; here only the offer is left out.
    if (error instanceof RoadbookError) return false;
    throw error;
  }
}

/**
 * A new passphrase for the same data key: nothing is encrypted again, the recovery code and keychain stay good.
 * @throws key.passphrase_short, store.key_missing, store.key_damaged
 */
export async function changePassphrase(
  file: string,
  dataKey: Uint8Array,
  passphrase: string,
  options: KeyOptions = {},
): Promise<void> {
  checkLength(passphrase);
  const keys = await readKeyFile(file);
  const wrap = await wrapByPassphrase(keys.id, dataKey, passphrase, options.costs);
  await write(file, { ...keys, passphrase: wrap }, 'replace');
  await forgetTries(file);
}

/** Gives the data key to the keychain, or takes it back (null). */
export async function setKeychain(
  file: string,
  dataKey: Uint8Array,
  keychain: Keychain | null,
): Promise<void> {
  const { keychain: _old, ...keys } = await readKeyFile(file);
  const wrap = keychain?.available ? { keychain: wrapByKeychain(keys.id, dataKey, keychain) } : {};
  await write(file, { ...keys, ...wrap }, 'replace');
}

function checkLength(passphrase: string): void {
  if ([...passphrase.normalize('NFKC')].length < SHORTEST_PASSPHRASE) {
    throw new RoadbookError('key.passphrase_short', { min: SHORTEST_PASSPHRASE });
  }
}

async function wrapByPassphrase(
  id: string,
  dataKey: Uint8Array,
  passphrase: string,
  given: Costs | undefined,
): Promise<PassphraseWrap> {
  const costs = given ?? (await machineCosts());
  if (!meetsMinimum(costs)) throw new RangeError('the costs are below the minimum');
  const salt = randomBytes(16);
  const wrappingKey = await keyFromPassphrase(passphrase, salt, costs);
  const sealed = seal(wrappingKey, dataKey, boundTo(id, 'passphrase', costsText(costs)));
  wrappingKey.fill(0);
  return { kdf: 'argon2id', costs, salt: salt.toString('base64'), ...sealed };
}

function wrapBySecret(id: string, dataKey: Uint8Array, secret: Uint8Array): RecoveryWrap {
  const salt = randomBytes(16);
  const wrappingKey = keyFromSecret(secret, salt);
  const sealed = seal(wrappingKey, dataKey, boundTo(id, 'recovery', 'hkdf-sha256'));
  wrappingKey.fill(0);
  return { kdf: 'hkdf-sha256', salt: salt.toString('base64'), ...sealed };
}

function wrapByKeychain(id: string, dataKey: Uint8Array, keychain: Keychain): KeychainWrap {
  const wrappingKey = randomBytes(32);
  const sealed = seal(wrappingKey, dataKey, boundTo(id, 'keychain', ''));
  const inKeychain = Buffer.from(keychain.encrypt(wrappingKey.toString('base64'))).toString('base64');
  wrappingKey.fill(0);
  return { keychain: inKeychain, ...sealed };
}

function write(file: string, keys: KeyFile, mode: 'new' | 'replace'): Promise<void> {
  return writeAtomically(file, `${JSON.stringify(keys, null, 2)}\n`, mode);
}
