import {
  canOpenWithKeychain,
  changePassphrase,
  type Keychain,
  makeKeys,
  type NewKeys,
  openWithKeychain,
  openWithPassphrase,
  openWithRecoveryCode,
} from '../keys/keys.ts';
import { subkey } from '../keys/subkey.ts';

export type { NewKeys };

/** How a data key is opened: exactly one of these. */
export type Opener =
  | { readonly passphrase: string }
  | { readonly recoveryCode: string; readonly newPassphrase: string | undefined }
  | { readonly keychain: true };

/** What the session needs of the device's keys. */
export interface KeyRing {
  /** @throws key.passphrase_short */
  make(passphrase: string): Promise<NewKeys>;
  /** @throws store.wrong_passphrase, store.wrong_recovery_code, store.key_*, key.too_many_tries */
  open(file: string, opener: Opener): Promise<Uint8Array>;
  /** True when the key in `file` can be opened by a real keychain of this system. */
  hasKeychain(file: string): Promise<boolean>;
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
      if (opener.newPassphrase !== undefined) await changePassphrase(file, key, opener.newPassphrase);
      return key;
    },
    hasKeychain: (file) => canOpenWithKeychain(file, keychain),
    derive: subkey,
  };
}
