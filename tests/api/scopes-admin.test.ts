import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import { routes } from '../../shared/sync/wire.ts';
import { reachesOf, setReach } from '../../sync-server/company/scopes.ts';
import { system } from '../../sync-server/store/principal.ts';
import { Withdrawals } from '../../sync-server/store/withdrawals.ts';
import { fresh, type Mirror } from '../factories/mirror.ts';
import { client, push } from '../factories/mutations.ts';
import { startServer, type TestServer } from '../factories/server.ts';
import { counted } from './support/counted.ts';
import { edit, make, SOURCE, scopedOn } from './support/scopes.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
const scoped = (reach?: string) => scopedOn(server, reach);

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

    // The same bucket again: the receipt of the first time stays as it is.
    await move(ben, north);
    await mirror.pull(ben.device);
    await report(mirror, 0);
    expect(await holders()).toEqual([true]);
    await move(ben, south);
    const before = mirror.checkpoint;
    await mirror.pull(ben.device);
    // The answer was lost, and the device is told once more: that is one withdrawal.
    mirror.checkpoint = before;
    await mirror.pull(ben.device);
    expect(await states()).toMatchObject([
      { state: 'told', confirmedAt: null, rows: 0 },
      { state: 'confirmed', rows: 1 },
    ]);
    await report(mirror, 3);
    expect((await states()).map(({ state, rows }) => `${state} ${rows}`)).toEqual([
      'confirmed 3',
      'confirmed 1',
    ]);
  });

  test('is no withdrawal where somebody comes to see more: what made room for the whole company is not listed', async () => {
    const { tenant, north, join } = await scoped();
    const ann = await join('Ann', north);
    const mirror = await fresh(ann.device);
    const told = () => server.store.withdrawals.list(tenant);
    const holds = () => Object.keys(mirror.checkpoint?.buckets ?? {});
    const who = { ...system(tenant, 'Ann'), user: ann.person.id, device: ann.device.device.id };
    await server.store.withdrawals.received(who, holds(), 0);
    await setReach(server.store, tenant, 'rep', 'company', SOURCE);
    expect(await told()).toEqual([]);
    await mirror.pull(ann.device);
    expect(holds()).toEqual([companyBucket(tenant)]);
    expect(await told()).toEqual([]);
    await server.store.withdrawals.received(who, holds(), 0);

    await setReach(server.store, tenant, 'rep', 'own', SOURCE);
    await mirror.pull(ann.device);
    expect(await told()).toMatchObject([{ bucket: companyBucket(tenant), state: 'told' }]);
  });

  test('is every line that waits for its receipt, however many have come and gone since', async () => {
    const { tenant, north, south, join, move } = await scoped();
    const ann = await join('Ann', north);
    const device = ann.device.device.id;
    const who = { ...system(tenant, 'Ann'), user: ann.person.id, device };
    const { db, withdrawals } = server.store;
    await withdrawals.received(who, [`territory:${north}`], 0);
    await move(ann, south);
    await withdrawals.told(who, [`territory:${north}`]);
    const at = (index: number) => new Date(Date.now() + index * 60_000).toISOString();
    const later = Array.from({ length: 1_005 }, (_, index) => ({
      ...{ tenant, device, bucket: `territory:${south}`, rows: 0 },
      told_at: at(index + 1),
      confirmed_at: at(index + 2),
    }));
    for (let from = 0; from < later.length; from += 200)
      await db
        .insertInto('withdrawals')
        .values(later.slice(from, from + 200))
        .execute();

    const listed = await withdrawals.list(tenant);
    expect(listed.filter(({ state }) => state !== 'confirmed')).toMatchObject([
      { bucket: `territory:${north}`, state: 'told' },
    ]);
    // Newest first, the one that waits in its place.
    expect(listed.map(({ toldAt }) => toldAt)).toEqual(
      listed
        .map(({ toldAt }) => toldAt)
        .sort()
        .reverse(),
    );
    expect(listed.length).toBe(1_001);
    expect(listed[0]?.toldAt).toBe(later.at(-1)?.told_at);
  });

  test('is read in as many steps for many devices as for few', async () => {
    const { tenant, north, south, join } = await scoped();
    const { db, during } = counted(server.store.db);
    const withdrawals = new Withdrawals(db, server.store.environment);
    const holdAll = () =>
      db
        .updateTable('devices')
        .set({ holds: JSON.stringify([`territory:${north}`, `territory:${south}`]) })
        .where('tenant', '=', tenant)
        .execute();
    await join('Ann', north);
    await holdAll();
    const few = await during(() => withdrawals.list(tenant));
    for (const name of ['Ben', 'Cem', 'Dan']) await join(name, south);
    await holdAll();
    expect((await during(() => withdrawals.list(tenant))).statements).toBe(few.statements);
    const pending = await withdrawals.list(tenant);
    expect(pending.map(({ userName, bucket }) => `${userName} ${bucket}`).sort()).toEqual(
      [
        // An admin sees the company, whatever their device holds it for.
        `Ann territory:${south}`,
        ...['Ben', 'Cem', 'Dan'].map((name) => `${name} territory:${north}`),
      ].sort(),
    );
  });

  test('is for admins alone', async () => {
    const { north, join } = await scoped();
    const ann = await join('Ann', north);
    for (const path of [routes.reach, routes.quarantine, routes.withdrawals, routes.recordDevices]) {
      expect((await ann.device.get<{ code: string }>(path)).body.code, path).toBe('permission.denied');
    }
  });
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
  const page = async (query = '') =>
    (await fetch(new URL(`/admin/scopes${query}`, server.url), { headers: { cookie } })).text();

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

  // What a role sees is asked once more, with how many it touches; asking changes nothing.
  const holds = JSON.stringify([`territory:${north}`, `owner:${ann.person.id}`]);
  await server.store.db
    .updateTable('devices')
    .set({ holds })
    .where('id', '=', ann.device.device.id)
    .execute();
  await server.addPerson(tenant, { name: 'Has no device' });
  const asked = await page('?role=rep&reach=own');
  expect(asked).toContain('Let reps see their own records?');
  expect(asked).toContain('3 people, 2 devices');
  expect(asked).toContain('so far they see their own territory and what lies below it');
  expect(asked).toContain('1 device lets go of records at its next contact.');
  const wider = await page('?role=rep&reach=company');
  expect(wider).toContain('Let reps see the whole company?');
  expect(wider).toContain('No device lets go of records by it');
  expect(await reachesOf(server.store, tenant)).toEqual({ rep: 'territory' });
  expect(await page('?role=admin&reach=own')).toContain('request.invalid');

  expect((await form('/admin/scopes/reach', { role: 'rep', reach: 'own' }, { cookie })).status).toBe(303);
  expect(await reachesOf(server.store, tenant)).toEqual({ rep: 'own' });
  expect((await form('/admin/scopes/reach', { role: 'admin', reach: 'own' }, { cookie })).status).toBe(400);
});
