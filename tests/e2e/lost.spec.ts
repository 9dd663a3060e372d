import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '../../shared/sync/wire.ts';
import { call, signInTo } from '../factories/server.ts';
import { needlesOf } from '../security/support/needles.ts';
import { Entry } from './pages/entry.ts';
import { Shell } from './pages/shell.ts';
import { expectAccessible } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { canaries, sweep } from './support/secrets.ts';

interface DeviceLine {
  id: string;
  person: string;
}
interface OrderLine {
  device: string;
  state: string;
}

const OURS = /^(keys|roadbook\.db|backups|waiting)/;

test('a device that is declared lost wipes itself while it runs: no store, no key, no backup, nothing readable', async ({
  demo,
  device: newDevice,
}) => {
  const words = canaries(['account', 'passphrase', 'unsent']);
  const device = newDevice('lost', { server: demo.url });
  const { profile } = device.laptop;
  const person = demo.person('rep', 1);
  await device.start();
  const recoveryCode = await new Entry(device.page).firstRun(person, `${words.passphrase} and more`);
  const shell = new Shell(device.page);
  await shell.inStep();
  const { page } = device;

  await test.step('records, a backup and a draft are here', async () => {
    await shell.go('Settings');
    await page.getByRole('button', { name: 'Back up' }).click();
    await expect(page.getByRole('button', { name: /^Restore the backup/ }).first()).toBeVisible();
    await shell.go('Accounts');
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'New account' }).getByLabel('Name').fill(words.account);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: words.account })).toBeVisible();
    await shell.inStep();
    await page.keyboard.press('c');
    await page.getByRole('dialog').getByLabel('Name').first().fill(words.unsent);
    expect(readdirSync(profile).filter((name) => OURS.test(name)).length).toBeGreaterThan(3);
  });

  const admin = await signInTo(demo.url, demo.person('admin'));
  const { body } = await admin.get<{ devices: DeviceLine[] }>(routes.devices);
  const known = body.devices.find((line) => line.person === person.name);
  if (known === undefined) throw new Error('the admin does not see the device');
  const path = routes.deviceOrder.replace(':id', known.id);
  const given = await call(demo.url, 'POST', path, admin.accessToken, { kind: 'lost' });
  expect(given.status).toBe(201);

  await expect(new Entry(page).heading('This device was wiped')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'wiped');
  await expect
    .poll(async () => {
      const { body: list } = await admin.get<{ orders: OrderLine[] }>(routes.deviceOrders);
      return list.orders.find((order) => order.device === known.id)?.state;
    })
    .toBe('done');
  expect(readdirSync(profile).filter((name) => OURS.test(name))).toEqual([]);
  expect(existsSync(join(profile, 'wiped.json'))).toBe(true);
  const secrets = [...Object.values(words), recoveryCode, recoveryCode.replaceAll('-', ''), person.password];
  const { findings, places } = sweep(device, needlesOf(secrets));
  expect(findings, 'clear text after the wipe').toEqual([]);
  // A sweep that saw nothing would find nothing.
  expect(places.some((place) => place.endsWith('wiped.json'))).toBe(true);

  await test.step('after a power cut the screen still says so, and the device can be set up again', async () => {
    await device.kill();
    await device.start();
    const entry = new Entry(device.page);
    await expect(entry.heading('This device was wiped')).toBeVisible();
    await device.page.getByRole('button', { name: 'Set up this device again' }).click();
    await expect(entry.heading('Set up this device')).toBeVisible();
    await entry.firstRun(person, `${words.passphrase} and more`);
    await new Shell(device.page).inStep();
  });
});
