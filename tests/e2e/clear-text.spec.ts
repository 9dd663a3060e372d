import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { needlesOf } from '../security/support/needles.ts';
import { scan } from '../security/support/scan.ts';
import { fileSources } from '../security/support/sources.ts';
import { Entry } from './pages/entry.ts';
import { Palette } from './pages/palette.ts';
import { RecordPage } from './pages/record.ts';
import { Shell } from './pages/shell.ts';
import { type Device, newLaptop } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Network } from './support/network.ts';
import { canaries, sweep, sweepCheckout } from './support/secrets.ts';

const KINDS = ['account', 'email', 'person', 'note', 'search', 'draft', 'unsent', 'passphrase'] as const;

/** Tokens, keys and passwords as they passed between device and server. */
function secretsHeard(traffic: string): string[] {
  const tokens = traffic.matchAll(/(?:bearer |"(?:accessToken|refreshToken)":")([\w.~+/=-]{20,})/gi);
  return [...new Set([...tokens].map((match) => match[1] ?? ''))].filter((token) => token !== '');
}

/** Chromium holds back what a page stores for some seconds: a leak must not hide behind that. */
async function writeOut(device: Device): Promise<void> {
  const mark = `flushed ${Date.now()}`;
  await device.page.evaluate((value) => localStorage.setItem('sweep', value), mark);
  await expect
    .poll(
      async () => {
        await device.app.evaluate(({ BrowserWindow }) => {
          for (const window of BrowserWindow.getAllWindows()) window.webContents.session.flushStorageData();
        });
        return sweep(device, needlesOf([mark])).findings.length;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);
}

async function expectClean(device: Device, secrets: readonly string[], moment: string): Promise<void> {
  if (device.running) await writeOut(device);
  const { findings, places } = sweep(device, needlesOf(secrets));
  expect(findings, `clear text ${moment}`).toEqual([]);
  // A sweep that saw nothing would find nothing.
  expect(
    places.some((place) => place.endsWith('roadbook.db')),
    `the store was swept ${moment}`,
  ).toBe(true);
}

test('what a person types is nowhere in clear: not in use, not after a power cut, not after a quit', async ({
  demo,
  device: newDevice,
}) => {
  const words = canaries(KINDS);
  const network = await Network.to(demo.port);
  const traffic = network.listen();
  const device = newDevice('clear-text', { server: network.url });
  const person = demo.person('rep');
  const passphrase = `${words.passphrase} and more`;

  await device.start();
  const recoveryCode = await new Entry(device.page).firstRun(person, passphrase);
  const shell = new Shell(device.page);
  await shell.inStep();

  await test.step('records, notes, searches and drafts are written', async () => {
    const { page } = device;
    await shell.go('Accounts');
    await page.keyboard.press('c');
    const form = page.getByRole('dialog', { name: 'New account' });
    await form.getByLabel('Name').fill(words.account);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: words.account })).toBeVisible();

    const record = new RecordPage(page);
    await record.addNote(`Agreed with ${words.note} on the phone`);
    await record.showEmpty();
    await record.edit('Website', `https://${words.unsent}.example`);

    await shell.go('Contacts');
    await page.keyboard.press('c');
    const contact = page.getByRole('dialog', { name: 'New contact' });
    await contact.getByLabel('Last name').fill(words.person);
    await contact.getByRole('textbox', { name: 'E-mail', exact: true }).fill(`${words.email}@example.com`);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: words.person })).toBeVisible();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(words.search);
    await page.keyboard.press('Escape');

    await record.writeNote(`Not yet saved: ${words.draft}`);
    await shell.inStep();
  });

  const heard = secretsHeard(traffic());
  expect(heard.length, 'access and refresh tokens were heard').toBeGreaterThanOrEqual(2);
  const plainCode = recoveryCode.replaceAll('-', '');
  const secrets = [...Object.values(words), person.password, recoveryCode, plainCode, ...heard];

  await expectClean(device, secrets, 'while it runs');
  await device.kill();
  await expectClean(device, secrets, 'after a power cut');

  await test.step('the draft is still there, and locking takes it off the screen', async () => {
    await device.start();
    await new Entry(device.page).open(passphrase);
    await new Palette(device.page).open(words.person, words.person);
    await expect(device.page.getByText(words.draft)).toBeVisible();
    await new Shell(device.page).lock();
    await expectClean(device, secrets, 'while it is locked');
  });
  await device.quit();
  await expectClean(device, secrets, 'after a quit');
  expect(sweepCheckout(needlesOf(secrets)).findings, 'clear text in the checkout').toEqual([]);

  await test.step('the server keeps no secret in clear either, and its log no record', async () => {
    const onDisk = scan(
      fileSources([demo.data]),
      needlesOf([passphrase, person.password, plainCode, ...heard]),
    );
    expect(onDisk.findings).toEqual([]);
    const log = Buffer.from(demo.output.filter((line) => !line.includes(person.password)).join('\n'));
    expect(scan([{ place: 'server log', bytes: log }], needlesOf(secrets)).findings).toEqual([]);
  });
  await network.close();
});

test('the sweep would see clear text: planted in every layer of a profile, it is found in each', async ({
  device: newDevice,
}) => {
  const words = canaries(['stored', 'local', 'packed']);
  const packed = `${words.packed.slice(0, 6)} ${words.packed.slice(4)} ${words.packed}`;
  const laptop = newLaptop('planted');
  const device = newDevice('planted', {}, laptop);
  await device.start();
  await device.page.evaluate(
    async ({ stored, local, packed }) => {
      localStorage.setItem('planted', local);
      const database = await new Promise<IDBDatabase>((done, fail) => {
        const opening = indexedDB.open('planted');
        opening.onupgradeneeded = () => opening.result.createObjectStore('values');
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => fail(opening.error);
      });
      const write = (fill: (store: IDBObjectStore) => void) =>
        new Promise<void>((done, fail) => {
          const transaction = database.transaction('values', 'readwrite', { durability: 'strict' });
          fill(transaction.objectStore('values'));
          transaction.oncomplete = () => done();
          transaction.onerror = () => fail(transaction.error);
        });
      // A value large enough that IndexedDB compresses it by itself.
      await write((store) => store.put({ note: `${stored} `.repeat(4000) }, 'large'));
      // More small ones than LevelDB keeps in its log: it writes them into a table of compressed blocks.
      for (let round = 0; round < 9; round += 1) {
        await write((store) => {
          for (let n = 0; n < 1000; n += 1)
            store.put({ note: packed, filler: 'road book '.repeat(60) }, `${round}-${n}`);
        });
      }
      database.close();
    },
    { ...words, packed },
  );
  const running = sweep(device, needlesOf(Object.values(words))).findings;
  await device.quit();
  const after = sweep(device, needlesOf(Object.values(words))).findings;

  const layersOf = (word: string, findings: typeof after) =>
    new Set(findings.filter((finding) => finding.text === word).map((finding) => finding.layer));
  expect(layersOf(words.stored, running)).toContain('IndexedDB value');
  expect(layersOf(words.local, after)).toContain('LevelDB log');
  const inTables = after.filter((finding) => finding.place.endsWith('.ldb') && finding.text === words.packed);
  // Compressed so that the word as a whole stands nowhere: only unpacking shows it.
  expect(new Set(inTables.map((finding) => finding.layer))).toEqual(new Set(['LevelDB block']));
  expect(existsSync(join(laptop.profile, 'Partitions'))).toBe(true);
});
