/** A seeded source of numbers in [0, 1), the same on every machine (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const whole = (random: Random, below: number): number => Math.floor(random() * below);

export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[whole(random, list.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from.');
  return item;
}

/** Early items more often than late ones, as surnames and cities are. */
export function pickSkewed<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() ** 2 * list.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from.');
  return item;
}

export const randomBytes = (random: Random) => (length: number) =>
  Uint8Array.from({ length }, () => whole(random, 256));
