import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderText, type SignedOrder } from '../../shared/sync/orders.ts';
import { type PullResponse, type PushResponse, routes, type Tokens } from '../../shared/sync/wire.ts';
import { runCommand } from '../../sync-server/cli.ts';
import { setAccess } from '../../sync-server/company/access.ts';
import { client, group, newDeal, push } from '../factories/mutations.ts';
import { call, newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

const DAY = 86_400_000;
let server: TestServer;
let tenant: string;
let admin: TestDevice;
let now = Date.UTC(2026, 10, 1);

interface Problem {
  code: string;
  details: { order?: string };
}
interface OrderLine {
  id: string;
  device: string;
  kind: string;
  state: string;
  taken: number;
  held: number;
  unsent: number | null;
  deliveredAt: string | null;
}

beforeAll(async () => {
  server = await startServer({
    environment: { now: () => now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  });
  tenant = (await server.addCompany()).id;
  admin = await server.signIn(await server.addPerson(tenant, { name: 'Ada', role: 'admin' }));
});
afterAll(() => server.close());

const at = (route: string, id: string) => route.replace(':id', id);
const as = (device: TestDevice, method: string, path: string, body?: unknown) =>
  call<Problem>(server.url, method, path, device.accessToken, body);
const order = (device: string, kind: string) => as(admin, 'POST', at(routes.deviceOrder, device), { kind });
const pull = (device: TestDevice) =>
  call<PullResponse & Problem>(server.url, 'POST', routes.pull, device.accessToken, {
    ...client(),
    checkpoint: null,
    limit: 10,
  });
const refresh = (device: TestDevice, refreshToken = device.refreshToken) =>
  call<Tokens & Problem>(server.url, 'POST', routes.refresh, undefined, {
    refreshToken,
    device: device.device.id,
  });
const orders = async () =>
  (await call<{ orders: OrderLine[] }>(server.url, 'GET', routes.deviceOrders, admin.accessToken)).body
    .orders;
const orderOf = async (device: TestDevice) => {
  const found = (await orders()).find((line) => line.device === device.device.id);
  if (found === undefined) throw new Error('there is no order');
  return found;
};
const receipt = (signed: SignedOrder, nonce = signed.order.nonce) =>
  call<Problem>(server.url, 'POST', routes.receipt, undefined, {
    order: signed.order.id,
    nonce,
    wipedAt: new Date(now).toISOString(),
    unsent: 0,
  });
const signatureHolds = ({ order: told, signature }: SignedOrder, key: string) =>
  verify(
    null,
    Buffer.from(orderText(told)),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
const rep = async (name = 'Rita') => {
  const person = await server.addPerson(tenant, { name });
  return { person, device: await server.signIn(person, { name: `${name}'s laptop` }) };
};
const orderIn = ({ details }: Problem) => JSON.parse(details.order ?? 'null') as SignedOrder;
const auditOf = async (kind: string) => {
  const found = await server.store.db
    .selectFrom('audit_log')
    .innerJoin('audit_values', (join) =>
      join
        .onRef('audit_values.tenant', '=', 'audit_log.tenant')
        .onRef('audit_values.seq', '=', 'audit_log.seq'),
    )
    .select('json')
    .where('audit_log.tenant', '=', tenant)
    .where('kind', '=', kind)
    .orderBy('audit_log.seq')
    .execute();
  return found.map(({ json }) => JSON.parse(json) as Record<string, unknown>);
};

describe('an order to a device', () => {
  test('is signed by the company, and a device learns at sign-in how to know one', async () => {
    const { device } = await rep();
    now += 1000;
    expect((await order(device.device.id, 'leave')).status).toBe(201);
    const told = (await pull(device)).body.order;
    if (told === undefined || device.orders === undefined) throw new Error('nothing was told');
    expect(signatureHolds(told, device.orders.key)).toBe(true);
    expect(told.order).toMatchObject({ tenant, device: device.device.id, kind: 'leave' });
    expect(told.order.at > device.orders.since).toBe(true);
    expect(signatureHolds({ ...told, order: { ...told.order, kind: 'lost' } }, device.orders.key)).toBe(
      false,
    );

    const other = await server.addCompany();
    const stranger = await server.signIn(await server.addPerson(other.id));
    expect(stranger.orders?.key).not.toBe(device.orders.key);
  });

  test('is newer than the last sign-in, even where the clock of the server was set back', async () => {
    const { device } = await rep();
    now -= 3 * DAY;
    await order(device.device.id, 'leave');
    const told = (await pull(device)).body.order;
    now += 3 * DAY;
    expect((told?.order.at ?? '') > (device.orders?.since ?? '')).toBe(true);
  });

  test('“lost” takes the access at once, and reaches the device with every refusal', async () => {
    const { person, device } = await rep();
    expect((await order(device.device.id, 'lost')).status).toBe(201);
    const refusals = [
      await pull(device),
      await refresh(device),
      await as(device, 'POST', routes.push, { ...client(), epoch: '', groups: [] }),
      await call<Problem>(server.url, 'GET', routes.live, device.accessToken),
      await call<Problem>(server.url, 'POST', routes.signIn, undefined, {
        ...{ email: person.email, password: person.password },
        device: device.device,
      }),
    ];
    for (const { body } of refusals) {
      expect(body.code).toBe('auth.device_revoked');
      expect(orderIn(body).order).toMatchObject({ kind: 'lost', device: device.device.id });
    }
    const stranger = await call<Problem>(server.url, 'POST', routes.signIn, undefined, {
      ...{ email: person.email, password: 'wrong' },
      device: { ...device.device, id: newId() },
    });
    expect(stranger.body.details.order).toBeUndefined();
    expect((await orderOf(device)).deliveredAt).not.toBeNull();
  });

  test('comes with the rest of a pull for as long as it is open, and the receipt closes it', async () => {
    const { device } = await rep();
    await order(device.device.id, 'leave');
    await order(device.device.id, 'leave');
    const told = (await pull(device)).body.order as SignedOrder;
    expect((await orders()).filter((line) => line.device === device.device.id)).toHaveLength(1);
    const edits = group(newDeal(device));
    expect((await push(device, edits)).verdicts[0]?.status).toBe('accepted');
    await push(device, edits);
    expect((await receipt(told, '0'.repeat(32))).body.code).toBe('record.not_found');
    expect((await receipt(told)).status).toBe(204);
    expect((await receipt(told)).status).toBe(204);
    expect(await orderOf(device)).toMatchObject({
      state: 'done',
      kind: 'leave',
      taken: 1,
      held: 0,
      unsent: 0,
    });
    expect((await auditOf('device-wiped')).filter(({ order: id }) => id === told.order.id)).toHaveLength(1);
    const after = await pull(device);
    expect(after.body.code).toBe('auth.device_revoked');
    expect(after.body.details?.order).toBeUndefined();
  });

  test('“lost” replaces “leave”, and letting the device in again takes it back', async () => {
    const { person, device } = await rep();
    await order(device.device.id, 'leave');
    await order(device.device.id, 'lost');
    await order(device.device.id, 'leave');
    const states = (await orders()).filter((line) => line.device === device.device.id);
    expect(states.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'leave cancelled',
      'lost open',
    ]);
    expect((await as(admin, 'POST', at(routes.deviceAllow, device.device.id))).status).toBe(204);
    now += 1000;
    const again = await server.signIn(person, device.device);
    expect((await pull(again)).body.order).toBeUndefined();
    expect((again.orders?.since ?? '') > (device.orders?.since ?? '')).toBe(true);
  });

  test('can be asked for by the person whose device it is', async () => {
    const { device } = await rep();
    const answer = await device.post<{ order: SignedOrder }>(routes.leave, {});
    expect(answer.body.order.order).toMatchObject({ kind: 'leave', device: device.device.id });
    expect(await orderOf(device)).toMatchObject({ kind: 'leave', state: 'open' });
    expect((await auditOf('device-ordered')).at(-1)).toMatchObject({ by: 'Rita' });
  });

  test('is an admin’s to give: nobody else may, and no device of another company is reached', async () => {
    const { device } = await rep();
    expect(
      (await as(device, 'POST', at(routes.deviceOrder, device.device.id), { kind: 'lost' })).status,
    ).toBe(403);
    expect((await as(device, 'GET', routes.deviceOrders)).status).toBe(403);
    const other = await server.addCompany();
    const stranger = await server.signIn(await server.addPerson(other.id));
    expect((await order(stranger.device.id, 'lost')).body.code).toBe('record.not_found');
    expect((await pull(stranger)).status).toBe(200);
  });
});

describe('a device that leaves', () => {
  test('hands in what it holds although its person may not write any more: held, not applied, not lost', async () => {
    const { person, device } = await rep();
    await setAccess(server.store, { id: person.id, tenant }, false);
    const deal = newDeal(device, { name: 'Crane for the harbour' });
    const body = { ...client(), epoch: '', groups: [group(deal)] };
    expect((await as(device, 'POST', routes.push, body)).body.code).toBe('auth.person_disabled');

    await order(device.device.id, 'leave');
    now += 11 * 60_000;
    admin = await server.signIn(await server.addPerson(tenant, { name: 'Ada', role: 'admin' }));
    const { body: tokens } = await refresh(device);
    expect(tokens.refreshToken).toBe(device.refreshToken);
    const mine = { ...device, accessToken: tokens.accessToken };
    const answer = await call<PushResponse>(server.url, 'POST', routes.push, tokens.accessToken, body);
    expect(answer.body.verdicts[0]?.status).toBe('quarantined');
    const [held] = await server.store.quarantine.list(tenant, 'held');
    expect(held).toMatchObject({ reason: 'auth.person_disabled', device: device.device.id });
    expect(held?.json).toContain('Crane for the harbour');
    expect((await orderOf(device)).held).toBe(1);

    // The token is good for nothing else.
    expect((await pull(mine)).body.code).toBe('auth.person_disabled');
    const { body: restored } = await call<{ verdict: { status: string } }>(
      server.url,
      'POST',
      at(routes.quarantineRestore, held?.id ?? ''),
      admin.accessToken,
    );
    expect(restored.verdict.status).toBe('accepted');
  });

  test('hands in what was refused, before or now: it waits for nobody on the device any more', async () => {
    const { device } = await rep();
    const wrong = group(newDeal(device, { pipeline: newId() }));
    expect((await push(device, wrong)).verdicts[0]?.status).toBe('refused');
    await order(device.device.id, 'leave');
    expect((await push(device, wrong)).verdicts[0]?.status).toBe('quarantined');
    const fresh = group(newDeal(device, { pipeline: newId() }));
    expect((await push(device, fresh)).verdicts[0]?.status).toBe('quarantined');
    expect((await push(device, fresh)).verdicts[0]?.status).toBe('quarantined');
    expect((await orderOf(device)).held).toBe(2);
  });

  test('needs a token that was once its own', async () => {
    const { device } = await rep();
    await as(admin, 'POST', at(routes.deviceRevoke, device.device.id));
    await order(device.device.id, 'leave');
    expect((await refresh(device, 'never given')).body.code).toBe('auth.token_invalid');
    expect((await refresh(device)).status).toBe(200);
  });
});

describe('an admin', () => {
  test('names a device, and the name stays when its person signs in again', async () => {
    const { person, device } = await rep();
    const path = at(routes.device, device.device.id);
    expect((await as(admin, 'PATCH', path, { name: 'Van 7' })).status).toBe(204);
    await server.signIn(person, device.device);
    const { body } = await admin.get<{ devices: { id: string; name: string }[] }>(routes.devices);
    expect(body.devices.find(({ id }) => id === device.device.id)?.name).toBe('Van 7');
    expect((await as(admin, 'PATCH', at(routes.device, newId()), { name: 'x' })).status).toBe(404);
  });

  test('revokes a device: it may not sync, is ordered nothing, and can be let in again', async () => {
    const { person, device } = await rep();
    expect((await as(admin, 'POST', at(routes.deviceRevoke, device.device.id))).status).toBe(204);
    const refused = await pull(device);
    expect(refused.body).toMatchObject({ code: 'auth.device_revoked', details: {} });
    await as(admin, 'POST', at(routes.deviceAllow, device.device.id));
    expect((await pull(await server.signIn(person, device.device))).status).toBe(200);
  });

  test('hears of a token that was used twice, and nothing is ordered by it', async () => {
    const { device } = await rep('Copied');
    const second = (await refresh(device)).body.refreshToken;
    await refresh(device, second);
    const again = await refresh(device);
    expect(again.body).toMatchObject({ code: 'auth.token_reused', details: {} });
    expect((await auditOf('token-reused')).at(-1)).toMatchObject({ device: device.device.id });
    const { body } = await admin.get<{ devices: { id: string; tokenCopied: boolean }[] }>(routes.devices);
    expect(body.devices.find(({ id }) => id === device.device.id)?.tokenCopied).toBe(true);
    expect((await orders()).some((line) => line.device === device.device.id)).toBe(false);
  });

  test('says how long a device may stay away', async () => {
    const set = (days: number) => as(admin, 'PUT', routes.longestOffline, { days });
    expect((await admin.get(routes.longestOffline)).body).toEqual({ days: 180 });
    const before = (await rep()).device;
    expect((await set(30)).status).toBe(200);
    const after = (await rep()).device;
    now += 31 * DAY;
    expect((await refresh(before)).body.code).toBe('auth.token_invalid');
    expect((await refresh(after)).body.code).toBe('auth.token_invalid');
    admin = await server.signIn(await server.addPerson(tenant, { role: 'admin' }));
    expect((await set(400)).status).toBe(200);
    const long = (await rep()).device;
    now += 399 * DAY;
    expect((await refresh(long)).status).toBe(200);
    admin = await server.signIn(await server.addPerson(tenant, { role: 'admin' }));
    expect((await set(0)).status).toBe(400);
  });

  test('does the same in the console, and is asked once more before a device is wiped', async () => {
    const { person, device } = await rep('Dora <b>');
    const boss = await server.addPerson(tenant, { role: 'admin', name: 'Boss' });
    const send = (path: string, form: Record<string, string>, cookie = '', origin = server.url) =>
      fetch(new URL(path, server.url), {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin },
        body: new URLSearchParams(form),
      });
    const signedIn = await send('/admin/sign-in', { email: boss.email, password: boss.password });
    const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const page = async (path: string) =>
      (await fetch(new URL(path, server.url), { headers: { cookie } })).text();
    const id = device.device.id;

    expect((await send('/admin/devices/name', { device: id, name: 'Van 9' }, cookie)).status).toBe(303);
    expect(await page('/admin/devices')).toMatch(/Van 9(.|\n)*Dora &lt;b&gt;/);
    await send('/admin/devices/access', { device: id, act: 'revoke' }, cookie);
    expect((await pull(device)).body.code).toBe('auth.device_revoked');
    await send('/admin/devices/access', { device: id, act: 'allow' }, cookie);
    const again = await server.signIn(person, device.device);
    const asked = await page(`/admin/devices?ask=lost&device=${id}`);
    expect(asked).toContain('Wipe this device at once?');
    expect((await pull(again)).body.order).toBeUndefined();
    const order = { device: id, kind: 'lost' };
    expect((await send('/admin/devices/order', order, cookie, 'https://elsewhere.example')).status).toBe(403);
    expect((await send('/admin/devices/order', order)).headers.get('location')).toBe('/admin');
    expect((await pull(again)).status).toBe(200);
    await send('/admin/devices/order', order, cookie);
    expect(orderIn((await pull(again)).body).order.kind).toBe('lost');
    expect(await page('/admin/devices')).toMatch(/Lost or stolen, by Boss/);
    await send('/admin/devices/offline', { days: '90' }, cookie);
    expect(await server.store.devices.offlineDays(tenant)).toBe(90);
    expect(await page('/admin/devices')).toContain('value="90"');
  });

  test('does the same on the command line', async () => {
    const { device } = await rep('Cleo');
    const said: string[] = [];
    const slug = (await server.store.accounts.tenants()).find(({ id }) => id === tenant)?.slug ?? '';
    const run = (...args: string[]) =>
      runCommand(server.store, [...args, '--tenant', slug], {
        say: (line) => said.push(line),
        readInput: async () => '',
      });
    expect(await run('devices', 'name', device.device.id, 'Lorry 2')).toBe(0);
    expect(await run('devices', 'leave', device.device.id)).toBe(0);
    expect(await run('devices', 'orders')).toBe(0);
    expect(said.join('\n')).toMatch(/Lorry 2 .*leave {2}open/);
    expect(await run('devices', 'lost', device.device.id)).toBe(0);
    expect(await run('devices', 'allow', device.device.id)).toBe(0);
    expect(await run('devices', 'lost', newId())).toBe(2);
    expect(await run('devices', 'offline', '200')).toBe(0);
    expect(await server.store.devices.offlineDays(tenant)).toBe(200);
  });
});
