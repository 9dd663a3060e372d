import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Entry } from './pages/entry.ts';
import { Palette } from './pages/palette.ts';
import { RecordPage } from './pages/record.ts';
import { Shell } from './pages/shell.ts';
import { expectAccessible } from './support/axe.ts';
import { ask } from './support/bridge.ts';
import { Device } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Network } from './support/network.ts';

const PASSPHRASE = 'nine swans were counted twice';

test('a backup is made by a click, gone back to without losing what waits, and opens where the records do not', async ({
  demo,
}) => {
  const network = await Network.to(demo.port);
  const device = new Device('backups', { server: network.url });
  try {
    await device.start();
    await new Entry(device.page).firstRun(demo.person('rep'), PASSPHRASE);
    const shell = new Shell(device.page);
    await shell.inStep();
    await shell.go('Settings');
    const part = device.page.getByRole('region', { name: 'Backups' });
    await expect(part.getByText('There is none yet.')).toBeVisible();
    await part.getByRole('button', { name: 'Back up' }).click();
    await expect(part.getByText(/^Made when you asked/)).toBeVisible();
    await expectAccessible(device.page, 'settings with a backup');

    // Made after the backup, without a network: only this device has it.
    await network.cut();
    await ask(device.page, 'record.create', { collection: 'accounts', values: { name: 'Halyard & Sons' } });
    await part.getByRole('button', { name: /^Restore the backup/ }).click();
    const question = device.page.getByRole('dialog', { name: 'Go back to this backup?' });
    await expect(question.getByText(/wait/)).toBeVisible();
    await expectAccessible(device.page, 'going back to a backup');
    await question.getByRole('button', { name: 'Restore and lock' }).click();
    await new Entry(device.page).unlock(PASSPHRASE);
    await expect(shell.navigation).toBeVisible();
    await new Palette(device.page).open('halyard', 'Halyard & Sons');
    await network.up();
    await shell.inStep();

    // The disk spoils the records while Roadbook is not running.
    await device.quit();
    const store = join(device.laptop.profile, 'roadbook.db');
    const bytes = readFileSync(store);
    bytes.fill(0x5a, 4096);
    writeFileSync(store, bytes);
    await device.start();
    await new Entry(device.page).unlock(PASSPHRASE);
    await expect(new Entry(device.page).heading('A part of the records is damaged')).toBeVisible();
    await device.page.getByRole('button', { name: 'Restore a backup' }).click();
    await expectAccessible(device.page, 'choosing a backup');
    await device.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await device.page.keyboard.press('Enter');
    // Records are there again; who was signed in is asked anew, because nobody knows what the lost records had sent.
    const again = new Shell(device.page);
    await expect(again.pill).toHaveText('Signed out, 1 change saved here');
    await new Palette(device.page).open('halyard', 'Halyard & Sons');
    await expect(new RecordPage(device.page).field('Name')).toContainText('Halyard & Sons');
    await again.go('Sync status');
    await expectAccessible(device.page, 'signed out');
    await device.page.getByLabel(/^Password of/).fill('not this one');
    await device.page.keyboard.press('Enter');
    await expect(device.page.getByLabel(/^Password of/)).toHaveAttribute('aria-invalid', 'true');
    await expect(device.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await device.page.getByLabel(/^Password of/).fill(demo.person('rep').password);
    await device.page.keyboard.press('Enter');
    await again.inStep();
    // What waited in that backup had been sent before: the server takes it once.
    const { viewId } = await ask(device.page, 'view.open', {
      collection: 'accounts',
      filters: [{ field: 'name', op: 'contains', value: 'halyard' }],
      sort: [],
    });
    const { count } = await ask(device.page, 'view.rows', { viewId, from: 0, count: 10 });
    expect(count).toBe(1);
  } finally {
    await device.dispose();
    await network.close();
  }
});
