import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { companyBucket, reaches } from '../../shared/rules/reach.ts';
import { routes } from '../../shared/sync/wire.ts';
import { movePerson, setReach } from '../../sync-server/company/scopes.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, mutation, newDeal, push } from '../factories/mutations.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';
import { dealsOf, edit, expectWhole, make, SOURCE, scopedOn } from './support/scopes.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
const scoped = (reach?: string) => scopedOn(server, reach);

describe('what a person receives', () => {
  test('is the own territory, what lies below it, and what everybody sees; no other record, change or total', async () => {
    const { north, northEast, south, join, admin } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', northEast);
    const eve = await join('Eve', south);
    const [ofAnn, ofBen, ofEve] = [await make(ann.device), await make(ben.device), await make(eve.device)];

    const held = await fresh(ann.device);
    expect(dealsOf(held).sort()).toEqual([ofAnn, ofBen].sort());
    expect(dealsOf(await fresh(ben.device))).toEqual([ofBen]);
    expect(dealsOf(await fresh(admin.device)).sort()).toEqual([ofAnn, ofBen, ofEve].sort());
    expectWhole(held);
    expect([...held.rows.values()].some((row) => row.collection === 'definitions')).toBe(true);

    await push(eve.device, edit(eve.device, ofEve, 'secret of the south'));
    await push(ben.device, edit(ben.device, ofBen, 'call'));
    await held.pull(ann.device);
    expect(held.changes.map(({ record }) => record)).toEqual([ofBen]);
    expect(JSON.stringify([...held.rows.values(), ...held.changes])).not.toContain('secret of the south');
    const { body } = await ann.device.post<{ totals: Record<string, number> }>(routes.pull, {
      ...client(),
      checkpoint: null,
      limit: 1,
    });
    expect(body.totals.deals).toBe(2);
  });

  test('of a territory that is gained are its old records; of one that is lost, none stay', async () => {
    const { north, south, join, move } = await scoped();
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const [ofAnn, ofEve] = [await make(ann.device), await make(eve.device)];
    const mirror = await fresh(eve.device);
    expect(dealsOf(mirror)).toEqual([ofEve]);

    await move(eve, north);
    await mirror.pull(eve.device, 2);
    // Her own stays hers, wherever it lies.
    expect(dealsOf(mirror).sort()).toEqual([ofAnn, ofEve].sort());
    await push(
      eve.device,
      group(
        mutation(eve.device, { collection: 'deals', record: ofEve, field: 'owner', value: ann.person.id }),
      ),
    );
    await move(eve, '');
    await mirror.pull(eve.device, 2);
    expect(dealsOf(mirror)).toEqual([]);
    expectWhole(mirror);
    expect(mirror.content()).toEqual((await fresh(eve.device)).content());
  });

  test('leaves with the last reason to see it, not with the first', async () => {
    const { north, south, join, move } = await scoped();
    const ann = await join('Ann', north);
    const deal = await make(ann.device);
    const mirror = await fresh(ann.device);
    expect(mirror.reasons.get(deal)?.size).toBe(2);
    await move(ann, south);
    await mirror.pull(ann.device);
    expect(dealsOf(mirror)).toEqual([deal]);
    expectWhole(mirror);
  });

  test('that was edited after it was received leaves all the same', async () => {
    const { north, south, join, move } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const deal = await make(ann.device);
    const mirror = await fresh(ben.device);
    await push(ann.device, edit(ann.device, deal, 'later'));
    await move(ben, south);
    await mirror.pull(ben.device);
    expect(dealsOf(mirror)).toEqual([]);
  });

  test('moves with its owner: it leaves one territory and comes to the other, with its later changes', async () => {
    const { north, south, join } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const eve = await join('Eve', south);
    const deal = await make(ann.device);
    const [atBen, atEve] = [await fresh(ben.device), await fresh(eve.device)];
    await push(
      ann.device,
      group(
        mutation(ann.device, { collection: 'deals', record: deal, field: 'owner', value: eve.person.id }),
      ),
    );
    await push(eve.device, edit(eve.device, deal, 'taken over'));
    await Promise.all([atBen.pull(ben.device), atEve.pull(eve.device)]);
    expect(dealsOf(atBen)).toEqual([]);
    expect(atEve.row(deal).body.nextStep).toBe('taken over');
    expect(atBen.changes.filter(({ record }) => record === deal)).toEqual([]);
    expectWhole(atBen);
    expectWhole(atEve);
  });

  test('takes its inbox items along, and so does a person who moves', async () => {
    const { north, south, join, move } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const eve = await join('Eve', south);
    const deal = await make(ann.device);
    const amount = (who: typeof ann, minor: number) =>
      group(
        mutation(who.device, {
          collection: 'deals',
          record: deal,
          field: 'amount',
          baseRev: 1,
          value: { minor, currency: 'USD' },
        }),
      );
    await push(ann.device, amount(ann, 100));
    await push(ben.device, amount(ben, 918_273_645));
    const [atAnn, atBen, atEve] = [await fresh(ann.device), await fresh(ben.device), await fresh(eve.device)];
    expect([atAnn, atBen, atEve].map((mirror) => mirror.inbox().length)).toEqual([1, 1, 0]);

    await move(ben, south);
    await atBen.pull(ben.device);
    expect(atBen.inbox()).toEqual([]);
    const handOver = mutation(ann.device, {
      collection: 'deals',
      record: deal,
      field: 'owner',
      base: ann.person.id,
      baseRev: 2,
      value: eve.person.id,
    });
    await push(ann.device, group(handOver));
    for (const [mirror, device] of [
      [atAnn, ann.device],
      [atBen, ben.device],
      [atEve, eve.device],
    ] as const) {
      await mirror.pull(device);
      expectWhole(mirror);
    }
    // Ben sees the south by now, as Eve does, and his value with it.
    expect([atAnn, atBen, atEve].map((mirror) => mirror.inbox().length)).toEqual([0, 1, 1]);
    expect(JSON.stringify([...atAnn.rows.values()])).not.toContain('918273645');
  });

  test('somebody makes for another territory is taken from their device again', async () => {
    const { north, south, join } = await scoped();
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const mirror = await fresh(ann.device);
    const create = newDeal(ann.device, { owner: eve.person.id });
    await push(ann.device, group(create));
    const told: string[] = [];
    const before = mirror.checkpoint;
    await mirror.pull(ann.device);
    expect(mirror.checkpoint).not.toEqual(before);
    expect(mirror.rows.has(create.record)).toBe(false);
    const { body } = await ann.device.post<{ memberships: { id: string; op: string }[] }>(routes.pull, {
      ...client(),
      checkpoint: before,
      limit: 100,
    });
    told.push(...body.memberships.filter(({ id }) => id === create.record).map(({ op }) => op));
    expect(told).toEqual(['remove']);
    expect(dealsOf(await fresh(eve.device))).toEqual([create.record]);
  });

  test('follows what the company lets a role see, in every direction', async () => {
    const { tenant, north, south, join } = await scoped('company');
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const [ofAnn, ofEve] = [await make(ann.device), await make(eve.device)];
    const mirror = await fresh(ann.device);
    const expected = { company: [ofAnn, ofEve], territory: [ofAnn], team: [ofAnn], own: [ofAnn] };
    for (const reach of [...reaches, 'company', 'own', 'company'] as const) {
      await setReach(server.store, tenant, 'rep', reach, SOURCE);
      await mirror.pull(ann.device, 3);
      expect(dealsOf(mirror).sort(), reach).toEqual([...expected[reach]].sort());
      expectWhole(mirror);
    }
  });

  test('holds no field that is kept from the role, and all of them again with another role', async () => {
    const { tenant, north, join } = await scoped();
    const ann = await join('Ann', north);
    const boss = await join('Max', '', 'manager');
    const product = newId();
    const cost = { minor: 4_200, currency: 'USD' };
    const create = mutation(boss.device, {
      collection: 'products',
      record: product,
      op: 'create',
      value: { name: 'GTX Pro', cost },
    });
    const mirror = await fresh(ann.device);
    expect((await push(boss.device, group(create))).verdicts[0]?.status).toBe('accepted');
    const dearer = mutation(boss.device, {
      collection: 'products',
      record: product,
      field: 'cost',
      base: cost,
      baseRev: 1,
      value: { minor: 7_777, currency: 'USD' },
    });
    await push(boss.device, group(dearer));
    await mirror.pull(ann.device);
    expect(mirror.row(product).body).toEqual({ name: 'GTX Pro' });
    expect(JSON.stringify(mirror.changes)).not.toMatch(/cost|"minor":(4200|7777)/);
    expectWhole(mirror);

    await movePerson(server.store, tenant, ann.person.id, { role: 'manager' }, SOURCE);
    await mirror.pull(ann.device, 2);
    expect(mirror.row(product).body.cost).toEqual({ minor: 7_777, currency: 'USD' });
    expectWhole(mirror);
    await movePerson(server.store, tenant, ann.person.id, { role: 'rep' }, SOURCE);
    await mirror.pull(ann.device, 2);
    expect(mirror.row(product).body).toEqual({ name: 'GTX Pro' });
    expectWhole(mirror);
  });
});

test('what a company of one bucket holds stays as it was: the whole company has one reason to be seen', async () => {
  const { tenant, admin } = await scoped();
  const mirror = await fresh(admin.device);
  expect(Object.keys(mirror.checkpoint?.buckets ?? {})).toEqual([companyBucket(tenant)]);
});
