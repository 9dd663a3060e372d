import { createHash, randomBytes } from 'node:crypto';
import { RoadbookError } from '../../shared/errors.ts';

/**
 * The recovery code: eight groups of four signs of Crockford's base32. Each group carries 16 bits of the secret and 4
 * check bits that depend on the group's place, so that a typing error is not only noticed but named: the wrong group
 * is known with 15 chances in 16, before anything is tried. The secret has 128 bits.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 8;
const SIGNS = 4;

export interface RecoveryCode {
  /** As it is printed: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX. */
  readonly text: string;
  /** 16 bytes. */
  readonly secret: Uint8Array;
}

export function makeRecoveryCode(random: (bytes: number) => Uint8Array = randomBytes): RecoveryCode {
  const secret = Uint8Array.from(random(2 * GROUPS));
  const groups: string[] = [];
  for (let group = 0; group < GROUPS; group += 1) {
    const value = ((secret[2 * group] as number) << 8) | (secret[2 * group + 1] as number);
    let bits = (value << 4) | checkOf(group, value);
    let signs = '';
    for (let i = 0; i < SIGNS; i += 1) {
      signs = (ALPHABET[bits & 31] as string) + signs;
      bits >>>= 5;
    }
    groups.push(signs);
  }
  return { text: groups.join('-'), secret };
}

/**
 * Reads a code as people type it: any case, O for 0, I or L for 1, with or without separators.
 * @throws store.wrong_recovery_code; details.group (1 to 8) names the group with the typing error,
 * details.signs says how many signs were given where it is not 32
 */
export function parseRecoveryCode(text: string): Uint8Array {
  const signs = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-–—_.]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (signs.length !== GROUPS * SIGNS) {
    throw new RoadbookError('store.wrong_recovery_code', { signs: signs.length });
  }
  const secret = new Uint8Array(2 * GROUPS);
  for (let group = 0; group < GROUPS; group += 1) {
    let bits = 0;
    for (const sign of signs.slice(group * SIGNS, (group + 1) * SIGNS)) {
      const value = ALPHABET.indexOf(sign);
      if (value < 0) throw new RoadbookError('store.wrong_recovery_code', { group: group + 1 });
      bits = (bits << 5) | value;
    }
    const value = bits >>> 4;
    if (checkOf(group, value) !== (bits & 15))
      throw new RoadbookError('store.wrong_recovery_code', { group: group + 1 });
    secret[2 * group] = value >>> 8;
    secret[2 * group + 1] = value & 255;
  }
  return secret;
}

function checkOf(group: number, value: number): number {
  const bytes = createHash('sha256')
    .update(Uint8Array.of(group, value >>> 8, value & 255))
    .digest();
  return (bytes[0] as number) & 15;
}
