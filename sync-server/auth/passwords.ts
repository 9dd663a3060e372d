import argon2 from 'argon2';
import type { RandomBytes } from '../../shared/sync/ids.ts';

/** OWASP's first choice for Argon2id: 46 MiB, one pass, one lane. */
const OPTIONS = { type: argon2.argon2id, memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return argon2.hash(password, OPTIONS);
}

let nobody: Promise<string> | undefined;

/**
 * Whether a password is right. Takes the same work when there is no such person or no password yet, so that the time
 * of an answer does not tell who exists.
 */
export async function passwordMatches(stored: string | null | undefined, password: string): Promise<boolean> {
  if (stored == null) {
    nobody ??= hashPassword('a password that nobody has');
    await argon2.verify(await nobody, password);
    return false;
  }
  return argon2.verify(stored, password);
}

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password for a new person: four groups of five, about 99 bits. */
export function generatePassword(random: RandomBytes): string {
  const letters: string[] = [];
  while (letters.length < 20) {
    for (const byte of random(32)) {
      // Bytes past the last whole multiple would favour the first letters.
      if (byte >= 256 - (256 % ALPHABET.length) || letters.length === 20) continue;
      letters.push(ALPHABET.charAt(byte % ALPHABET.length));
    }
  }
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-');
}
