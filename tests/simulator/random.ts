import { randomFrom } from '../torture/lib/options.ts';

/** Chances that are the same for the same seed. */
export class Chance {
  readonly #next: () => number;

  /** @param names numbers and words that tell this source from all others */
  constructor(...names: readonly (string | number)[]) {
    this.#next = randomFrom(mixed(names.join(' ')));
  }

  /** 0 to most - 1. */
  below(most: number): number {
    return Math.floor(this.#next() * most);
  }

  /** From least to most, both possible. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  happens(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** FNV-1a over the text: a seed from names. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
