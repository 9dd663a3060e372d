import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { runCommand } from '../../sync-server/cli.ts';
import { newId } from '../factories/server.ts';
import { at, DAY, type Ordering, orderIn, startOrdering } from './support/orders.ts';

let here: Ordering;
beforeAll(async () => {
  here = await startOrdering();
});
afterAll(() => here.server.close());

describe('an admin', () => {
  test('names a device, and the name stays when its person signs in again', async () => {
    const { person, device } = await here.rep();
    const path = at(routes.device, device.device.id);
    expect((await here.as(here.admin(), 'PATCH', path, { name: 'Van 7' })).status).toBe(204);
    await here.server.signIn(person, device.device);
    const { body } = await here.admin().get<{ devices: { id: string; name: string }[] }>(routes.devices);
    expect(body.devices.find(({ id }) => id === device.device.id)?.name).toBe('Van 7');
    expect((await here.as(here.admin(), 'PATCH', at(routes.device, newId()), { name: 'x' })).status).toBe(
      404,
    );
  });

  test('revokes a device: it may not sync, is ordered nothing, and can be let in again', async () => {
    const { person, device } = await here.rep();
    expect((await here.as(here.admin(), 'POST', at(routes.deviceRevoke, device.device.id))).status).toBe(204);
    const refused = await here.pull(device);
    expect(refused.body).toMatchObject({ code: 'auth.device_revoked', details: {} });
    await here.as(here.admin(), 'POST', at(routes.deviceAllow, device.device.id));
    expect((await here.pull(await here.server.signIn(person, device.device))).status).toBe(200);
  });

  test('hears of a token that was used twice, and nothing is ordered by it', async () => {
    const { device } = await here.rep('Copied');
    const second = (await here.refresh(device)).body.refreshToken;
    await here.refresh(device, second);
    const again = await here.refresh(device);
    expect(again.body).toMatchObject({ code: 'auth.token_reused', details: {} });
    expect((await here.auditOf('token-reused')).at(-1)).toMatchObject({ device: device.device.id });
    const { body } = await here
      .admin()
      .get<{ devices: { id: string; tokenCopied: boolean }[] }>(routes.devices);
    expect(body.devices.find(({ id }) => id === device.device.id)?.tokenCopied).toBe(true);
    expect((await here.orders()).some((line) => line.device === device.device.id)).toBe(false);
  });

  test('says how long a device may stay away', async () => {
    const set = (days: number) => here.as(here.admin(), 'PUT', routes.longestOffline, { days });
    const { id: fresh } = await here.server.addCompany();
    expect(await here.server.store.devices.offlineDays(fresh)).toBe(180);
    const before = (await here.rep()).device;
    expect((await set(30)).status).toBe(200);
    expect((await here.admin().get(routes.longestOffline)).body).toEqual({ days: 30 });
    const after = (await here.rep()).device;
    here.clock.now += 31 * DAY;
    expect((await here.refresh(before)).body.code).toBe('auth.token_invalid');
    expect((await here.refresh(after)).body.code).toBe('auth.token_invalid');
    await here.renewAdmin();
    expect((await set(400)).status).toBe(200);
    const long = (await here.rep()).device;
    here.clock.now += 399 * DAY;
    expect((await here.refresh(long)).status).toBe(200);
    await here.renewAdmin();
    expect((await set(0)).status).toBe(400);
  });

  test('does the same in the console, and is asked once more before a device is wiped', async () => {
    const { person, device } = await here.rep('Dora <b>');
    const boss = await here.server.addPerson(here.tenant, { role: 'admin', name: 'Boss' });
    const send = (path: string, form: Record<string, string>, cookie = '', origin = here.server.url) =>
      fetch(new URL(path, here.server.url), {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin },
        body: new URLSearchParams(form),
      });
    const signedIn = await send('/admin/sign-in', { email: boss.email, password: boss.password });
    const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const page = async (path: string) =>
      (await fetch(new URL(path, here.server.url), { headers: { cookie } })).text();
    const id = device.device.id;

    expect((await send('/admin/devices/name', { device: id, name: 'Van 9' }, cookie)).status).toBe(303);
    expect(await page('/admin/devices')).toMatch(/Van 9(.|\n)*Dora &lt;b&gt;/);
    await send('/admin/devices/access', { device: id, act: 'revoke' }, cookie);
    expect((await here.pull(device)).body.code).toBe('auth.device_revoked');
    await send('/admin/devices/access', { device: id, act: 'allow' }, cookie);
    const again = await here.server.signIn(person, device.device);
    const asked = await page(`/admin/devices?ask=lost&device=${id}`);
    expect(asked).toContain('Wipe this device at once?');
    expect((await here.pull(again)).body.order).toBeUndefined();
    const order = { device: id, kind: 'lost' };
    expect((await send('/admin/devices/order', order, cookie, 'https://elsewhere.example')).status).toBe(403);
    expect((await send('/admin/devices/order', order)).headers.get('location')).toBe('/admin');
    expect((await here.pull(again)).status).toBe(200);
    await send('/admin/devices/order', order, cookie);
    expect(orderIn((await here.pull(again)).body)?.order.kind).toBe('lost');
    expect(await page('/admin/devices')).toMatch(/Lost or stolen, by Boss/);
    await send('/admin/devices/offline', { days: '90' }, cookie);
    expect(await here.server.store.devices.offlineDays(here.tenant)).toBe(90);
    expect(await page('/admin/devices')).toContain('value="90"');
  });

  test('does the same on the command line', async () => {
    const { device } = await here.rep('Cleo');
    const said: string[] = [];
    const slug =
      (await here.server.store.accounts.tenants()).find(({ id }) => id === here.tenant)?.slug ?? '';
    const run = (...args: string[]) =>
      runCommand(here.server.store, [...args, '--tenant', slug], {
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
    expect(await here.server.store.devices.offlineDays(here.tenant)).toBe(200);
  });
});
