import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Fills `length` bytes with randomness fit for ids and keys. Passed in so that a test can replay a history. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits. Made on the device and final.
 * @param now milliseconds since 1970, UTC
 */
export function uuidv7(now: number, random: RandomBytes): string {
  const bytes = random(16);
  let rest = Math.floor(now);
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return format(bytes, 7);
}

/** UUIDv5 (RFC 9562, 5.5): the same name under the same namespace gives the same id on every device. */
export function uuidv5(namespace: string, name: string): string {
  const ns = hexToBytes(namespace.replaceAll('-', ''));
  const text = utf8ToBytes(name);
  const input = new Uint8Array(ns.length + text.length);
  input.set(ns);
  input.set(text, ns.length);
  return format(sha1(input).slice(0, 16), 5);
}

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

function format(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
