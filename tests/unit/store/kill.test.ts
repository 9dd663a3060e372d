import { describe, expect, it } from 'vitest';
import { killsOf, torture } from '../../torture/lib/kills.ts';
import { folder } from './helpers.ts';

/** Each named step of a commit, and moments; as many as a busy machine lets through in this time. */
const KILLS = 24;
const MILLIS = 35_000;

describe('a process that is killed while it writes', () => {
  it(
    'leaves of every commit all or nothing, and nothing acknowledged is lost',
    async () => {
      const seed = Date.now() % 2 ** 31;
      const until = performance.now() + MILLIS;
      const told = await torture({ folder: folder(), kills: killsOf(KILLS, seed), until }).catch((error) => {
        throw new Error(`npm run torture -- store --seed ${seed}`, { cause: error });
      });
      expect(told.kills).toBeGreaterThan(0);
      // Nearly all of these are to die at the first time of a step: if most lived on, steps are not heard of.
      expect(told.struck).toBeGreaterThan(told.asked / 2);
      expect(told.commits).toBeGreaterThan(told.kills);
    },
    MILLIS + 60_000,
  );
});
