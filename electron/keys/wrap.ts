import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Costs, chooseCosts } from './costs.ts';
import { secretBytes } from './secret.ts';

export type WrapKind = 'passphrase' | 'recovery' | 'keychain';

/** A data key under another key: base64 of a 12-byte nonce and of ciphertext with its 16-byte tag. */
export interface Sealed {
  readonly nonce: string;
  readonly sealed: string;
}

/** Its native code is loaded when a key will be wanted, not while the first screen is. */
export function loadArgon2(): Promise<typeof import('argon2')> {
  return import('argon2');
}

/** Bytes of a passphrase: normalised, so that the same words typed on another keyboard are the same. */
export function passphraseBytes(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize('NFKC'));
}

export async function keyFromPassphrase(
  passphrase: string,
  salt: Uint8Array,
  costs: Costs,
): Promise<Uint8Array> {
  const bytes = Buffer.from(passphraseBytes(passphrase));
  try {
    const { argon2id, hash } = await loadArgon2();
    return await hash(bytes, {
      raw: true,
      type: argon2id,
      salt: Buffer.from(salt),
      hashLength: 32,
      memoryCost: costs.memoryKiB,
      timeCost: costs.passes,
      parallelism: costs.lanes,
    });
  } finally {
    bytes.fill(0);
  }
}

/** A neighbour that is busy for a moment must not make the key of years weaker: the best of some probes counts. */
const PROBES = 3;

let measured: Promise<Costs> | undefined;

/** Costs for this machine, measured once in a process. */
export function machineCosts(): Promise<Costs> {
  measured ??= chooseCosts(async (costs) => {
    let best = Number.POSITIVE_INFINITY;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const start = performance.now();
      await keyFromPassphrase('how long does it take here', randomBytes(16), costs);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  });
  return measured;
}

/** A secret that is random already needs no slow hash. */
export function keyFromSecret(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, 'roadbook v1 recovery code', 32));
}

/** @param bound everything that the wrap is bound to: id, kind and parameters */
export function seal(wrappingKey: Uint8Array, dataKey: Uint8Array, bound: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(Buffer.from(bound));
  const sealed = Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
}

/** The data key; undefined when the wrapping key is not the right one or the wrap was changed. */
export function unseal(
  wrappingKey: Uint8Array,
  { nonce, sealed }: Sealed,
  bound: string,
): Uint8Array | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, Buffer.from(nonce, 'base64'), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(bytes.subarray(32));
  const plain = decipher.update(bytes.subarray(0, 32));
  try {
    decipher.final();
    return secretBytes(plain);
  } catch {
    // The tag does not fit: which of the two it is cannot be told, and need not be.
    return undefined;
  } finally {
    // The caller wipes its own copy and knows nothing of this one.
    plain.fill(0);
  }
}
