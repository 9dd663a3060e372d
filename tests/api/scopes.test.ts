import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { companyBucket, reaches } from '../../shared/rules/reach.ts';
import { routes } from '../../shared/sync/wire.ts';
import { movePerson, reachesOf, setReach } from '../../sync-server/company/scopes.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, type Mirror } from '../factories/mirror.ts';
import { client, group, mutation, newAccount, newDeal, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

const SOURCE = { kind: 'admin', name: 'test' };
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A company with a tree of territories (north over north-east, beside south) and people in them. */
async function scoped(reach = 'territory') {
  const { id: tenant } = await server.addCompany();
  const north = newId();
  const northEast = newId();
  const south = newId();
  const area = (id: string, name: string, parent?: string) => ({
    collection: 'directory' as const,
    id,
    body: { kind: 'territory', name, ...(parent === undefined ? {} : { parent }) },
  });
  await writeRecords(
    server.store,
    tenant,
    [area(north, 'North'), area(northEast, 'North-east', north), area(south, 'South')],
    SOURCE,
  );
  await setReach(server.store, tenant, 'rep', reach, SOURCE);
  const join = async (name: string, territory: string, role = 'rep') => {
    const person = await server.addPerson(tenant, { name, territory, role });
    return { person, device: await server.signIn(person, { name: `${name}'s laptop` }) };
  };
  const admin = await join('Ada', '', 'admin');
  const move = (who: { person: { id: string } }, territory: string) =>
    movePerson(server.store, tenant, who.person.id, { territory }, SOURCE);
  return { tenant, north, northEast, south, join, admin, move };
}

const dealsOf = (mirror: Mirror) =>
  [...mirror.rows.values()].filter((row) => row.collection === 'deals').map((row) => row.id);

/** Digests agree for each bucket, and nothing is held without a reason. */
function expectWhole(mirror: Mirror): void {
  expect(Object.keys(mirror.digests).length).toBeGreaterThan(0);
  for (const [bucket, digest] of Object.entries(mirror.digests)) expect(mirror.digest(bucket)).toBe(digest);
  for (const id of mirror.rows.keys()) expect(mirror.reasons.get(id)?.size ?? 0).toBeGreaterThan(0);
}

async function make(device: TestDevice): Promise<string> {
  const create = newDeal(device);
  const { verdicts } = await push(device, group(create));
  expect(verdicts[0]?.status).toBe('accepted');
  return create.record;
}

const edit = (device: TestDevice, record: string, nextStep: string) =>
  group(mutation(device, { collection: 'deals', record, field: 'nextStep', value: nextStep }));

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
    await push(ben.device, amount(ben, 777));
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
    expect(JSON.stringify([...atAnn.rows.values()])).not.toContain('777');
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
    expect(JSON.stringify(mirror.changes)).not.toMatch(/cost|4200|7777/);
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

describe('an edit of a record that its sender does not see', () => {
  test('is kept in quarantine as a whole, changes nothing, is answered alike when it comes again, and can be applied', async () => {
    const { tenant, north, south, join, admin, move } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const deal = await make(ann.device);
    await fresh(ben.device);
    await move(ben, south);
    const offline = group(
      mutation(ben.device, {
        collection: 'deals',
        record: deal,
        field: 'nextStep',
        value: 'from the cellar',
      }),
      newAccount(ben.device, 'Made in the same act'),
    );
    const [first] = (await push(ben.device, offline)).verdicts;
    expect(first).toEqual({
      group: offline.id,
      status: 'quarantined',
      number: 0,
      outcomes: [],
      refusals: [],
    });
    expect((await push(ben.device, offline)).verdicts).toEqual([first]);
    const whole = await fresh(admin.device);
    expect(whole.row(deal).body.nextStep).toBeUndefined();
    expect([...whole.rows.values()].some((row) => row.body.name === 'Made in the same act')).toBe(false);

    const list = async () =>
      (
        await admin.device.get<{
          quarantine: { id: string; userName: string; state: string; group: unknown }[];
        }>(routes.quarantine)
      ).body.quarantine;
    expect(await list()).toMatchObject([
      {
        id: offline.id,
        userName: 'Ben',
        deviceName: "Ben's laptop",
        state: 'held',
        reason: 'permission.out_of_sight',
      },
    ]);
    const path = routes.quarantineRestore.replace(':id', offline.id);
    expect((await ben.device.post(path, {})).status).toBe(403);
    expect((await admin.device.post<{ verdict: { status: string } }>(path, {})).body.verdict.status).toBe(
      'accepted',
    );
    await whole.pull(admin.device);
    expect(whole.row(deal)).toMatchObject({
      body: { nextStep: 'from the cellar' },
      updatedBy: ben.person.id,
    });
    expect(await list()).toMatchObject([{ state: 'restored' }]);
    expect((await admin.device.post<{ code: string }>(path, {})).body.code).toBe('quarantine.settled');
    expect(await verifyAudit(server.store.db, server.store.origin, tenant)).toMatchObject({ fault: null });
  });

  test('is not applied when it is dismissed, and stays readable', async () => {
    const { north, south, join, admin } = await scoped();
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const deal = await make(ann.device);
    const blind = edit(eve.device, deal, 'guessed');
    expect((await push(eve.device, blind)).verdicts[0]?.status).toBe('quarantined');
    expect((await admin.device.post(routes.quarantineDismiss.replace(':id', blind.id), {})).status).toBe(204);
    const { body } = await admin.device.get<{ quarantine: unknown[] }>(
      `${routes.quarantine}?state=dismissed`,
    );
    expect(JSON.stringify(body.quarantine)).toContain('guessed');
    expect((await fresh(ann.device)).row(deal).body.nextStep).toBeUndefined();
  });

  test('of a field that is kept from them is refused', async () => {
    const { north, join } = await scoped();
    const boss = await join('Max', north, 'manager');
    const product = mutation(boss.device, {
      collection: 'products',
      record: newId(),
      op: 'create',
      value: { name: 'GTX Pro', cost: { minor: 1, currency: 'USD' } },
    });
    await push(boss.device, group(product));
    const ann = await join('Ann', north);
    const set = mutation(ann.device, { ...product, id: newId(), op: 'set', field: 'cost', value: null });
    const { verdicts } = await push(ann.device, group(set));
    expect(verdicts[0]).toMatchObject({ status: 'refused', refusals: [{ code: 'permission.denied' }] });
  });
});

describe('what an admin sees of it', () => {
  test('is the order at each device, its receipt, and which devices hold a record', async () => {
    const { north, south, join, admin, move } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const deal = await make(ann.device);
    const mirror = await fresh(ben.device);
    const report = (held: Mirror, removed: number) =>
      ben.device.post(routes.report, {
        ...client(),
        rowsIn: 0,
        rowsOut: 0,
        millis: 1,
        waiting: 0,
        mismatches: [],
        removed,
        holds: Object.keys(held.checkpoint?.buckets ?? {}),
      });
    const states = async () => {
      const { body } = await admin.device.get<{
        withdrawals: { bucket: string; state: string; rows: number }[];
      }>(routes.withdrawals);
      return body.withdrawals.filter(({ bucket }) => bucket === `territory:${north}`);
    };
    const holders = async () => {
      const { body } = await admin.device.get<{ devices: { deviceName: string; holds: boolean }[] }>(
        routes.recordDevices.replace(':id', deal),
      );
      return body.devices.filter(({ deviceName }) => deviceName === "Ben's laptop").map(({ holds }) => holds);
    };
    await report(mirror, 0);
    expect(await states()).toEqual([]);
    expect(await holders()).toEqual([true]);

    await move(ben, south);
    expect(await states()).toMatchObject([{ state: 'pending', userName: 'Ben', toldAt: null }]);
    await mirror.pull(ben.device);
    expect(await states()).toMatchObject([{ state: 'told', confirmedAt: null }]);
    await report(mirror, 1);
    expect(await states()).toMatchObject([{ state: 'confirmed', rows: 1 }]);
    expect(await holders()).toEqual([false]);
  });

  test('is for admins alone', async () => {
    const { north, join } = await scoped();
    const ann = await join('Ann', north);
    for (const path of [routes.reach, routes.quarantine, routes.withdrawals, routes.recordDevices]) {
      expect((await ann.device.get<{ code: string }>(path)).body.code, path).toBe('permission.denied');
    }
  });
});

test('what a company of one bucket holds stays as it was: the whole company has one reason to be seen', async () => {
  const { tenant, admin } = await scoped();
  const mirror = await fresh(admin.device);
  expect(Object.keys(mirror.checkpoint?.buckets ?? {})).toEqual([companyBucket(tenant)]);
});

test('the console shows who sees what, and settles by forms that only its own pages may send', async () => {
  const { tenant, north, south, join, admin } = await scoped();
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(new URL(path, server.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields),
    });
  const signed = await form('/admin/sign-in', { email: admin.person.email, password: admin.person.password });
  const cookie = signed.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const page = async () =>
    (await fetch(new URL('/admin/scopes', server.url), { headers: { cookie } })).text();

  const ann = await join('Ann', north);
  const eve = await join('Eve <b>', south);
  const deal = await make(ann.device);
  const blind = edit(eve.device, deal, 'from the <i>south</i>');
  await push(eve.device, blind);
  const held = await page();
  expect(held).toContain('Eve &lt;b&gt;');
  expect(held).toContain('from the &lt;i&gt;south&lt;/i&gt;');
  expect(held).toContain('Deal, Cancity GTX Plus Basic');
  expect(held).not.toMatch(/<script|\sstyle=|\son\w+=|<i>south/);

  const act = { group: blind.id, act: 'restore' };
  expect((await form('/admin/scopes/quarantine', act)).headers.get('location')).toBe('/admin');
  expect(
    (await form('/admin/scopes/quarantine', act, { cookie, 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403);
  expect((await fresh(ann.device)).row(deal).body.nextStep).toBeUndefined();
  expect((await form('/admin/scopes/quarantine', act, { cookie })).headers.get('location')).toBe(
    '/admin/scopes?said=restore',
  );
  // A second click changes nothing and is no error.
  expect((await form('/admin/scopes/quarantine', act, { cookie })).status).toBe(303);
  expect((await fresh(ann.device)).row(deal).body.nextStep).toBe('from the <i>south</i>');
  expect(await page()).toContain('Nothing is held.');

  expect((await form('/admin/scopes/reach', { role: 'rep', reach: 'own' }, { cookie })).status).toBe(303);
  expect(await reachesOf(server.store, tenant)).toEqual({ rep: 'own' });
  expect((await form('/admin/scopes/reach', { role: 'admin', reach: 'own' }, { cookie })).status).toBe(400);
});
