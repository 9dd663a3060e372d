import { describe, expect, it } from 'vitest';
import { canTrace, Disk, powerCuts } from '../../torture/lib/powercut.ts';
import { folder } from './helpers.ts';

const CUTS = 60;
const MILLIS = 25_000;

describe('a power cut', () => {
  it(
    'takes back nothing that was acknowledged, and leaves nothing half-applied, whatever became of unsynced writes',
    async (context) => {
      if (!canTrace()) context.skip('needs strace and the right to trace (Debian: apt-get install strace)');
      const seed = Date.now() % 2 ** 31;
      const told = await powerCuts({ folder: folder(), commits: 12, cuts: CUTS, seed, millis: MILLIS }).catch(
        (error) => {
          throw new Error(`npm run torture -- powercut --seed ${seed}`, { cause: error });
        },
      );
      expect(told.cuts).toBeGreaterThan(told.before);
    },
    MILLIS + 60_000,
  );

  it('is played so that only what was fsynced is certain', () => {
    const [path, other] = ['/d/a', '/d/b'];
    const disk = new Disk();
    const write = (text: string, at = 0) => disk.play({ do: 'write', path, at, data: Buffer.from(text) });
    const left = (fate: 'none' | 'all') =>
      Object.fromEntries([...disk.cut(fate, () => 0.9)].map(([name, bytes]) => [name, bytes.toString()]));
    disk.play({ do: 'make', path });
    write('one');
    expect([left('none'), left('all')]).toEqual([{}, { [path]: 'one' }]);
    disk.play({ do: 'sync', path });
    disk.play({ do: 'sync', path: '/d' });
    write('two', 3);
    expect([left('none'), left('all')]).toEqual([{ [path]: 'one' }, { [path]: 'onetwo' }]);
    disk.play({ do: 'cut', path, size: 4 });
    disk.play({ do: 'rename', path, to: other });
    expect([left('none'), left('all')]).toEqual([{ [path]: 'one' }, { [other]: 'onet' }]);
    disk.play({ do: 'sync', path: '/d' });
    expect(left('none')).toEqual({ [other]: 'one' });
  });
});
