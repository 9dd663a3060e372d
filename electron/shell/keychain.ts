import { safeStorage } from 'electron';
import type { Keychain } from '../keys/keys.ts';

/** Back ends of Linux that keep the secret where every program can read it. */
const obscuring = new Set(['basic_text', 'unknown']);

/** The keychain of the system, where it is a real one. Asked when it is needed: the question can take a moment. */
export const systemKeychain: Keychain = {
  get available() {
    if (!safeStorage.isEncryptionAvailable()) return false;
    return process.platform !== 'linux' || !obscuring.has(safeStorage.getSelectedStorageBackend());
  },
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
};
