import { hkdfSync } from 'node:crypto';

/**
 * A key for one purpose, derived from the data key by HKDF-SHA256: 32 bytes. Keys of different purposes tell nothing
 * about each other or about the data key.
 */
export function subkey(dataKey: Uint8Array, purpose: string): Uint8Array {
  if (dataKey.length !== 32) throw new RangeError('a data key has 32 bytes');
  return new Uint8Array(hkdfSync('sha256', dataKey, new Uint8Array(0), `roadbook v1 ${purpose}`, 32));
}
