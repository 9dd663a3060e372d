import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { setAccess } from '../../sync-server/company/access.ts';
import { prune } from '../../sync-server/ops/retention.ts';
import { call } from '../factories/server.ts';
import { at, DAY, type Ordering, orderIn, startOrdering } from './support/orders.ts';

const forget = () =>
  prune(here.server.store, { offlineDays: 400, logDays: 30 }, new AbortController().signal);

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
  await forget();
  const late = await here.refresh(device);
  expect(late.body.code).toBe('auth.token_invalid');
  const told = orderIn(late.body);
  if (told === null) throw new Error('nothing was told');
  expect((await here.receipt(told)).status).toBe(204);
  // Followed: from now on its tokens are forgotten like all others.
  await forget();
  expect(await here.server.store.sessions.ownerOf(device.refreshToken, device.device.id)).toBeUndefined();
  await here.renewAdmin();
});

test('so does one that was away for longer than its tokens last before anybody ordered anything', async () => {
  const { device } = await here.rep();
  const tokens = [device.refreshToken];
  for (let contact = 0; contact < 3; contact += 1) {
    here.clock.now += DAY;
    tokens.push((await here.refresh(device, tokens.at(-1))).body.refreshToken);
  }
  here.clock.now += 500 * DAY;
  await forget();
  await here.renewAdmin();
  // The last one stays, and the one before it: whether its answer has arrived nobody knows. All others are forgotten.
  const known = await Promise.all(
    tokens.map(
      async (token) => (await here.server.store.sessions.ownerOf(token, device.device.id)) !== undefined,
    ),
  );
  expect(known).toEqual([false, false, true, true]);
  // They carry nothing on.
  for (const token of tokens) {
    const { status, body } = await here.refresh(device, token);
    expect([status, body.code, orderIn(body)]).toEqual([401, 'auth.token_invalid', null]);
  }
  expect(await here.auditOf('token-reused')).toEqual([]);

  await here.order(device.device.id, 'lost');
  for (const token of tokens.slice(0, 2)) {
    const { body } = await here.refresh(device, token);
    expect([body.code, orderIn(body)]).toEqual(['auth.token_invalid', null]);
  }
  for (const token of tokens.slice(2)) {
    const { body } = await here.refresh(device, token);
    expect(orderIn(body)?.order).toMatchObject({ kind: 'lost', device: device.device.id });
  }
});

test('one that was away as long and is to leave sends what it holds, and is forgotten once it has left', async () => {
  const { person, device: before } = await here.rep();
  here.clock.now += DAY;
  const device = await here.server.signIn(person, before.device);
  here.clock.now += 500 * DAY;
  await forget();
  await here.renewAdmin();
  const { sessions } = here.server.store;
  // Only the last session of a device speaks for it.
  expect(await sessions.ownerOf(before.refreshToken, device.device.id)).toBeUndefined();

  await here.order(device.device.id, 'leave');
  const { status, body } = await here.refresh(device);
  expect([status, body.refreshToken, body.orders]).toEqual([200, device.refreshToken, undefined]);
  const leaving = { ...device, accessToken: body.accessToken };
  const told = (await here.pull(leaving)).body.details;
  const order = orderIn({ code: '', details: told });
  if (order === null) throw new Error('nothing was told');
  expect((await here.receipt(order)).status).toBe(204);
  await forget();
  expect(await sessions.ownerOf(device.refreshToken, device.device.id)).toBeUndefined();

  // Whoever lets it in again has a device like any other.
  await here.as(here.admin(), 'POST', at(routes.deviceAllow, device.device.id));
  here.clock.now += DAY;
  const again = await here.server.signIn(person, device.device);
  here.clock.now += 500 * DAY;
  await forget();
  await here.renewAdmin();
  await here.order(device.device.id, 'lost');
  expect(orderIn((await here.refresh(again)).body)?.order.kind).toBe('lost');
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
