import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FieldClock,
  type Incoming,
  mergeField,
  mergeItems,
  mergeSet,
} from '../../../shared/sync/merge.ts';

const last = (over: Partial<FieldClock> = {}): FieldClock => ({
  rev: 5,
  clock: '1000000000005-0000-b',
  user: 'ben',
  device: 'b',
  at: '2026-01-01T00:00:00.000Z',
  ...over,
});
const edit = (over: Partial<Incoming> = {}): Incoming => ({
  base: 'base',
  baseRev: 4,
  value: 'mine',
  clock: '1000000000009-0000-a',
  device: 'a',
  ...over,
});

describe('merging one field', () => {
  it('applies an edit that was made on the current revision, whatever its clock says', () => {
    const late = edit({ baseRev: 5, clock: '0000000000001-0000-a' });
    expect(mergeField('last-writer', 'server', last(), late)).toEqual({ result: 'applied', value: 'mine' });
    expect(mergeField('ask', 'server', last(), late)).toEqual({ result: 'applied', value: 'mine' });
  });

  it('lets the later clock win between two edits that did not know of each other', () => {
    expect(mergeField('last-writer', 'server', last(), edit())).toEqual({ result: 'applied', value: 'mine' });
    const earlier = edit({ clock: '1000000000001-0000-a' });
    expect(mergeField('last-writer', 'server', last(), earlier)).toEqual({ result: 'superseded' });
  });

  it('never lets a clock settle a field that money depends on', () => {
    expect(mergeField('ask', 'server', last(), edit())).toEqual({ result: 'conflict' });
  });

  it('sees no conflict when both sides chose the same value', () => {
    const same = edit({ value: { minor: 1, currency: 'USD' } });
    expect(mergeField('ask', { currency: 'USD', minor: 1 }, last(), same)).toEqual({ result: 'unchanged' });
  });

  it('takes the edits of one device as a sequence, even before it heard that the first was accepted', () => {
    expect(mergeField('ask', 'first', last({ device: 'a' }), edit({ value: 'second' }))).toEqual({
      result: 'applied',
      value: 'second',
    });
  });

  it('lets a later edit of a device stand when an earlier one of it arrives after it', () => {
    const later = last({ device: 'a', clock: '1000000000010-0000-a' });
    expect(mergeField('ask', 'second', later, edit({ value: 'first' }))).toEqual({ result: 'superseded' });
  });

  it('never takes a computed value from a device', () => {
    expect(mergeField('computed', 1, undefined, edit())).toEqual({ result: 'unchanged' });
  });

  it('writes an immutable field once', () => {
    expect(mergeField('immutable', null, undefined, edit())).toEqual({ result: 'applied', value: 'mine' });
    expect(mergeField('immutable', 'there', undefined, edit())).toEqual({ result: 'superseded' });
  });
});

describe('merging sets', () => {
  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));

  it('keeps every addition and every removal of both sides', () => {
    fc.assert(
      fc.property(tags, tags, tags, (base, current, value) => {
        const merged = mergeSet(current, base, value);
        for (const tag of value) if (!base.includes(tag)) expect(merged).toContain(tag);
        for (const tag of base) if (!value.includes(tag)) expect(merged).not.toContain(tag);
        for (const tag of current) if (!base.includes(tag)) expect(merged).toContain(tag);
        expect(new Set(merged).size).toBe(merged.length);
      }),
    );
  });
});

describe('merging lists of items', () => {
  const work = { id: '1', type: 'work', number: '1' };

  it('changes different members of one item without losing either', () => {
    const merged = mergeItems([{ ...work, number: '2' }], [work], [{ ...work, type: 'home' }], false);
    expect(merged).toEqual([{ id: '1', type: 'home', number: '2' }]);
  });

  it('keeps an item that one side changed while the other removed it', () => {
    expect(mergeItems([{ ...work, number: '2' }], [work], [], true)).toEqual([{ ...work, number: '2' }]);
    expect(mergeItems([], [work], [{ ...work, number: '3' }], true)).toEqual([{ ...work, number: '3' }]);
  });

  it('removes an item that nobody else touched, and keeps what was added on both sides', () => {
    const added = { id: '2', type: 'home', number: '9' };
    const other = { id: '3', type: 'fax', number: '7' };
    expect(mergeItems([work, added], [work], [other], true)).toEqual([added, other]);
  });

  it('gives the later clock the member that both changed', () => {
    const theirs = [{ ...work, number: '2' }];
    const mine = [{ ...work, number: '3' }];
    expect(mergeItems(theirs, [work], mine, true)).toEqual(mine);
    expect(mergeItems(theirs, [work], mine, false)).toEqual(theirs);
  });
});
