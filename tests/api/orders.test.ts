import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignedOrder } from '../../shared/sync/orders.ts';
import { type PushResponse, routes } from '../../shared/sync/wire.ts';
import { setAccess } from '../../sync-server/company/access.ts';
import { client, group, newDeal, push } from '../factories/mutations.ts';
import { call, newId } from '../factories/server.ts';
import {
  at,
  DAY,
  type Ordering,
  orderIn,
  type Problem,
  signatureHolds,
  startOrdering,
} from './support/orders.ts';

let here: Ordering;
beforeAll(async () => {
  here = await startOrdering();
});
afterAll(() => here.server.close());

describe('an order to a device', () => {
  test('is signed by the company, and a device learns at sign-in how to know one', async () => {
    const { device } = await here.rep();
    here.clock.now += 1000;
    expect((await here.order(device.device.id, 'leave')).status).toBe(201);
    const told = (await here.pull(device)).body.order;
    if (told === undefined || device.orders === undefined) throw new Error('nothing was told');
    expect(signatureHolds(told, device.orders.key)).toBe(true);
    expect(told.order).toMatchObject({ tenant: here.tenant, device: device.device.id, kind: 'leave' });
    expect(told.order.at > device.orders.since).toBe(true);
    expect(signatureHolds({ ...told, order: { ...told.order, kind: 'lost' } }, device.orders.key)).toBe(
      false,
    );

    const other = await here.server.addCompany();
    const stranger = await here.server.signIn(await here.server.addPerson(other.id));
    expect(stranger.orders?.key).not.toBe(device.orders.key);
  });

  test('is newer than the last sign-in, even where the clock of the server was set back', async () => {
    const { device } = await here.rep();
    here.clock.now -= 3 * DAY;
    await here.order(device.device.id, 'leave');
    const told = (await here.pull(device)).body.order;
    here.clock.now += 3 * DAY;
    expect((told?.order.at ?? '') > (device.orders?.since ?? '')).toBe(true);
  });

  test('“lost” takes the access at once, and reaches the device with every refusal', async () => {
    const { person, device } = await here.rep();
    expect((await here.order(device.device.id, 'lost')).status).toBe(201);
    const refusals = [
      await here.pull(device),
      await here.refresh(device),
      await here.as(device, 'POST', routes.push, { ...client(), epoch: '', groups: [] }),
      await call<Problem>(here.server.url, 'GET', routes.live, device.accessToken),
      await call<Problem>(here.server.url, 'POST', routes.signIn, undefined, {
        ...{ email: person.email, password: person.password },
        device: device.device,
      }),
    ];
    for (const { body } of refusals) {
      expect(body.code).toBe('auth.device_revoked');
      expect(orderIn(body)?.order).toMatchObject({ kind: 'lost', device: device.device.id });
    }
    const stranger = await call<Problem>(here.server.url, 'POST', routes.signIn, undefined, {
      ...{ email: person.email, password: 'wrong' },
      device: { ...device.device, id: newId() },
    });
    expect(stranger.body.details.order).toBeUndefined();
    expect((await here.orderOf(device)).deliveredAt).not.toBeNull();
  });

  test('comes with the rest of a pull for as long as it is open, and the receipt closes it', async () => {
    const { device } = await here.rep();
    await here.order(device.device.id, 'leave');
    await here.order(device.device.id, 'leave');
    const told = (await here.pull(device)).body.order as SignedOrder;
    expect((await here.orders()).filter((line) => line.device === device.device.id)).toHaveLength(1);
    const edits = group(newDeal(device));
    expect((await push(device, edits)).verdicts[0]?.status).toBe('accepted');
    await push(device, edits);
    expect((await here.receipt(told, '0'.repeat(32))).body.code).toBe('record.not_found');
    expect((await here.receipt(told)).status).toBe(204);
    expect((await here.receipt(told)).status).toBe(204);
    expect(await here.orderOf(device)).toMatchObject({
      state: 'done',
      kind: 'leave',
      taken: 1,
      held: 0,
      unsent: 0,
    });
    expect((await here.auditOf('device-wiped')).filter(({ order: id }) => id === told.order.id)).toHaveLength(
      1,
    );
    const after = await here.pull(device);
    expect(after.body.code).toBe('auth.device_revoked');
    expect(after.body.details?.order).toBeUndefined();
  });

  test('“lost” replaces “leave”, and letting the device in again takes it back', async () => {
    const { person, device } = await here.rep();
    await here.order(device.device.id, 'leave');
    await here.order(device.device.id, 'lost');
    await here.order(device.device.id, 'leave');
    const states = (await here.orders()).filter((line) => line.device === device.device.id);
    expect(states.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'leave cancelled',
      'lost open',
    ]);
    expect((await here.as(here.admin(), 'POST', at(routes.deviceAllow, device.device.id))).status).toBe(204);
    here.clock.now += 1000;
    const again = await here.server.signIn(person, device.device);
    expect((await here.pull(again)).body.order).toBeUndefined();
    expect((again.orders?.since ?? '') > (device.orders?.since ?? '')).toBe(true);
  });

  test('can be asked for by the person whose device it is', async () => {
    const { device } = await here.rep();
    const answer = await device.post<{ order: SignedOrder }>(routes.leave, {});
    expect(answer.body.order.order).toMatchObject({ kind: 'leave', device: device.device.id });
    expect(await here.orderOf(device)).toMatchObject({ kind: 'leave', state: 'open' });
    expect((await here.auditOf('device-ordered')).at(-1)).toMatchObject({ by: 'Rita' });
  });

  test('is an admin’s to give: nobody else may, and no device of another company is reached', async () => {
    const { device } = await here.rep();
    expect(
      (await here.as(device, 'POST', at(routes.deviceOrder, device.device.id), { kind: 'lost' })).status,
    ).toBe(403);
    expect((await here.as(device, 'GET', routes.deviceOrders)).status).toBe(403);
    const other = await here.server.addCompany();
    const stranger = await here.server.signIn(await here.server.addPerson(other.id));
    expect((await here.order(stranger.device.id, 'lost')).body.code).toBe('record.not_found');
    expect((await here.pull(stranger)).status).toBe(200);
  });
});

describe('a device that leaves', () => {
  test('hands in what it holds although its person may not write any more: held, not applied, not lost', async () => {
    const { person, device } = await here.rep();
    await setAccess(here.server.store, { id: person.id, tenant: here.tenant }, false);
    const deal = newDeal(device, { name: 'Crane for the harbour' });
    const body = { ...client(), epoch: '', groups: [group(deal)] };
    expect((await here.as(device, 'POST', routes.push, body)).body.code).toBe('auth.person_disabled');

    await here.order(device.device.id, 'leave');
    here.clock.now += 11 * 60_000;
    await here.renewAdmin();
    const { body: tokens } = await here.refresh(device);
    expect(tokens.refreshToken).toBe(device.refreshToken);
    const mine = { ...device, accessToken: tokens.accessToken };
    const answer = await call<PushResponse>(here.server.url, 'POST', routes.push, tokens.accessToken, body);
    expect(answer.body.verdicts[0]?.status).toBe('quarantined');
    const [held] = await here.server.store.quarantine.list(here.tenant, 'held');
    expect(held).toMatchObject({ reason: 'auth.person_disabled', device: device.device.id });
    expect(held?.json).toContain('Crane for the harbour');
    expect((await here.orderOf(device)).held).toBe(1);

    // The token is good for nothing else.
    expect((await here.pull(mine)).body.code).toBe('auth.person_disabled');
    const { body: restored } = await call<{ verdict: { status: string } }>(
      here.server.url,
      'POST',
      at(routes.quarantineRestore, held?.id ?? ''),
      here.admin().accessToken,
    );
    expect(restored.verdict.status).toBe('accepted');
  });

  test('hands in what was refused, before or now: it waits for nobody on the device any more', async () => {
    const { device } = await here.rep();
    const wrong = group(newDeal(device, { pipeline: newId() }));
    expect((await push(device, wrong)).verdicts[0]?.status).toBe('refused');
    await here.order(device.device.id, 'leave');
    expect((await push(device, wrong)).verdicts[0]?.status).toBe('quarantined');
    const fresh = group(newDeal(device, { pipeline: newId() }));
    expect((await push(device, fresh)).verdicts[0]?.status).toBe('quarantined');
    expect((await push(device, fresh)).verdicts[0]?.status).toBe('quarantined');
    expect((await here.orderOf(device)).held).toBe(2);
  });

  test('needs a token that was once its own', async () => {
    const { device } = await here.rep();
    await here.as(here.admin(), 'POST', at(routes.deviceRevoke, device.device.id));
    await here.order(device.device.id, 'leave');
    expect((await here.refresh(device, 'never given')).body.code).toBe('auth.token_invalid');
    expect((await here.refresh(device)).status).toBe(200);
  });
});
