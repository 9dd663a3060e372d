import { DEVICES, PEOPLE } from './company.ts';
import type { History, Step } from './history.ts';
import { Chance } from './random.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Make = (chance: Chance) => Step;
const device = (chance: Chance) => chance.below(DEVICES.length);
const person = (chance: Chance) => chance.below(PEOPLE.length);
const dice = (chance: Chance) => chance.below(2 ** 31);

/** How often each kind of step is taken, beside each other. */
const kinds: readonly (readonly [weight: number, make: Make])[] = [
  [40, (c) => ({ do: 'act', device: device(c), chance: dice(c) })],
  [22, (c) => ({ do: 'sync', device: device(c) })],
  [16, (c) => ({ do: 'pass', millis: c.pick([1, 20, 60, 300, 2_000, 30_000, 5 * MINUTE]) })],
  [4, (c) => ({ do: 'cut', device: device(c), way: c.pick(['both', 'up', 'down'] as const) })],
  [3, (c) => ({ do: 'mend', device: device(c) })],
  [5, (c) => ({ do: 'weather', device: device(c), bad: c.pick([0, 0.2, 0.4, 0.7]) })],
  [2, (c) => ({ do: 'echo', device: device(c), chance: dice(c) })],
  [
    4,
    (c) => ({
      do: 'kill-device',
      device: device(c),
      calls: c.between(1, 40),
      when: c.pick(['before', 'after'] as const),
    }),
  ],
  [
    3,
    (c) => ({
      do: 'kill-server',
      requests: c.between(1, 6),
      when: c.pick(['before', 'middle', 'after'] as const),
      millis: c.pick([10, 1_000, 20_000]),
    }),
  ],
  [4, (c) => ({ do: 'act-amid', device: device(c), calls: c.between(1, 40), chance: dice(c) })],
  [2, (c) => ({ do: 'full', device: device(c), commits: c.between(1, 4) })],
  [
    2,
    (c) => ({
      do: 'skew',
      device: device(c),
      millis: c.pick([-DAY, -5 * MINUTE, 0, 90_000, DAY, 400 * DAY]),
    }),
  ],
  [2, (c) => ({ do: 'outdate', device: device(c), isOld: c.happens(0.6) })],
  [1, (c) => ({ do: 'later-record', chance: dice(c) })],
  [2, () => ({ do: 'backup' })],
  [1, () => ({ do: 'restore' })],
  [4, (c) => ({ do: 'move', person: person(c), chance: dice(c) })],
  [1, (c) => ({ do: 'role', person: person(c), chance: dice(c) })],
  [2, (c) => ({ do: 'reach', chance: dice(c) })],
  [1, (c) => ({ do: 'tree', chance: dice(c) })],
  [1, (c) => ({ do: 'quarantine', chance: dice(c) })],
];
const total = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** A history of that many steps; the same for the same seed. */
export function plan(seed: number, steps = 15 + new Chance(seed, 'length').below(75)): History {
  const chance = new Chance(seed, 'plan');
  return { seed, steps: Array.from({ length: steps }, () => stepOf(chance)) };
}

function stepOf(chance: Chance): Step {
  let at = chance.below(total);
  for (const [weight, make] of kinds) {
    if (at < weight) return make(chance);
    at -= weight;
  }
  return { do: 'pass', millis: 1 };
}
