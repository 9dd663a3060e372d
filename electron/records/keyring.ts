import {
  giveToKeychain,
  type Keychain,
  type KeychainState,
  keychainState,
  openWithKeychain,
  takeFromKeychain,
} from '../keys/keychain.ts';
import {
  changePassphrase,
  makeKeys,
  type NewKeys,
  type NewRecoveryCode,
  newRecoveryCode,
  openWithPassphrase,
  openWithRecoveryCode,
} from '../keys/keys.ts';
import { subkey } from '../keys/subkey.ts';

export type { KeychainState, NewKeys, NewRecoveryCode };

/** How a data key is opened: exactly one of these. */
export type Opener =
  | {
      readonly passphrase: string;
      /** Once it is open, the keychain that is here gets the key as well. */
      readonly giveToKeychain?: boolean;
    }
  | { readonly recoveryCode: string; readonly newPassphrase: string | undefined }
  | { readonly keychain: true };

/** What the session needs of the device's keys. */
export interface KeyRing {
  /** @throws key.passphrase_short */
  make(passphrase: string): Promise<NewKeys>;
  /** @throws store.wrong_passphrase, store.wrong_recovery_code, store.key_*, key.too_many_tries, key.keychain_changed */
  open(file: string, opener: Opener): Promise<Uint8Array>;
  /** How the key in `file` stands to the keychain of this system. */
  keychain(file: string): Promise<KeychainState>;
  /** @throws key.keychain_missing, store.key_* */
  giveToKeychain(file: string, dataKey: Uint8Array): Promise<void>;
  /** @throws store.key_* */
  takeFromKeychain(file: string): Promise<void>;
  /** @throws key.passphrase_short, store.key_* */
  changePassphrase(file: string, dataKey: Uint8Array, passphrase: string): Promise<void>;
  /** @throws store.key_* */
  newRecoveryCode(file: string, dataKey: Uint8Array): Promise<NewRecoveryCode>;
  /** 32 bytes for one purpose, derived from the data key. */
  derive(dataKey: Uint8Array, purpose: 'drafts' | 'audit chain'): Uint8Array;
}

export function createKeyRing(keychain: Keychain, now: () => number): KeyRing {
  return {
    make: (passphrase) => makeKeys(passphrase, { keychain }),
    open: async (file, opener) => {
      if ('keychain' in opener) return openWithKeychain(file, keychain);
      if ('passphrase' in opener) return openWithPassphrase(file, opener.passphrase, { now });
      const key = await openWithRecoveryCode(file, opener.recoveryCode);
      try {
        if (opener.newPassphrase !== undefined) await changePassphrase(file, key, opener.newPassphrase);
        return key;
      } catch (error) {
        key.fill(0);
        throw error;
      }
    },
    keychain: (file) => keychainState(file, keychain),
    giveToKeychain: (file, dataKey) => giveToKeychain(file, dataKey, keychain),
    takeFromKeychain,
    changePassphrase,
    newRecoveryCode,
    derive: subkey,
  };
}
