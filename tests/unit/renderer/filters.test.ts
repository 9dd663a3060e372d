import { describe, expect, it } from 'vitest';
import {
  chipOf,
  type FilterContext,
  filterFields,
  isComplete,
  operatorsFor,
  overdueFilters,
} from '../../../renderer/views/list/filters.ts';
import { entityOf } from '../../../shared/model/index.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const deals = entityOf('deals');
const context: FilterContext = {
  people: [{ id: 'u1', name: 'Nora Lindqvist', role: 'rep', active: true }],
  pipelines: [{ id: 'p1', name: 'Field sales', stages: defaultStages }],
  places: [{ id: 't1', name: 'Central' }],
  names: { a1: 'Halden Works' },
  me: 'u9',
};

describe('fields to filter by', () => {
  it('are those the store has a column for', () => {
    for (const { field } of filterFields(deals)) {
      const known = field === 'name' || field === 'owner' || field === 'territory';
      expect(known || deals.fields[field]?.column !== undefined, field).toBe(true);
    }
  });
  it('offer only operators that fit their kind', () => {
    expect(operatorsFor('money')).not.toContain('contains');
    expect(operatorsFor('text')).toContain('contains');
    expect(operatorsFor('items')).toEqual([]);
  });
});

describe('a chip', () => {
  it('says "is open" when the stage is any of the open ones', () => {
    const open = defaultStages.filter((stage) => stage.outcome === 'open').map((stage) => stage.id);
    expect(chipOf({ field: 'stage', op: 'any-of', value: open }, deals, context)).toMatchObject({
      label: 'Stage',
      operator: 'is open',
      value: '',
    });
  });
  it('names people, records, amounts and days', () => {
    const words = (filter: Parameters<typeof chipOf>[0]) => {
      const { operator, value } = chipOf(filter, deals, context);
      return `${operator} ${value}`;
    };
    expect(words({ field: 'owner', op: 'any-of', value: ['u1', 'u9'] })).toBe('is any of Nora Lindqvist, me');
    expect(words({ field: 'account', op: 'any-of', value: ['a1'] })).toBe('is Halden Works');
    expect(words({ field: 'amount', op: 'at-least', value: { minor: 50_000, currency: 'USD' } })).toBe(
      'at least $500',
    );
    expect(words({ field: 'closeDate', op: 'at-most', value: '2017-11-30' })).toBe('until 30 Nov 2017');
    expect(words({ field: 'closeDate', op: 'empty' })).toBe('is empty ');
  });
  it('stays short when many values are chosen', () => {
    const value = defaultStages.map((stage) => stage.id);
    expect(chipOf({ field: 'stage', op: 'any-of', value }, deals, context).value).toBe(
      'Prospecting, Qualification, +4',
    );
  });
});

describe('a filter', () => {
  it('is not sent before it says something', () => {
    expect(isComplete({ field: 'stage', op: 'any-of', value: [] })).toBe(false);
    expect(isComplete({ field: 'name', op: 'contains', value: '' })).toBe(false);
    expect(isComplete({ field: 'amount', op: 'at-least' })).toBe(false);
    expect(isComplete({ field: 'amount', op: 'empty' })).toBe(true);
  });
  it('finds what is late among what is still open only', () => {
    const [open, late] = overdueFilters('deals', '2017-11-13', context.pipelines) ?? [];
    expect(open?.value).not.toContain('won');
    expect(late).toEqual({ field: 'closeDate', op: 'at-most', value: '2017-11-13' });
    expect(overdueFilters('accounts', '2017-11-13', [])).toBeNull();
  });
});
