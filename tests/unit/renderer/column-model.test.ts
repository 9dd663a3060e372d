import { describe, expect, it } from 'vitest';
import {
  columnModel,
  type Move,
  placeFor,
  weightedChange,
} from '../../../renderer/views/board/column-model.ts';
import type { RecordRow } from '../../../shared/ipc.ts';

const deal = (id: string, minor: number): RecordRow => ({
  collection: 'deals',
  id,
  rev: 1,
  deleted: false,
  name: id,
  owner: '',
  team: '',
  territory: '',
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  body: { amount: { minor, currency: 'USD' }, probability: 50 },
  mark: 'in-step',
});
const rows = (...list: RecordRow[]) => ({
  count: list.length,
  at: (index: number) => list[index],
  known: () => list,
});
const ids = (model: { count: number; at(index: number): RecordRow | undefined }) =>
  Array.from({ length: model.count }, (_, index) => model.at(index)?.id ?? '-');
const move = (row: RecordRow, from: string, to: string, index: number): Move => ({
  row,
  from,
  to,
  index,
  fromVersion: 1,
  toVersion: 1,
  saved: false,
});
const [a, b, c] = [deal('a', 300), deal('b', 200), deal('c', 100)];
const byAmount = { field: 'amount', direction: 'desc' } as const;

describe('a column with moves', () => {
  it('shows a card in its new place before the lists know, and nowhere else', () => {
    const moves = [move(b, 'proposal', 'won', 1)];
    expect(ids(columnModel(rows(a, b, c), 'proposal', moves))).toEqual(['a', 'c']);
    expect(ids(columnModel(rows(deal('x', 500), deal('y', 50)), 'won', moves))).toEqual(['x', 'b', 'y']);
  });
  it('does not show a card twice once the list has it', () => {
    const moves = [move(b, 'proposal', 'won', 0)];
    expect(ids(columnModel(rows(b, deal('y', 50)), 'won', moves))).toEqual(['b', 'y']);
    expect(ids(columnModel(rows(a, c), 'proposal', moves))).toEqual(['a', 'c']);
  });
  it('follows several moves at once', () => {
    const moves = [move(a, 'proposal', 'won', 0), move(c, 'proposal', 'won', 1)];
    expect(ids(columnModel(rows(a, b, c), 'proposal', moves))).toEqual(['b']);
    expect(ids(columnModel(rows(), 'won', moves))).toEqual(['a', 'c']);
  });
  it('opens a gap and keeps the order around it', () => {
    const model = columnModel(rows(a, b, c), 'proposal', [], 1);
    expect(ids(model)).toEqual(['a', '-', 'b', 'c']);
    expect(model.gap).toBe(1);
    expect(columnModel(rows(a), 'proposal', [], 9).gap).toBe(1);
  });
});

describe('a dropped card', () => {
  it('stands where the order of the board wants it', () => {
    const column = rows(a, b, c);
    expect(placeFor(column, deal('x', 250), byAmount)).toBe(1);
    expect(placeFor(column, deal('x', 1), byAmount)).toBe(3);
    expect(placeFor(column, deal('x', 1), { field: 'amount', direction: 'asc' })).toBe(0);
  });
  it('does not guess a place among rows that are not here', () => {
    expect(placeFor({ count: 5, at: () => undefined }, deal('x', 1), byAmount)).toBe(-1);
  });
  it('says what it does to the weighted sum', () => {
    expect(weightedChange(deal('x', 8_445_900), 80)).toBe(2_533_770);
    expect(weightedChange(deal('x', 8_445_900), 0)).toBe(-4_222_950);
  });
});
