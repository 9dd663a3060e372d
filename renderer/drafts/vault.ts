/**
 * Seals drafts with the key that the main process derives from the data key. Both working keys are derived from it
 * and cannot be read back out of WebCrypto; when the vault is let go, nothing in this window opens a draft any more.
 */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

export interface Vault {
  /** Name under which a form's draft lies: says nothing about the form to who has no key. 64 hex digits. */
  slot(identity: string): Promise<string>;
  seal(slot: string, text: string): Promise<Sealed>;
  /** Throws when the draft was sealed with another key, for another slot, or was changed. */
  open(slot: string, sealed: Sealed): Promise<string>;
}

const IV_BYTES = 12;
const utf8 = new TextEncoder();

/** @param keyBase64 256 bits, base64, as `app.draftKey` answers */
export async function openVault(keyBase64: string): Promise<Vault> {
  const raw = Uint8Array.from(atob(keyBase64), (char) => char.charCodeAt(0));
  const base = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
  raw.fill(0);
  const [cipher, names] = await Promise.all([
    crypto.subtle.deriveKey(
      purpose('roadbook drafts v1 cipher'),
      base,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    ),
    crypto.subtle.deriveKey(
      purpose('roadbook drafts v1 names'),
      base,
      { name: 'HMAC', hash: 'SHA-256', length: 256 },
      false,
      ['sign'],
    ),
  ]);

  return {
    async slot(identity) {
      return hex(await crypto.subtle.sign('HMAC', names, utf8.encode(identity)));
    },
    async seal(slot, text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      // The slot is authenticated too, so that one draft cannot be laid in the place of another.
      const data = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: utf8.encode(slot) },
        cipher,
        utf8.encode(text),
      );
      return { iv, data };
    },
    async open(slot, { iv, data }) {
      const text = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: utf8.encode(slot) },
        cipher,
        data,
      );
      return new TextDecoder().decode(text);
    },
  };
}

function purpose(info: string): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8.encode(info) };
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
