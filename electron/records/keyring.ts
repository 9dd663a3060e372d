/** How a data key is opened: exactly one of these. */
export type Opener =
  | { readonly passphrase: string }
  | { readonly recoveryCode: string; readonly newPassphrase: string | undefined }
  | { readonly keychain: true };

/** A data key that was made and wrapped, but is not on disk yet. */
export interface NewKeys {
  /** 32 bytes; zeroed by whoever holds it last. */
  readonly dataKey: Uint8Array;
  /** Shown once. */
  readonly recoveryCode: string;
  /** Writes the wrapped key atomically and fsynced, never over an existing file. */
  save(file: string): Promise<void>;
}

/** What the session needs of the device's keys. */
export interface KeyRing {
  /** @throws key.passphrase_short */
  make(passphrase: string): Promise<NewKeys>;
  /** @throws store.wrong_passphrase, store.wrong_recovery_code, store.key_damaged, key.too_many_tries */
  open(file: string, opener: Opener): Promise<Uint8Array>;
  /** True when the key in `file` can be opened by a real keychain of this system. */
  hasKeychain(file: string): boolean;
  /** 32 bytes for one purpose, derived from the data key. */
  derive(dataKey: Uint8Array, purpose: 'drafts' | 'audit chain'): Uint8Array;
}
