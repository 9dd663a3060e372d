import type { Keychain } from '../../../electron/keys/keychain.ts';

/** A keychain as the system gives it: what it encrypts, only it decrypts. */
export function fakeKeychain(secret = 7, more: Partial<Keychain> = {}): Keychain {
  const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ secret);
  return {
    available: true,
    backend: 'gnome_libsecret',
    encrypt: (text) => turn(Buffer.from(`k${secret}:${text}`)),
    decrypt: (sealed) => {
      const text = Buffer.from(turn(sealed)).toString();
      if (!text.startsWith(`k${secret}:`)) throw new Error('not mine');
      return text.slice(3);
    },
    ...more,
  };
}

export const noKeychain: Keychain = {
  available: false,
  backend: '',
  encrypt: () => new Uint8Array(),
  decrypt: () => '',
};
