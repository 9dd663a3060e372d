import { type HashText, sha256Hex } from '../hash.ts';
import { canonical } from '../sync/canonical.ts';

/**
 * The audit chain. A leaf is the hash of a random salt and the entry's values; a link is the hash of the link before
 * and the leaf. The values live in a table of their own and can be erased without breaking the chain: the leaf stays.
 */
export interface Link {
  readonly seq: number;
  readonly leaf: string;
  readonly hash: string;
}

/** The link before the first one is bound to device (or tenant) and store incarnation. */
export function genesis(owner: string, incarnation: string, hash: HashText = sha256Hex): string {
  return hash(`roadbook audit v1\n${owner}\n${incarnation}`);
}

/** @param salt 32 hex digits of randomness, so that a known value cannot be guessed from its leaf */
export function leafHash(salt: string, values: unknown, hash: HashText = sha256Hex): string {
  return hash(`${salt}\n${canonical(values)}`);
}

export function linkHash(previous: string, leaf: string, hash: HashText = sha256Hex): string {
  return hash(`${previous}\n${leaf}`);
}

export interface ChainFault {
  readonly seq: number;
  readonly reason: 'gap' | 'link' | 'leaf';
}

/** An entry as it is verified; `values` is absent where they were erased. */
export interface ChainEntry extends Link {
  readonly salt?: string;
  readonly values?: unknown;
}

/**
 * Walks the chain from `start` and names the first entry that does not fit, or returns null.
 * @param start the link before the first entry, and the first sequence number expected
 */
export function verifyChain(
  entries: Iterable<ChainEntry>,
  start: { hash: string; seq: number },
  hash: HashText = sha256Hex,
): ChainFault | null {
  let previous = start.hash;
  let expected = start.seq;
  for (const entry of entries) {
    if (entry.seq !== expected) return { seq: expected, reason: 'gap' };
    if (linkHash(previous, entry.leaf, hash) !== entry.hash) return { seq: entry.seq, reason: 'link' };
    if (
      entry.salt !== undefined &&
      entry.values !== undefined &&
      leafHash(entry.salt, entry.values, hash) !== entry.leaf
    ) {
      return { seq: entry.seq, reason: 'leaf' };
    }
    previous = entry.hash;
    expected += 1;
  }
  return null;
}
