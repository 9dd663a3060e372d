import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../../shared/sync/canonical.ts';

/** The definition, written as plainly as it can be. */
function plainly(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${plainly(record[key])}`)
    .join(',')}}`;
}

test('any value has the text of its definition, whatever the order and form of its keys', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('b', 'a', '10', '2', '1a', '__proto__', 'toJSON', '', 'constructor'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const before = JSON.stringify(given);
      expect(canonical(given)).toBe(plainly(given));
      expect(JSON.stringify(given)).toBe(before);
    }),
    { numRuns: 500 },
  );
});

test('members without a value do not exist, and the same value has one text', () => {
  expect(canonical({ b: 1, a: undefined })).toBe('{"b":1}');
  expect(canonical({ b: [{ d: 1, c: 2 }], a: 'x' })).toBe('{"a":"x","b":[{"c":2,"d":1}]}');
  expect(canonical([undefined, null])).toBe('[null,null]');
  expect(canonical({ 10: 1, 2: 2 })).toBe('{"10":1,"2":2}');
});
