import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Entry } from './pages/entry.ts';
import { Shell } from './pages/shell.ts';
import { expectAccessible } from './support/axe.ts';
import { ask } from './support/bridge.ts';
import { type Laptop, newLaptop } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Keyring, whyNoKeyring } from './support/keyring.ts';

const PASSPHRASE = 'the heron stands in the reeds';
const why = whyNoKeyring();

test('a real keychain opens the records, and one that is gone or was emptied is explained and renewed', async ({
  demo,
  device: newDevice,
}) => {
  // biome-ignore lint/suspicious/noSkippedTests: only where the machine has no keyring, and it says so
  test.skip(why !== null, why ?? '');
  const laptop: Laptop = newLaptop('keychain');
  const keyring = new Keyring();
  const other = new Keyring();
  const at = (where: Keyring | null) =>
    newDevice(
      'keychain',
      {
        server: demo.url,
        ...(where === null ? {} : { keychain: { store: 'gnome-libsecret', env: where.env } }),
      },
      laptop,
    );
  const kept = () => JSON.parse(readFileSync(join(laptop.profile, 'keys.json'), 'utf8'));
  try {
    await keyring.start();
    await test.step('set up with a keychain: it is given the key, and it opens after a restart', async () => {
      const device = at(keyring);
      await new Entry(await device.start()).firstRun(demo.person('rep'), PASSPHRASE);
      expect(kept().keychain.backend).toBe('gnome_libsecret');
      await device.quit();
      const page = await device.start();
      await page.getByRole('button', { name: 'Use the keychain' }).click();
      await expect(new Shell(page).navigation).toBeVisible();
      expect(await ask(page, 'keys.keychain', {})).toMatchObject({ state: 'ready', now: 'gnome_libsecret' });
      await device.quit();
    });

    await test.step('without a keychain: the screen says which one is missing, and the passphrase opens', async () => {
      const device = at(null);
      const page = await device.start();
      await expect(page.getByText('GNOME Keyring is not here')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Use the keychain' })).toHaveCount(0);
      await expect(page.getByRole('checkbox')).toHaveCount(0);
      await new Entry(page).open(PASSPHRASE);
      expect(await ask(page, 'keys.keychain', {})).toMatchObject({ state: 'gone', was: 'gnome_libsecret' });
      // Nothing that only obscures was given the key in its place.
      expect(kept().keychain.backend).toBe('gnome_libsecret');
      await device.quit();
    });

    await test.step('with the keychain of somebody else: asked, it is explained; with the passphrase it is given the key', async () => {
      await other.start();
      const device = at(other);
      const page = await device.start();
      await page.getByRole('button', { name: 'Use the keychain' }).click();
      await expect(page.getByText('GNOME Keyring does not have the key any more')).toBeVisible();
      await expectAccessible(page, 'unlock after the keychain has changed');
      await page.getByRole('checkbox', { name: 'Open with this keychain from now on' }).check();
      await new Entry(page).open(PASSPHRASE);
      await new Shell(page).lock();
      await page.getByRole('button', { name: 'Use the keychain' }).click();
      await expect(new Shell(page).navigation).toBeVisible();
      await device.quit();
    });
  } finally {
    keyring.stop();
    other.stop();
  }
});
