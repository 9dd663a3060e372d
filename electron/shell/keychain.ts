import { safeStorage } from 'electron';
import type { Keychain } from '../keys/keychain.ts';

/** Back ends of Linux that keep the secret where every program can read it. */
const obscuring = new Set(['basic_text', 'unknown']);

/** The keychain of the system, where it is a real one. Asked when it is needed: the question can take a moment. */
export const systemKeychain: Keychain = {
  get available() {
    return safeStorage.isEncryptionAvailable() && !obscuring.has(this.backend);
  },
  get backend() {
    if (process.platform === 'linux') return safeStorage.getSelectedStorageBackend();
    return process.platform === 'darwin' ? 'keychain' : 'dpapi';
  },
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
};
