import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import { RoadbookError } from '../../shared/errors.ts';
import { type Costs, meetsMinimum } from './costs.ts';
import {
  boundTo,
  costsText,
  KEY_FORMAT,
  type KeyFile,
  type PassphraseWrap,
  type RecoveryWrap,
  readKeyFile,
  writeKeyFile,
} from './key-file.ts';
import { type Keychain, wrapByKeychain } from './keychain.ts';
import { makeRecoveryCode, parseRecoveryCode } from './recovery-code.ts';
import { secretBytes } from './secret.ts';
import { countedTry, forgetTries } from './tries.ts';
import { keyFromPassphrase, keyFromSecret, machineCosts, seal, unseal } from './wrap.ts';

/** Fewest characters of a passphrase. */
export const SHORTEST_PASSPHRASE = 12;

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
  // Filled in place: there is one copy, and whoever holds it wipes it.
  const dataKey = randomFillSync(secretBytes(32));
  const id = randomUUID();
  const code = makeRecoveryCode();
  const { keychain } = options;
  try {
    const keys: KeyFile = {
      format: KEY_FORMAT,
      id,
      passphrase: await wrapByPassphrase(id, dataKey, passphrase, options.costs),
      recovery: wrapBySecret(id, dataKey, code.secret),
      ...(keychain?.available ? { keychain: wrapByKeychain(id, dataKey, keychain) } : {}),
    };
    return { dataKey, recoveryCode: code.text, save: (file) => writeKeyFile(file, keys, 'new') };
  } catch (error) {
    dataKey.fill(0);
    throw error;
  } finally {
    code.secret.fill(0);
  }
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
  return withoutTries(file, dataKey);
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
  return withoutTries(file, dataKey);
}

/** The right one ends the count; where that cannot be written nothing is opened, and no key stays behind. */
async function withoutTries(file: string, dataKey: Uint8Array): Promise<Uint8Array> {
  try {
    await forgetTries(file);
    return dataKey;
  } catch (error) {
    dataKey.fill(0);
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
  await writeKeyFile(file, { ...keys, passphrase: wrap }, 'replace');
  await forgetTries(file);
}

/** A recovery code that was made, but does not count yet. */
export interface NewRecoveryCode {
  /** Shown once. */
  readonly text: string;
  /**
   * From now on this code opens the data key, and the one before it does not.
   * @throws store.key_mismatch when the file is not the one it was made for, store.key_missing, store.key_damaged
   */
  save(): Promise<void>;
}

/**
 * Makes another recovery code for the same data key. What is kept until save() is the wrapped key, not the key itself.
 * @throws store.key_missing, store.key_damaged
 */
export async function newRecoveryCode(file: string, dataKey: Uint8Array): Promise<NewRecoveryCode> {
  const { id } = await readKeyFile(file);
  const { text, secret } = makeRecoveryCode();
  const recovery = wrapBySecret(id, dataKey, secret);
  secret.fill(0);
  return {
    text,
    save: async () => {
      const keys = await readKeyFile(file);
      if (keys.id !== id) throw new RoadbookError('store.key_mismatch');
      await writeKeyFile(file, { ...keys, recovery }, 'replace');
    },
  };
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
