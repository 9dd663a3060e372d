import { expect } from '@playwright/test';
import { AuditPage } from './pages/audit.ts';
import { Entry } from './pages/entry.ts';
import { InboxPage } from './pages/inbox.ts';
import { ListPage } from './pages/list.ts';
import { Palette } from './pages/palette.ts';
import { Shell } from './pages/shell.ts';
import { axeFindings, expectAccessible } from './support/axe.ts';
import { test } from './support/fixtures.ts';

const PASSPHRASE = 'three lamps by the river';

test('axe finds nothing on the way in, in light and dark', async ({ demo, device: newDevice }) => {
  const device = newDevice('access-entry', { server: demo.url });
  const page = await device.start();
  const entry = new Entry(page);
  await expect(entry.heading('Set up this device')).toBeVisible();
  await expectAccessible(page, 'sign-in');
  await entry.signIn({ ...demo.person('rep'), password: 'wrong' });
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'sign-in with an error');
  await page.getByLabel('Password', { exact: true }).fill(demo.person('rep').password);
  await page.keyboard.press('Enter');
  await expect(entry.heading('Choose a passphrase')).toBeVisible();
  await expectAccessible(page, 'passphrase');
  await entry.passphrase.fill(PASSPHRASE);
  await page.getByLabel('The same again').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(entry.heading('Keep this recovery code')).toBeVisible();
  await expectAccessible(page, 'recovery code');
  // A check that could not fail would be none: a button without a name is found.
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
  expect(await axeFindings(page)).toEqual([expect.stringMatching(/^critical button-name/)]);
});

test('axe finds nothing on any screen of the records, in light and dark', async ({
  demo,
  device: newDevice,
}) => {
  const device = newDevice('access', { server: demo.url });
  const page = await device.start();
  const entry = new Entry(page);
  const shell = new Shell(page);
  await entry.signIn(demo.person('rep', 1));
  await entry.choosePassphrase(PASSPHRASE);
  await expect(entry.heading('Everything is here')).toBeVisible({ timeout: 180_000 });
  await expectAccessible(page, 'first sync');
  await page.keyboard.press('Enter');
  await shell.inStep();

  for (const list of ['Accounts', 'Contacts', 'Leads', 'Deals', 'Activities', 'Products']) {
    await new ListPage(page, list).open();
    await expectAccessible(page, list);
  }
  await new ListPage(page, 'Deals').open();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByRole('toolbar', { name: 'Selected records' })).toBeVisible();
  await expectAccessible(page, 'selected rows');
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await expect(page.getByRole('combobox', { name: 'Field' })).toBeVisible();
  await expectAccessible(page, 'filter');
  await page.keyboard.press('Escape');

  await page.keyboard.press('c');
  await expect(page.getByRole('dialog', { name: 'New deal' })).toBeVisible();
  await expectAccessible(page, 'new deal');
  await page.keyboard.press('Escape');

  const palette = new Palette(page);
  await palette.type('an');
  await expect(palette.records.getByRole('option').first()).toBeVisible();
  await expectAccessible(page, 'palette');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page, 'record');

  await shell.jump(['g', 'b'], page.getByRole('region', { name: 'Prospecting' }).getByRole('option').first());
  await expectAccessible(page, 'board');
  await new AuditPage(page).open();
  await new AuditPage(page).verified();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'audit log');
  await new InboxPage(page).open();
  await expectAccessible(page, 'empty inbox');
  await shell.go('Sync status');
  await expectAccessible(page, 'sync status');
  await shell.go('Settings');
  await expectAccessible(page, 'settings');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await expectAccessible(page, 'keys');
  await page.keyboard.press('Escape');
  await shell.lock();
  await expectAccessible(page, 'unlock');
  await page.getByRole('button', { name: 'Use recovery code' }).click();
  await expectAccessible(page, 'recovery');
});
