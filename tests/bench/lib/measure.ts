/** The value that a share of the samples does not exceed (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('No samples were taken.');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** Milliseconds that one piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export interface Pair {
  readonly ours: number[];
  readonly theirs: number[];
}

/**
 * Runs both sides in turn, A B then B A, so that a machine that is busy or warms up meets both alike. Each side
 * answers with its own figure (usually milliseconds) and may therefore leave its preparation out of the clock.
 */
export async function interleaved(
  runs: number,
  ours: (run: number) => Promise<number>,
  theirs: (run: number) => Promise<number>,
): Promise<Pair> {
  const pair: Pair = { ours: [], theirs: [] };
  for (let run = 0; run < runs; run += 1) {
    if (run % 2 === 0) {
      pair.ours.push(await ours(run));
      pair.theirs.push(await theirs(run));
    } else {
      pair.theirs.push(await theirs(run));
      pair.ours.push(await ours(run));
    }
  }
  return pair;
}

/**
 * Many short samples of both sides, in blocks in turn. `warmUp` samples of each are thrown away first.
 */
export async function sampled<T>(
  inputs: readonly T[],
  ours: (input: T) => unknown,
  theirs: (input: T) => unknown,
  { warmUp = 20, block = 50 } = {},
): Promise<Pair> {
  for (const input of inputs.slice(0, warmUp)) {
    await ours(input);
    await theirs(input);
  }
  const pair: Pair = { ours: [], theirs: [] };
  for (let from = 0; from < inputs.length; from += block) {
    const some = inputs.slice(from, from + block);
    const sides = [
      async () => {
        for (const input of some) pair.ours.push(await timed(() => ours(input)));
      },
      async () => {
        for (const input of some) pair.theirs.push(await timed(() => theirs(input)));
      },
    ];
    if ((from / block) % 2 === 1) sides.reverse();
    for (const side of sides) await side();
  }
  return pair;
}
