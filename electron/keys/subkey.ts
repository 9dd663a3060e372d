import { createHmac } from 'node:crypto';
import { secretBytes } from './secret.ts';

const LENGTH = 32;

/**
 * A key for one purpose, derived from the data key by HKDF-SHA256 (RFC 5869, no salt): 32 bytes. Keys of different
 * purposes tell nothing about each other or about the data key.
 *
 * Written with HMAC, because hkdfSync() first makes a key object of the data key: a copy that is wiped when somebody
 * collects it, and not when its use is over.
 */
export function subkey(dataKey: Uint8Array, purpose: string): Uint8Array {
  if (dataKey.length !== 32) throw new RangeError('a data key has 32 bytes');
  const extracted = createHmac('sha256', new Uint8Array(LENGTH)).update(dataKey).digest();
  const block = createHmac('sha256', extracted)
    .update(`roadbook v1 ${purpose}`)
    .update(Uint8Array.of(1))
    .digest();
  const key = secretBytes(block);
  extracted.fill(0);
  block.fill(0);
  return key;
}
