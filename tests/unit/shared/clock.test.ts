import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capStamp, HybridClock, parseStamp } from '../../../shared/sync/hlc.ts';

describe('the hybrid clock', () => {
  it('never repeats and never runs backwards, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000_000 }), { minLength: 2 }), (walls) => {
        let at = 0;
        const clock = new HybridClock('device', () => walls[at] ?? 0);
        const stamps = walls.map((_, index) => {
          at = index;
          return clock.tick();
        });
        const sorted = [...new Set(stamps)].sort();
        expect(sorted).toEqual(stamps);
      }),
    );
  });

  it('goes on after its last stamp when the device was restarted with its clock set back', () => {
    const before = new HybridClock('d', () => 2_000).tick();
    const after = new HybridClock('d', () => 1_000, before).tick();
    expect(after > before).toBe(true);
  });

  it('is later than every stamp it has seen', () => {
    const clock = new HybridClock('d', () => 1_000);
    clock.receive('0000000005000-0003-other');
    expect(clock.tick() > '0000000005000-0003-other').toBe(true);
  });

  it('moves on when more edits fall into one millisecond than the counter holds', () => {
    const clock = new HybridClock('d', () => 1_000, `0000000001000-ffff-d`);
    expect(parseStamp(clock.tick())).toEqual({ millis: 1_001, counter: 0, node: 'd' });
  });

  it('lowers a stamp from the future to the time of receipt, and leaves the past alone', () => {
    expect(capStamp('0000000009000-0001-d', 5_000, 7)).toBe('0000000005000-0007-d');
    expect(capStamp('0000000004000-0001-d', 5_000, 7)).toBe('0000000004000-0001-d');
  });
});
