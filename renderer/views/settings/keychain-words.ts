import type { KeychainStatus } from '../../../shared/ipc.ts';

/** What people call the keychains that the system names. */
const NAMES: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME Keyring',
  kwallet: 'KDE Wallet',
  kwallet5: 'KDE Wallet',
  kwallet6: 'KDE Wallet',
  keychain: 'the macOS keychain',
  dpapi: 'Windows',
};

export function keychainName(backend: string): string {
  return NAMES[backend] ?? 'the keychain';
}

export interface KeychainLine {
  readonly note: string;
  /** What the button says that gives it the key; null where none can be given. */
  readonly give: string | null;
  /** Whether the key can be taken back. */
  readonly take: boolean;
}

/** How the keychain stands, for the settings. */
export function keychainLine({ state, was, now }: KeychainStatus): KeychainLine {
  switch (state) {
    case 'none':
      return {
        note: 'None is here that protects a key, so only the passphrase and the recovery code open this device.',
        give: null,
        take: false,
      };
    case 'off':
      return {
        note: `With it, being signed in to this computer opens Roadbook. Here that is ${keychainName(now)}.`,
        give: 'Use it',
        take: false,
      };
    case 'ready':
      return {
        note: `Being signed in to this computer opens Roadbook, through ${keychainName(now)}.`,
        give: null,
        take: true,
      };
    case 'changed':
      return {
        note: `The key was given to ${keychainName(was)}; now ${keychainName(now)} is here, which does not have it.`,
        give: 'Give it the key',
        take: true,
      };
    case 'gone':
      return {
        note: `The key was given to ${keychainName(was)}, which is not here now. The passphrase opens this device.`,
        give: null,
        take: true,
      };
  }
}

/** What the locked screen says where the keychain that had the key is not the one that is here. */
export function keychainLostWords({ was, now }: Pick<KeychainStatus, 'was' | 'now'>): {
  readonly title: string;
  readonly text: string;
} {
  if (now === '') {
    return {
      title: `${capital(keychainName(was))} is not here`,
      text: 'It used to open Roadbook on this computer. Type your passphrase; nothing is lost.',
    };
  }
  if (was === now) {
    return {
      title: `${capital(keychainName(was))} does not have the key any more`,
      text: 'It was emptied, or belongs to somebody else. Type your passphrase; nothing is lost.',
    };
  }
  return {
    title: 'The keychain of this computer has changed',
    text: `${capital(keychainName(was))} used to open Roadbook; now ${keychainName(now)} is here. Type your passphrase; nothing is lost.`,
  };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
