import { hash, randomBytes } from 'node:crypto';
import type { HashText } from '../../shared/hash.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';

/** What a test wants to play with: time and randomness. */
export interface Environment {
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  readonly random: RandomBytes;
}

export const realEnvironment: Environment = { now: Date.now, random: (length) => randomBytes(length) };

/** Node's own SHA-256. */
export const sha256: HashText = (text) => hash('sha256', text);

export function instant(millis: number): string {
  return new Date(millis).toISOString();
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
