import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeySort } from '../../../electron/store/engine/keysort.ts';
import { KeyWriter } from '../../../electron/store/engine/sortkeys.ts';
import { compareValues } from '../../../electron/store/engine/values.ts';

const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'ab', 'b', '\0', 'é', '\uffff', '\ud83d\ude00', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.uint8Array({ maxLength: 20 }),
);

function keyOf(values: readonly (readonly [string | number | Uint8Array | null, boolean])[]): Buffer {
  const writer = new KeyWriter();
  writer.start();
  for (const [one, descending] of values) writer.put(one, descending);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

function finished(sort: KeySort) {
  const steps = sort.sorted();
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

describe('keys of bytes', () => {
  it('compare as the values that they are made of, in either direction, part after part', () => {
    fc.assert(
      fc.property(value, value, value, value, fc.boolean(), fc.boolean(), (a1, a2, b1, b2, down1, down2) => {
        const a = keyOf([[a1, down1] as const, [a2, down2] as const]);
        const b = keyOf([[b1, down1] as const, [b2, down2] as const]);
        const first = compareValues(a1, b1) * (down1 ? -1 : 1);
        const wanted = first !== 0 ? first : compareValues(a2, b2) * (down2 ? -1 : 1);
        expect(Math.sign(Buffer.compare(a, b))).toBe(Math.sign(wanted) + 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a sort by keys', () => {
  it('stands in the order of the keys, whatever runs and merges they went through', () => {
    const count = 30_000;
    const keys = Array.from({ length: count }, (_, n) =>
      keyOf([
        [`same ${(n * 7919) % 601}`, false],
        [n, n % 2 === 0],
      ]),
    );
    const sort = new KeySort(count, 0, false);
    for (const [row, key] of keys.entries()) sort.add(row, 0, key, key.length);
    const { rows, tied } = finished(sort);
    const wanted = [...keys.keys()].sort((a, b) => Buffer.compare(keys[a] as Buffer, keys[b] as Buffer));
    expect(tied).toEqual([]);
    expect([...rows]).toEqual(wanted);
  });

  it('keeps less of each key where memory is short, and says which rows it cannot tell apart', () => {
    const count = 5000;
    // Equal for far longer than what is kept in the end.
    const long = 'x'.repeat(2000);
    const text = (n: number) => (n % 3 === 0 ? `${long}${n}` : `short ${n % 100}`);
    const keys = Array.from({ length: count }, (_, n) =>
      keyOf([
        [text(n), false],
        [n, false],
      ]),
    );
    const sort = new KeySort(count, 0, false, 300_000);
    for (const [row, key] of keys.entries()) sort.add(row, 0, key, key.length);
    const { rows, tied } = finished(sort);
    expect(sort.most).toBeLessThan(1000);
    expect(tied).toHaveLength(1);
    const [group] = tied as [{ from: number; to: number }];
    const inGroup = [...rows.subarray(group.from, group.to)].sort((a, b) => a - b);
    expect(inGroup).toEqual([...keys.keys()].filter((n) => n % 3 === 0));
    const others = [...rows].filter((row) => row % 3 !== 0);
    expect(others).toEqual(
      [...keys.keys()]
        .filter((n) => n % 3 !== 0)
        .sort((a, b) => Buffer.compare(keys[a] as Buffer, keys[b] as Buffer)),
    );
  });
});
