import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { setAccess } from '../../sync-server/company/access.ts';
import { prune } from '../../sync-server/ops/retention.ts';
import { call } from '../factories/server.ts';
import { at, DAY, type Ordering, orderIn, startOrdering } from './support/orders.ts';

let here: Ordering;
beforeAll(async () => {
  here = await startOrdering();
});
afterAll(() => here.server.close());

test('who knows nothing but the id of a device is not given its order, and cannot call it wiped', async () => {
  const { device } = await here.rep();
  const stranger = await here.rep('Stranger');
  const elsewhere = await here.server.addCompany();
  const outsider = await here.server.addPerson(elsewhere.id);
  await here.order(device.device.id, 'lost');

  const answers = [
    await here.signIn({ email: device.user.email, password: 'wrong' }, device.device),
    await here.signIn({ email: 'nobody@example.com', password: 'wrong' }, device.device),
    // The right password, and somebody else's device.
    await here.signIn(stranger.person, device.device),
    await here.signIn(outsider, device.device),
    await here.refresh(device, 'never given'),
    await here.refresh(device, stranger.device.refreshToken),
    await here.refresh(device, ''),
    await call(here.server.url, 'POST', routes.pull, undefined, {}),
  ];
  for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/nonce|signature/);
  // Tried until the waiting begins.
  for (let tries = 0; tries < 8; tries += 1) {
    const { body } = await here.signIn({ email: device.user.email, password: `${tries}` }, device.device);
    expect(body.details?.order).toBeUndefined();
  }
  const line = await here.orderOf(device);
  expect(line).toMatchObject({ state: 'open', deliveredAt: null });
  const guess = { order: line.id, nonce: '0'.repeat(32), wipedAt: new Date().toISOString(), unsent: 0 };
  expect((await call(here.server.url, 'POST', routes.receipt, undefined, guess)).status).toBe(404);
  expect((await here.orderOf(device)).state).toBe('open');
});

test('a lost device hears its order with a refresh token that was once its own', async () => {
  const { device } = await here.rep();
  const next = (await here.refresh(device)).body.refreshToken;
  await here.order(device.device.id, 'lost');
  // The one that it used before, and the last one.
  for (const token of [device.refreshToken, next]) {
    const { body } = await here.refresh(device, token);
    expect(body.code).toBe('auth.device_revoked');
    expect(orderIn(body)?.order).toMatchObject({ kind: 'lost', device: device.device.id });
  }
  expect((await here.orderOf(device)).deliveredAt).not.toBeNull();
});

test('so does one that was signed out before it was lost, and one that comes after its token has run out', async () => {
  const { device } = await here.rep();
  await here.as(device, 'POST', routes.signOut);
  await here.order(device.device.id, 'lost');
  expect(orderIn((await here.refresh(device)).body)?.order.kind).toBe('lost');

  here.clock.now += 500 * DAY;
  await prune(here.server.store, { offlineDays: 400, logDays: 30 }, new AbortController().signal);
  const late = await here.refresh(device);
  expect(late.body.code).toBe('auth.token_invalid');
  const told = orderIn(late.body);
  if (told === null) throw new Error('nothing was told');
  expect((await here.receipt(told)).status).toBe(204);
  // Followed: from now on its tokens are forgotten like all others.
  await prune(here.server.store, { offlineDays: 400, logDays: 30 }, new AbortController().signal);
  expect(await here.server.store.sessions.ownerOf(device.refreshToken, device.device.id)).toBeUndefined();
  await here.renewAdmin();
});

test('the right password of its person is a proof as well, also of somebody who may not sign in any more', async () => {
  const { person, device } = await here.rep();
  await here.order(device.device.id, 'lost');
  expect(orderIn((await here.signIn(person, device.device)).body)?.order.kind).toBe('lost');
  await setAccess(here.server.store, { id: person.id, tenant: here.tenant }, false);
  const off = await here.signIn(person, device.device);
  expect(off.body.code).toBe('auth.person_disabled');
  expect(orderIn(off.body)?.order.kind).toBe('lost');
});

test('of two companies that know the same id each orders its own device', async () => {
  const { device } = await here.rep();
  const elsewhere = await here.server.addCompany();
  const twin = await here.server.signIn(await here.server.addPerson(elsewhere.id), device.device);
  await here.order(device.device.id, 'lost');
  const { status, body } = await here.pull(twin);
  expect([status, body.order]).toEqual([200, undefined]);
  expect(orderIn((await here.pull(device)).body)?.order.tenant).toBe(here.tenant);
  expect((await here.as(here.admin(), 'POST', at(routes.deviceAllow, device.device.id))).status).toBe(204);
});
