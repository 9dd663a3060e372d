import { describe, expect, test } from 'vitest';
import type { CollectionName, Row } from '../../../shared/model/index.ts';
import { hiddenFrom, leftOut, projectionOf, projections, roles } from '../../../shared/rules/permissions.ts';
import {
  bucketsOfRow,
  bucketsOfViewer,
  type Reach,
  reachOf,
  readReaches,
  withAllBelow,
} from '../../../shared/rules/reach.ts';

const TENANT = 'tenant-1';
const row = (values: Partial<Row> = {}): Row => ({
  id: 'row',
  rev: 1,
  tenant: TENANT,
  owner: 'ada',
  team: 'north-team',
  territory: 'north',
  name: '',
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  body: {},
  ...values,
});
const areas = [
  { id: 'country', parent: '' },
  { id: 'north', parent: 'country' },
  { id: 'north-east', parent: 'north' },
  { id: 'south', parent: 'country' },
  { id: 'north-team', parent: '' },
];
const viewer = { user: 'ben', role: 'rep', team: 'north-team', territory: 'north' };
const sees = (reach: Reach, found: Row, collection: CollectionName = 'deals', who = viewer) => {
  const held = bucketsOfViewer(TENANT, who, reach, areas);
  return bucketsOfRow(found, collection).some((bucket) => held.includes(bucket));
};

describe('what a person sees', () => {
  test('is everything where the company has narrowed nothing', () => {
    expect(reachOf('rep', {})).toBe('company');
    expect(sees('company', row({ owner: '', team: '', territory: '' }))).toBe(true);
  });

  test('is the own territory with all below it, and own records wherever they lie', () => {
    expect(sees('territory', row())).toBe(true);
    expect(sees('territory', row({ territory: 'north-east' }))).toBe(true);
    expect(sees('territory', row({ territory: 'country' }))).toBe(false);
    expect(sees('territory', row({ territory: 'south' }))).toBe(false);
    expect(sees('territory', row({ territory: 'south', owner: 'ben' }))).toBe(true);
    expect(sees('territory', row({ territory: '' }))).toBe(false);
  });

  test('is the own team, or the own records alone', () => {
    expect(sees('team', row({ territory: 'south' }))).toBe(true);
    expect(sees('team', row({ team: 'south-team' }))).toBe(false);
    expect(sees('own', row())).toBe(false);
    expect(sees('own', row({ owner: 'ben' }))).toBe(true);
  });

  test('of somebody without a territory or a team are the own records: no empty name matches another', () => {
    const nobody = { ...viewer, team: '', territory: '' };
    for (const reach of ['territory', 'team'] as const) {
      expect(sees(reach, row({ team: '', territory: '' }), 'deals', nobody)).toBe(false);
    }
  });

  test('is what belongs to nobody, to no team and to no territory: nobody could see it otherwise', () => {
    const nobodys = row({ owner: '', team: '', territory: '' });
    for (const reach of ['territory', 'team', 'own'] as const) {
      expect(sees(reach, nobodys, 'accounts')).toBe(true);
      expect(sees(reach, row({ owner: '', team: '' }), 'accounts')).toBe(reach === 'territory');
    }
  });

  test('always holds prices, colleagues and pipelines', () => {
    for (const collection of ['products', 'directory', 'definitions'] as const) {
      expect(sees('own', row({ owner: '' }), collection)).toBe(true);
    }
  });

  test('of the inbox are the items about records that are seen', () => {
    const item = (territory: string) => row({ territory, body: { device: { user: 'ben' } } });
    expect(sees('territory', item('north'), 'inbox')).toBe(true);
    expect(sees('territory', item('south'), 'inbox')).toBe(false);
    expect(sees('own', row({ owner: 'ben' }), 'inbox')).toBe(true);
  });

  test('is never narrowed for an admin, and nothing but the own records for a role that nobody knows', () => {
    expect(reachOf('admin', readReaches({ admin: 'own' }))).toBe('company');
    expect(reachOf('visitor', {})).toBe('own');
  });
});

test('settings that say nothing known are left out', () => {
  expect(readReaches({ rep: 'territory', manager: 'planet', visitor: 'own', admin: 7 })).toEqual({
    rep: 'territory',
  });
  for (const nothing of [null, undefined, 'rep', 3, []]) expect(readReaches(nothing)).toEqual({});
});

test('a circle of territories ends where it began', () => {
  const circle = [
    { id: 'a', parent: 'b' },
    { id: 'b', parent: 'a' },
  ];
  expect(withAllBelow('a', circle).sort()).toEqual(['a', 'b']);
  expect(withAllBelow('', [{ id: 'top', parent: '' }])).toEqual([]);
});

test('a projection names what a role does not hold, and roles with the same name hold the same', () => {
  for (const role of roles) {
    const projection = projectionOf(role);
    expect(projections).toContain(projection);
    for (const object of ['products', 'deals'] as const) {
      expect(leftOut(projection, object)).toEqual([...hiddenFrom(role, object)].sort());
    }
  }
  expect(projectionOf('admin')).toBe('');
  expect(projectionOf('rep')).toBe('products.cost');
});
