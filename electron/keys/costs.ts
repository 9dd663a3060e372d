/** How a wrapping key is made from a passphrase; kept with the wrap, so that it can be raised later. */
export interface Costs {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

const MIB = 1024;
/** As many as RFC 9106 (section 4) recommends. */
const LANES = 4;

/** OWASP's minimum for Argon2id (Password Storage Cheat Sheet): 19 MiB with two passes, or 46 MiB with one. */
export function meetsMinimum({ memoryKiB, passes, lanes }: Costs): boolean {
  if (lanes < 1) return false;
  return (memoryKiB >= 19 * MIB && passes >= 2) || (memoryKiB >= 46 * MIB && passes >= 1);
}

/** Bounds for a file that may have been changed: more would only hold up the machine. */
export function areSane({ memoryKiB, passes, lanes }: Costs): boolean {
  const whole = [memoryKiB, passes, lanes].every((value) => Number.isInteger(value) && value > 0);
  return whole && memoryKiB <= 2048 * MIB && passes <= 64 && lanes <= 16 && memoryKiB >= 8 * lanes;
}

/**
 * Cheapest first. The first is nearly three times OWASP's minimum, so that a busy moment during the set-up does not
 * make the key of years weak; the second is the second choice of RFC 9106, whose first one needs 2 GiB.
 */
const LADDER: readonly Costs[] = [
  { memoryKiB: 64 * MIB, passes: 2, lanes: LANES },
  { memoryKiB: 64 * MIB, passes: 3, lanes: LANES },
  { memoryKiB: 128 * MIB, passes: 3, lanes: LANES },
  { memoryKiB: 256 * MIB, passes: 3, lanes: LANES },
];
const PROBE: Costs = { memoryKiB: 64 * MIB, passes: 1, lanes: LANES };

/**
 * What opening by passphrase may take on the machine where it was chosen, milliseconds: it is part of every start, and
 * below this a screen seems to follow at once.
 */
export const TARGET_MS = 150;

/**
 * The dearest costs that this machine bears within TARGET_MS, never below the first of the ladder, whatever was measured.
 * Argon2's work is memory times passes, so one probe stands for all.
 * @param probe milliseconds that hashing with the given costs took
 */
export async function chooseCosts(probe: (costs: Costs) => Promise<number>): Promise<Costs> {
  const perWork = (await probe(PROBE)) / workOf(PROBE);
  const borne = LADDER.filter((costs) => perWork * workOf(costs) <= TARGET_MS);
  return borne.at(-1) ?? (LADDER[0] as Costs);
}

function workOf({ memoryKiB, passes }: Costs): number {
  return memoryKiB * passes;
}
