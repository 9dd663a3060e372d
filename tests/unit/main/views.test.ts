import { expect, test } from 'vitest';
import { collections, pathOf } from '../../../electron/records/collections.ts';
import { sumPaths, translate } from '../../../electron/records/views.ts';
import type { Filter } from '../../../shared/ipc/records.ts';
import { deals } from '../../../shared/model/deal.ts';

const me = { id: 'user-1' };
const selector = (filter: Filter, collection = 'deals') =>
  translate({ collection, filters: [filter], sort: [] }, me).selector;

test('lists sort and filter by names of fields, wherever the values lie', () => {
  expect(pathOf(deals, 'stage')).toBe('body.stage');
  expect(pathOf(deals, 'amount')).toBe('body.amount.minor');
  expect(pathOf(deals, 'owner')).toBe('owner');
  expect(pathOf(deals, 'name')).toBe('name');
  expect(pathOf(deals, 'updatedAt')).toBe('updatedAt');
  expect(pathOf(deals, 'constructor')).toBeNull();
  const query = translate(
    { collection: 'deals', filters: [], sort: [{ field: 'amount', direction: 'desc' }] },
    me,
  );
  expect(query).toEqual({
    collection: 'deals',
    selector: {},
    sort: [{ path: 'body.amount.minor', direction: 'desc' }],
  });
});

test('every operator becomes a condition of the store', () => {
  expect(selector({ field: 'stage', op: 'is', value: 'won' })).toEqual({
    $and: [{ 'body.stage': { $eq: 'won' } }],
  });
  expect(selector({ field: 'stage', op: 'is-not', value: 'won' })).toEqual({
    $and: [{ 'body.stage': { $ne: 'won' } }],
  });
  expect(selector({ field: 'stage', op: 'any-of', value: ['won', 'lost'] })).toEqual({
    $and: [{ 'body.stage': { $in: ['won', 'lost'] } }],
  });
  expect(selector({ field: 'closeDate', op: 'at-least', value: '2026-11-01' })).toEqual({
    $and: [{ 'body.closeDate': { $gte: '2026-11-01' } }],
  });
  expect(selector({ field: 'name', op: 'contains', value: 'a.b' })).toEqual({
    $and: [{ name: { $contains: 'a.b' } }],
  });
  expect(selector({ field: 'nextStep', op: 'empty' })).toEqual({
    $and: [{ 'body.nextStep': { $in: [null, ''] } }],
  });
  expect(selector({ field: 'nextStep', op: 'not-empty' })).toEqual({
    $and: [{ 'body.nextStep': { $nin: [null, ''] } }],
  });
  expect(selector({ field: 'emails', op: 'contains', value: 'x' }, 'contacts')).toEqual({
    $and: [{ 'body.emails.*.address': { $contains: 'x' } }],
  });
});

test('me stands for the viewer where a field names a user, and nowhere else', () => {
  expect(selector({ field: 'owner', op: 'is', value: 'me' })).toEqual({
    $and: [{ owner: { $eq: 'user-1' } }],
  });
  expect(selector({ field: 'owner', op: 'any-of', value: ['me', 'user-2'] })).toEqual({
    $and: [{ owner: { $in: ['user-1', 'user-2'] } }],
  });
  expect(selector({ field: 'nextStep', op: 'is', value: 'me' })).toEqual({
    $and: [{ 'body.nextStep': { $eq: 'me' } }],
  });
});

test('money compares by its minor units', () => {
  expect(selector({ field: 'amount', op: 'at-least', value: { minor: 500, currency: 'USD' } })).toEqual({
    $and: [{ 'body.amount.minor': { $gte: 500 } }],
  });
  expect(sumPaths('deals')).toEqual({
    path: 'body.amount.minor',
    by: 'body.amount.currency',
    weight: 'body.probability',
  });
  expect(sumPaths('activities')).toBeNull();
});

test('an unknown object or field is refused by name', () => {
  expect(() => translate({ collection: 'secrets', filters: [], sort: [] }, me)).toThrow(
    expect.objectContaining({ code: 'sync.unknown_object' }),
  );
  expect(() => selector({ field: '__proto__', op: 'is', value: 1 })).toThrow(
    expect.objectContaining({ code: 'request.invalid' }),
  );
});

test('every collection has columns for the keys that all lists use, and no column twice', () => {
  for (const { name, columns, search } of collections) {
    const names = columns.map((column) => column.name);
    expect(names, name).toEqual(expect.arrayContaining(['name', 'updatedAt', 'createdAt', 'owner']));
    expect(new Set(names).size, name).toBe(names.length);
    expect(new Set(columns.map((column) => column.path)).size, name).toBe(columns.length);
    expect(
      [...search.title, ...search.text].every((path) => path.startsWith('body.')),
      name,
    ).toBe(true);
  }
  expect(collections.find(({ name }) => name === 'contacts')?.search.text).toContain('body.emails.*.address');
});
