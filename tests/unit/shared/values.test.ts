import { describe, expect, it } from 'vitest';
import { type Entity, entities, fieldOf } from '../../../shared/model/index.ts';
import { isCalendarDay, isInstant } from '../../../shared/rules/calendar.ts';
import { unfit } from '../../../shared/rules/safe-value.ts';
import { checkField, isBlank, validateEdit, validateNew } from '../../../shared/rules/validate.ts';

const none = { stages: [] };
const wrong = (entity: Entity, field: string, value: unknown) => {
  const spec = fieldOf(entity, field);
  if (spec === undefined) throw new Error(`there is no field ${field}`);
  return checkField(field, spec, value);
};
const deal = { name: 'Isdom GTX Pro', pipeline: 'p', stage: 'proposal' };

/** The same numbers in every run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const padded = (value: number, length: number) => String(value).padStart(length, '0');

describe('days and times', () => {
  it('are those that Date knows, for any day that can be written', () => {
    const below = chance(20_260_231);
    let known = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const [year, month, day] = [1 + below(9_999), below(15), below(34)];
      const text = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
      const at = new Date(0);
      at.setUTCFullYear(year, month - 1, day);
      const exists =
        at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
      expect([text, isCalendarDay(text)]).toEqual([text, exists]);
      known += exists ? 1 : 0;
    }
    expect(known).toBeGreaterThan(10_000);
  });

  it('are written the way Date writes them, at any moment', () => {
    const below = chance(7);
    for (let round = 0; round < 2_000; round += 1) {
      const text = new Date(below(2 ** 32) * 1_000 + below(1_000)).toISOString();
      expect([text, isInstant(text), isCalendarDay(text.slice(0, 10))]).toEqual([text, true, true]);
    }
  });

  it.each(['2026-02-31', '0000-00-00', '2026-13-01', '2026-00-10', '2100-02-29', '0000-01-01'])(
    'that do not exist are refused in words: %s',
    (day) => {
      for (const problems of [
        validateNew(entities.deals, { ...deal, closeDate: day }, none),
        validateEdit(entities.deals, { ...deal, closeDate: day }, ['closeDate'], none),
      ]) {
        expect(problems).toMatchObject([
          { field: 'closeDate', details: { reason: 'there is no such day in the calendar' } },
        ]);
      }
    },
  );

  it.each([
    '2026-02-31T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:61:00Z',
    '2026-03-01T::Z',
    '2026-03-01T10Z',
    '2026-03-01T10:00:00',
    '2026-03-01T10:00:00+01:00',
  ])('that no clock shows are refused: %s', (at) => {
    expect(wrong(entities.activities, 'startAt', at)).toHaveLength(1);
    expect(wrong(entities.activities, 'startAt', '2026-03-01T10:00:00.000Z')).toEqual([]);
  });

  it('that are stored already do not hold up an edit of another field', () => {
    const stored = { ...deal, name: '   ', closeDate: '2026-02-31', nextStep: 'Call' };
    expect(validateEdit(entities.deals, stored, ['nextStep'], none)).toEqual([]);
  });
});

describe('texts that show nothing', () => {
  it.each([' ', '   ', '\t\n', '\u00a0', '\u200b', '\ufeff \u2060'])('are no name: %j', (text) => {
    expect(isBlank(text)).toBe(true);
    expect(wrong(entities.deals, 'name', text)).toMatchObject([{ details: { reason: 'it is empty' } }]);
  });

  it('are not those of another writing, and a date of spaces is no date', () => {
    for (const text of ['x', ' 道 ', '½', '👩‍🌾', 'ب']) expect(isBlank(text)).toBe(false);
    expect(wrong(entities.deals, 'closeDate', '   ')).toHaveLength(1);
  });
});

describe('names of members', () => {
  it('that every object has already are found at any depth, and only as names', () => {
    for (const text of ['{"__proto__":1}', '{"a":[{"b":{"constructor":{}}}]}', '[[{"prototype":null}]]']) {
      expect(unfit(JSON.parse(text))).toMatch(/is called/);
    }
    expect(unfit({ a: ['__proto__', 'constructor'], b: null, c: 1 })).toBeUndefined();
    let deep: unknown = 1;
    for (let depth = 0; depth < 33; depth += 1) deep = [deep];
    expect(unfit(deep)).toMatch(/too deep/);
  });
});
