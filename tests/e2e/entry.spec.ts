import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { AuditPage } from './pages/audit.ts';
import { Entry } from './pages/entry.ts';
import { Shell } from './pages/shell.ts';
import { expectAccessible } from './support/axe.ts';
import { Device, type Laptop, newLaptop } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { fromTheFuture } from './support/store-file.ts';

const PASSPHRASE = 'a lantern over the harbour';

test('a wrong password, a wrong address and a short passphrase are said where they were typed', async ({
  demo,
  device: newDevice,
}) => {
  const device = newDevice('first-run', { server: demo.url });
  const page = await device.start();
  const entry = new Entry(page);
  const person = demo.person('rep');
  const note = (label: string) => page.getByLabel(label, { exact: true });

  await expect(note('Server')).toHaveValue(demo.url);
  await entry.signIn({ ...person, password: 'not the password' });
  await expect(note('Password')).toHaveAccessibleDescription(/E-mail or password is not right/);
  await expect(note('Password')).toHaveValue('');

  await note('Server').fill('http://127.0.0.1:9');
  await note('Password').fill(person.password);
  await page.keyboard.press('Enter');
  await expect(note('Server')).toHaveAccessibleDescription(/cannot be reached/);

  await note('Server').fill(demo.url);
  await page.keyboard.press('Enter');
  await expect(entry.heading('Choose a passphrase')).toBeVisible();
  await entry.passphrase.fill('too short');
  await page.keyboard.press('Enter');
  await expect(entry.passphrase).toHaveAccessibleDescription(/more characters? needed/);
  await entry.passphrase.fill(PASSPHRASE);
  await page.getByLabel('The same again').fill('something else here');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('The same again')).toHaveAccessibleDescription(/not the same/);
});

test('locking hides everything, a wrong passphrase opens nothing, and the recovery code sets a new one', async ({
  demo,
  device: newDevice,
}) => {
  const device = newDevice('lock', { server: demo.url });
  const person = demo.person('rep', 1);
  const page = await device.start();
  const entry = new Entry(page);
  const shell = new Shell(page);
  const code = await entry.firstRun(person, PASSPHRASE);

  await test.step('locked: the screen, the page and its memory of records are gone', async () => {
    await shell.go('Accounts');
    const first = page.getByRole('gridcell').nth(1);
    await expect(first).toBeVisible();
    const cells = await page.getByRole('row').nth(1).getByRole('gridcell').allTextContents();
    const seen = cells.filter((text) => text.length > 3);
    await page.evaluate(() => Reflect.set(window, 'beforeLocking', true));
    await shell.lock();
    const html = await page.content();
    for (const text of [...seen, person.name, person.email]) expect(html).not.toContain(text);
    // The window was loaded anew: nothing of the old page's memory is left.
    expect(await page.evaluate(() => Reflect.has(window, 'beforeLocking'))).toBe(false);
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(entry.heading(/^Good/)).toBeVisible();
  });

  await test.step('a wrong passphrase is said at the input and opens nothing', async () => {
    await entry.unlock('a lantern under the harbour');
    await expect(entry.passphrase).toHaveAccessibleDescription(/does not open this device/);
    await expect(entry.heading(/^Good/)).toBeVisible();
  });

  await test.step('the right one opens', async () => {
    await entry.unlock(PASSPHRASE);
    await expect(shell.navigation).toBeVisible();
    await shell.lock();
  });

  await test.step('the recovery code opens and replaces the passphrase', async () => {
    await page.getByRole('button', { name: 'Use recovery code' }).click();
    await page.getByLabel('Recovery code').fill(`${code.slice(0, -4)}AAAA`);
    await entry.passphrase.fill('another lantern, another harbour');
    await page.getByLabel('The same again').fill('another lantern, another harbour');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Recovery code')).toHaveAccessibleDescription(/does not open this device/);
    await page.getByLabel('Recovery code').fill(code.toLowerCase().replaceAll('-', ' '));
    await page.keyboard.press('Enter');
    await expect(shell.navigation).toBeVisible();
    await shell.lock();
    await entry.unlock(PASSPHRASE);
    await expect(entry.passphrase).toHaveAccessibleDescription(/does not open this device/);
    await entry.unlock('another lantern, another harbour');
    await expect(shell.navigation).toBeVisible();
  });
});

test.describe('a store that cannot be opened has its own screen, and nothing of it is touched', () => {
  let whole: Laptop;
  let older: string;

  test.beforeAll(async ({ demo }) => {
    const device = new Device('whole', { server: demo.url });
    whole = device.laptop;
    await device.start();
    await new Entry(device.page).firstRun(demo.person('rep', 2), PASSPHRASE);
    await new Shell(device.page).inStep();
    await device.quit();
    // The same records, a few commits younger than the copy.
    older = join(whole.base, 'older.db');
    copyFileSync(join(whole.profile, 'roadbook.db'), older);
    await device.start();
    await new Entry(device.page).unlock(PASSPHRASE);
    await expect(new Shell(device.page).navigation).toBeVisible();
    await new Shell(device.page).inStep();
    await device.quit();
  });
  test.afterAll(() => rmSync(whole.base, { recursive: true, force: true }));

  /** What must stay as it is: keys, store, log and head. */
  function fingerprints(profile: string): Record<string, string> {
    const names = readdirSync(profile).filter((name) => /^(roadbook\.db|keys)/.test(name));
    return Object.fromEntries(
      names.map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(profile, name)))
          .digest('hex'),
      ]),
    );
  }

  interface Case {
    readonly name: string;
    readonly code: string;
    readonly heading: string;
    readonly spoil: (profile: string) => void | Promise<void>;
    /** The screen comes after the passphrase, because only then can it be known. */
    readonly unlock: boolean;
    /** What a person may still do about it on that screen. */
    readonly after?: (page: Page, entry: Entry) => Promise<void>;
  }

  const cases: readonly Case[] = [
    {
      name: 'the key file is missing beside an existing store',
      code: 'store.key_missing',
      heading: 'The key is missing',
      spoil: (profile) => rmSync(join(profile, 'keys.json')),
      unlock: false,
    },
    {
      name: 'the key file is damaged',
      code: 'store.key_damaged',
      heading: 'The key cannot be read',
      spoil: (profile) => writeFileSync(join(profile, 'keys.json'), '{"half":'),
      unlock: true,
    },
    {
      name: 'the store is gone and its key is there',
      code: 'store.missing',
      heading: 'The records are gone',
      spoil: (profile) => rmSync(join(profile, 'roadbook.db')),
      unlock: false,
    },
    {
      name: 'the file is not a database',
      code: 'store.not_a_database',
      heading: 'This file is not a Roadbook store',
      spoil: (profile) => writeFileSync(join(profile, 'roadbook.db'), 'Dear diary, '.repeat(9000)),
      unlock: true,
    },
    {
      name: 'a newer version wrote the file',
      code: 'store.newer_version',
      heading: 'These records need a newer Roadbook',
      spoil: (profile) => fromTheFuture(profile, PASSPHRASE),
      unlock: true,
    },
    {
      name: 'an older copy of the file was put back',
      code: 'store.went_back',
      heading: 'These records are older than they should be',
      spoil: (profile) => copyFileSync(older, join(profile, 'roadbook.db')),
      unlock: true,
      after: async (page, entry) => {
        await page.getByRole('button', { name: 'Open it anyway' }).click();
        await expect(entry.heading('Open these records anyway?')).toBeVisible();
        await expectAccessible(page, 'open it anyway');
        await entry.passphrase.fill(PASSPHRASE);
        await page.keyboard.press('Enter');
        await new Shell(page).inStep();
        const log = new AuditPage(page);
        await log.open();
        expect((await log.lines()).filter(({ what }) => what === 'Opened although older')).toHaveLength(1);
        await log.verified();
      },
    },
  ];

  for (const { name, code, heading, spoil, unlock, after } of cases) {
    test(name, async ({ device: newDevice }) => {
      const laptop = newLaptop('blocked');
      cpSync(whole.profile, laptop.profile, { recursive: true, filter: (path) => !/Singleton/.test(path) });
      await spoil(laptop.profile);
      const before = fingerprints(laptop.profile);

      const device = newDevice('blocked', {}, laptop);
      const page = await device.start();
      const entry = new Entry(page);
      if (unlock) await entry.unlock(PASSPHRASE);
      await expect(entry.heading(heading)).toBeVisible();
      await expect(page.getByText(code, { exact: true })).toBeVisible();
      await expectAccessible(page, code);
      expect(fingerprints(laptop.profile)).toEqual(before);

      await page.getByRole('button', { name: /^(Look|Try) again/ }).click();
      if (unlock) await entry.unlock(PASSPHRASE);
      await expect(entry.heading(heading)).toBeVisible();
      expect(fingerprints(laptop.profile)).toEqual(before);
      await after?.(page, entry);
      await device.quit();
      if (after === undefined) expect(fingerprints(laptop.profile)).toEqual(before);
      expect(existsSync(join(laptop.profile, 'keys.setup.json'))).toBe(false);
    });
  }
});
