import { describe, expect, it } from 'vitest';
import { makeScale } from '../../../renderer/components/scale.ts';
import { columnsOf, sortableFields } from '../../../renderer/views/list/layout.ts';
import { extend, noSelection, rangeOf, toggle } from '../../../renderer/views/list/selection.ts';
import { firstDirection, pressHead, sortWords } from '../../../renderer/views/list/sorting.ts';
import { entityOf } from '../../../shared/model/index.ts';

describe('scaled scrolling', () => {
  it('leaves heights alone that an element can have', () => {
    const scale = makeScale(16_000_000, 700);
    expect(scale.physical).toBe(16_000_000);
    expect(scale.ratio).toBe(1);
    expect(scale.toReal(1234.5)).toBe(1234.5);
  });
  it('reaches the first and the last of ten million rows exactly', () => {
    const viewport = 700;
    const real = 10_000_000 * 40;
    const scale = makeScale(real, viewport);
    // Beyond 2^24 a float cannot name every pixel.
    expect(scale.physical).toBeLessThan(2 ** 24);
    expect(scale.toReal(0)).toBe(0);
    expect(scale.toReal(scale.physical - viewport)).toBeCloseTo(real - viewport, 3);
  });
  it('comes back to the same place', () => {
    const scale = makeScale(1_000_000 * 40, 700);
    expect(scale.toReal(scale.toPhysical(31_234_567))).toBeCloseTo(31_234_567, 3);
  });
});

describe('a press on a head', () => {
  const amount = { field: 'amount', direction: 'desc' } as const;
  const close = { field: 'closeDate', direction: 'asc' } as const;
  it('orders by it alone', () => {
    expect(pressHead([amount, close], 'name', 'asc', false)).toEqual([{ field: 'name', direction: 'asc' }]);
  });
  it('turns the order round when it is the first already', () => {
    expect(pressHead([amount], 'amount', 'desc', false)).toEqual([{ field: 'amount', direction: 'asc' }]);
  });
  it('adds a second order with shift and turns that one round the next time', () => {
    const two = pressHead([amount], 'closeDate', 'asc', true);
    expect(two).toEqual([amount, close]);
    expect(pressHead(two, 'closeDate', 'asc', true)).toEqual([
      amount,
      { field: 'closeDate', direction: 'desc' },
    ]);
  });
  it('is told in words', () => {
    expect(sortWords([amount, close], (field) => (field === 'amount' ? 'Amount' : 'Close date'))).toBe(
      'Amount, then Close date',
    );
  });
  it('starts figures from the top and names from A', () => {
    const { fields } = entityOf('deals');
    expect(firstDirection('amount', fields.amount)).toBe('desc');
    expect(firstDirection('name', fields.name)).toBe('asc');
    expect(firstDirection('updatedAt', undefined)).toBe('desc');
  });
});

describe('columns', () => {
  it('come from the model: every listed field, the name first, the owner and the last change at the end', () => {
    expect(columnsOf('deals').map((column) => column.field)).toEqual([
      'name',
      'account',
      'stage',
      'amount',
      'probability',
      'closeDate',
      'owner',
      'updatedAt',
    ]);
  });
  it('never offer an order that the store has no column for', () => {
    for (const collection of ['accounts', 'contacts', 'leads', 'deals', 'activities', 'products'] as const) {
      const { fields } = entityOf(collection);
      for (const { field } of sortableFields(entityOf(collection))) {
        if (field !== 'name' && field !== 'updatedAt') expect(fields[field]?.column).toBeDefined();
      }
    }
  });
});

describe('selection', () => {
  it('is empty again when the last one is taken out', () => {
    expect(toggle(toggle(noSelection, 'a', 3), 'a', 3)).toEqual(noSelection);
  });
  it('stretches from the row that was selected first, in both directions', () => {
    const one = toggle(noSelection, 'c', 3);
    expect(rangeOf(one, 7)).toEqual([3, 7]);
    expect(rangeOf(one, 1)).toEqual([1, 3]);
    const many = extend(one, ['c', 'd'], 4);
    expect([...many.ids]).toEqual(['c', 'd']);
    expect(many.anchor).toBe(3);
  });
});
