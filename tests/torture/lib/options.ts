import { parseArgs } from 'node:util';

export interface TortureOptions {
  readonly minutes: number | undefined;
  readonly kills: number | undefined;
  readonly cuts: number | undefined;
  readonly seed: number;
  readonly path: string | undefined;
  /** Where the sync server keeps its records. */
  readonly database: 'sqlite' | 'postgres';
  /** Real processes instead of simulated ones. */
  readonly processes: boolean;
}

/** Options of a torture; without a seed, one is taken from the clock. Print it: it plays the same again. */
export function tortureOptions(args = process.argv.slice(2)): TortureOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string' },
      kills: { type: 'string' },
      cuts: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      database: { type: 'string', default: 'sqlite' },
      processes: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'minutes' | 'kills' | 'cuts' | 'seed'): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new TypeError(`--${name} takes a number`);
    return value;
  };
  const { database } = values;
  if (database !== 'sqlite' && database !== 'postgres') {
    throw new TypeError('--database is sqlite or postgres');
  }
  return {
    minutes: number('minutes'),
    kills: number('kills'),
    cuts: number('cuts'),
    seed: number('seed') ?? Date.now() % 2 ** 31,
    path: values.path,
    database,
    processes: values.processes,
  };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
