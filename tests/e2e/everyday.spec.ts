import { AuditPage } from './pages/audit.ts';
import { Entry } from './pages/entry.ts';
import { ListPage } from './pages/list.ts';
import { Palette } from './pages/palette.ts';
import { RecordPage } from './pages/record.ts';
import { Shell } from './pages/shell.ts';
import { expectAccessible } from './support/axe.ts';
import { ask } from './support/bridge.ts';
import { Device } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Network } from './support/network.ts';

// A day with Roadbook, mostly by keyboard, on one device of the demo company.
const PASSPHRASE = 'the kettle is on at half past six';

/** An account that is there from the beginning. */
const STANDING = 'Lanternfish Surveying';

let device: Device;
let network: Network;

test.beforeAll(async ({ demo }) => {
  network = await Network.to(demo.port);
  device = new Device('everyday', { server: network.url });
  await device.start();
  await new Entry(device.page).firstRun(demo.person('rep'), PASSPHRASE);
  await new Shell(device.page).inStep();
  await ask(device.page, 'record.create', { collection: 'accounts', values: { name: STANDING } });
});

test.afterAll(async () => {
  await device.dispose();
  await network.close();
});

test.afterEach(() => {
  expect(device.complaints.splice(0)).toEqual([]);
});

const numberOf = async (label: string) => {
  const text = await new Shell(device.page).navigation
    .getByRole('button', { name: new RegExp(`^${label} `) })
    .textContent();
  return Number(text?.replace(/\D/g, ''));
};

const making = [
  {
    list: 'Accounts',
    singular: 'account',
    fields: { Name: 'Tidewater Instruments' },
    heading: 'Tidewater Instruments',
  },
  {
    list: 'Contacts',
    singular: 'contact',
    fields: { 'First name': 'Ottilie', 'Last name': 'Brandvold' },
    heading: 'Ottilie Brandvold',
  },
  {
    list: 'Leads',
    singular: 'lead',
    fields: { 'Last name': 'Quillfeather', Company: 'Quillfeather Mills' },
    heading: /Quillfeather/,
  },
  {
    list: 'Deals',
    singular: 'deal',
    fields: { Name: 'Tidewater first order', Amount: '12500', 'Close date': '2027-03-31' },
    heading: 'Tidewater first order',
  },
] as const;

for (const { list, singular, fields, heading } of making) {
  test(`a new ${singular} is made by keyboard and stands in its list at once`, async () => {
    const { page } = device;
    await new ListPage(page, list).open();
    const before = await numberOf(list);
    await page.keyboard.press('c');
    const form = page.getByRole('dialog', { name: `New ${singular}` });
    for (const [label, value] of Object.entries(fields)) {
      await form
        .getByRole('textbox', { name: new RegExp(`^${label}`) })
        .first()
        .fill(value);
    }
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect.poll(() => numberOf(list)).toBe(before + 1);
  });
}

test('a form that lacks what is needed says so at the field and keeps everything typed', async () => {
  const { page } = device;
  await new ListPage(page, 'Contacts').open();
  await page.keyboard.press('c');
  const form = page.getByRole('dialog', { name: 'New contact' });
  await form.getByRole('textbox', { name: 'First name' }).fill('Nameless');
  await page.keyboard.press('Control+Enter');
  const missing = form.getByRole('textbox', { name: /^Last name/ });
  await expect(missing).toHaveAttribute('aria-invalid', 'true');
  await expect(missing).toBeFocused();
  await expect(form.getByRole('textbox', { name: 'First name' })).toHaveValue('Nameless');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
});

test('a field is edited in place; what cannot be read stays in the input with the reason', async () => {
  const { page } = device;
  await new Palette(page).open('tidewater first', 'Tidewater first order');
  const record = new RecordPage(page);
  await record.edit('Amount', '13,750.50');
  await expect(record.field('Amount')).toContainText('$13,750.50');
  await record.startEdit('Close date');
  await record.input('Close date').fill('the day after');
  await page.keyboard.press('Enter');
  await expect(record.input('Close date')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expect(record.field('Close date')).toContainText('31 Mar 2027');
});

test('a change is put back by keyboard from the timeline, as a new edit, and from the audit log again', async () => {
  const { page } = device;
  const record = new RecordPage(page);
  await new Palette(page).open('tidewater first', 'Tidewater first order');
  await record.edit('Next step', 'Ask for the drawing');
  await record.edit('Next step', 'Send the offer');
  const back = record.timeline.getByRole('button', { name: 'Put back next step, Ask for the drawing' });
  await back.press('Enter');
  await expect(record.field('Next step')).toContainText('Ask for the drawing');
  await expect(back).toHaveCount(0);
  // The focus does not fall out of the page.
  await expect(record.timeline.getByRole('listitem').nth(1)).toBeFocused();

  const audit = new AuditPage(page);
  await audit.open();
  const [newest] = await audit.lines();
  expect(newest).toMatchObject({ what: 'Next step' });
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: /^Entry/ });
  await panel.getByRole('button', { name: 'Put back' }).press('Enter');
  await expect(panel.getByRole('status')).toHaveText('Put back, as a new entry.');
  await new Palette(page).open('tidewater first', 'Tidewater first order');
  await expect(record.field('Next step')).toContainText('Send the offer');
});

test('a record that was deleted comes back with undo', async () => {
  const { page } = device;
  await new Palette(page).open('brandvold', 'Ottilie Brandvold');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete contact' }).click();
  const toast = page.getByRole('group', { name: 'Last change' });
  await expect(toast).toContainText('Deleted Ottilie Brandvold');
  // It leaves after a while, but not from under the pointer.
  await toast.hover();
  expect((await ask(page, 'search.query', { text: 'brandvold', limit: 5 })).hits).toEqual([]);
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ottilie Brandvold' })).toBeVisible();
  await new Palette(page).open('brandvold', 'Ottilie Brandvold');
});

test('the palette finds records and actions by a few letters in any case', async () => {
  const { page } = device;
  const palette = new Palette(page);
  await palette.type('TIDEW INSTR');
  await expect(palette.records.getByRole('option').first()).toContainText('Tidewater Instruments');
  await palette.input.fill('nobody has this name');
  await expect(page.getByText('Nothing on this device fits')).toBeVisible();
  await palette.input.fill('audit');
  await expect(page.getByRole('group', { name: 'Actions' }).getByRole('option').first()).toContainText(
    /audit/i,
  );
  await page.keyboard.press('Escape');
  await expect(palette.input).toBeHidden();
});

test('a list is sorted by its heads and narrowed by a filter, and says how many fit', async () => {
  const { page } = device;
  const deals = new ListPage(page, 'Deals');
  await deals.open();
  await deals.grid.getByRole('columnheader', { name: 'Deal', exact: true }).getByRole('button').click();
  await expect(deals.grid.getByRole('columnheader', { name: 'Deal', exact: true })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  // The head tells the order at once, the rows follow.
  const firstNames = async () => Promise.all([1, 2, 3].map((place) => deals.cell(place, 'Deal')));
  await expect
    .poll(async () => {
      const names = await firstNames();
      const sorted = [...names].sort((one, other) => one.localeCompare(other));
      return names.every(Boolean) && names.join() === sorted.join();
    })
    .toBe(true);

  await page.keyboard.press('f');
  await page.getByRole('combobox', { name: 'Field' }).fill('stage');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Stage' }).fill('won');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: 'Stage is Won', exact: true })).toBeVisible();
  await expect(deals.count).toHaveText(/^\d[\d,]* of \d[\d,]* deals$/);
  for (const place of [1, 2, 3]) await expect(deals.row(place)).toContainText('Won');
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByRole('button', { name: 'Stage is Won', exact: true })).toBeHidden();
});

test('keys walk a list, open a record, go to the next one, and come back to the place', async () => {
  const { page } = device;
  const accounts = new ListPage(page, 'Accounts');
  await accounts.open();
  for (const key of ['j', 'j', 'j']) await page.keyboard.press(key);
  await expect(accounts.row(3)).toHaveClass(/cur/);
  const third = await accounts.cell(3, 'Account');
  const fourth = await accounts.cell(4, 'Account');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: third })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { level: 1, name: fourth })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(accounts.grid).toBeFocused();
  await expect(accounts.grid.locator('.cur')).toHaveCount(1);
});

test('a deal moves over the board by keys; losing it asks for the reason first', async () => {
  const { page } = device;
  await new Shell(page).jump(['g', 'b'], page.getByRole('region', { name: 'Prospecting', exact: true }));
  /** Picks up the first card of a stage, carries it so many columns to the right and puts it down. */
  const carry = async (stage: string, columns: number): Promise<string> => {
    const column = page.getByRole('region', { name: stage, exact: true });
    const first = column.getByRole('option').first();
    await expect(first).toHaveAttribute('data-id', /.+/);
    const id = (await first.getAttribute('data-id')) ?? '';
    await column.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    for (let step = 0; step < columns; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    return id;
  };
  const body = async (id: string) => (await ask(page, 'record.get', { collection: 'deals', id })).row.body;

  const moved = await carry('Prospecting', 1);
  await expect.poll(async () => (await body(moved)).stage).toBe('qualification');

  const lost = await carry('Negotiation', 2);
  const dialog = page.getByRole('dialog', { name: 'Move to Lost' });
  await expect(dialog).toBeVisible();
  expect((await body(lost)).stage).toBe('negotiation');
  await dialog.getByLabel(/^Lost reason/).selectOption({ index: 1 });
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await body(lost)).stage).toBe('lost');
  expect((await body(lost)).lostReason).not.toBe('');
});

test('an unfinished form survives a power cut', async () => {
  await new ListPage(device.page, 'Leads').open();
  await device.page.keyboard.press('c');
  const form = () => device.page.getByRole('dialog', { name: 'New lead' });
  await form()
    .getByRole('textbox', { name: /^Last name/ })
    .fill('Halfway');
  await expect.poll(draftOnDisk).toBeGreaterThan(0);
  const half = await draftOnDisk();
  await form()
    .getByRole('textbox', { name: /^Company/ })
    .fill('Unfinished Bridges');
  // What a draft says is sealed; how long it is tells that the second field is in it.
  await expect.poll(draftOnDisk).toBeGreaterThanOrEqual(half + 'Unfinished Bridges'.length);
  await device.kill();
  await device.start();
  await new Entry(device.page).open(PASSPHRASE);
  await new ListPage(device.page, 'Leads').open();
  await device.page.keyboard.press('c');
  await expect(form().getByRole('status')).toContainText('Restored what you typed');
  await expect(form().getByRole('textbox', { name: /^Last name/ })).toHaveValue('Halfway');
  await expect(form().getByRole('textbox', { name: /^Company/ })).toHaveValue('Unfinished Bridges');
  await device.page.keyboard.press('Escape');
});

/** Bytes of the newest draft on disk; 0 while there is none. */
const draftOnDisk = () =>
  device.page.evaluate(async () => {
    const known = await indexedDB.databases();
    // Opened too early, it would be made without its tables.
    if (!known.some(({ name }) => name === 'roadbook-drafts')) return 0;
    return new Promise<number>((done, fail) => {
      const opening = indexedDB.open('roadbook-drafts');
      opening.onerror = () => fail(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction('drafts').objectStore('drafts').index('at').getAll();
        all.onerror = () => fail(all.error);
        all.onsuccess = () => {
          opening.result.close();
          done((all.result as { data: ArrayBuffer }[]).at(-1)?.data.byteLength ?? 0);
        };
      };
    });
  });

test('without a network the pill says so quietly, and what is made goes out when it returns', async () => {
  const { page } = device;
  const shell = new Shell(page);
  await shell.inStep();
  await network.cut();
  await expect(shell.pill).toHaveText('Offline');
  await new Palette(page).open('lanternf', STANDING);
  await new RecordPage(page).edit('Industry', 'Survey instruments');
  await expect(shell.pill).toHaveText('Offline, 1 change saved here');
  await expect(new RecordPage(page).field('Industry').getByRole('img')).toHaveAccessibleName(
    'Saved here, not sent',
  );
  await network.up();
  await shell.inStep();
  await expect(new RecordPage(page).field('Industry').getByRole('img')).toHaveCount(0);
});

test('the audit log holds what was done, finds it, and verifies from its first entry', async () => {
  const audit = new AuditPage(device.page);
  await audit.open();
  expect(await audit.verified()).toMatch(/^\d[\d,]* (?:entry|entries), chain verified/);
  await device.page.getByRole('searchbox', { name: 'Find in entries' }).fill('lanternf');
  await expect
    .poll(async () => (await audit.lines()).every((line) => line.record.includes(STANDING)))
    .toBe(true);
  expect((await audit.lines()).some((line) => line.what === 'Created')).toBe(true);
});

test('the passphrase is changed and a new recovery code made in the settings, each asking the passphrase', async () => {
  const { page } = device;
  const next = 'the second kettle at seven';
  const entry = new Entry(page);
  const dialog = (name: string) => page.getByRole('dialog', { name });
  await new Shell(page).go('Settings');
  const safety = page.getByRole('region', { name: 'Safety' });

  await safety.getByRole('button', { name: 'Change', exact: true }).click();
  const change = dialog('Change the passphrase');
  await change.getByLabel('Present passphrase', { exact: true }).fill('not the right one');
  await change.getByLabel('New passphrase', { exact: true }).fill(next);
  await change.getByLabel('The same again').fill(next);
  await page.keyboard.press('Enter');
  await expect(change.getByLabel('Present passphrase', { exact: true })).toHaveAccessibleDescription(
    /does not open this device/,
  );
  await change.getByLabel('Present passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(safety.getByText('The passphrase is changed.')).toBeVisible();

  await safety.getByRole('button', { name: 'Make a new one' }).click();
  await dialog('Make a new recovery code').getByLabel('Passphrase', { exact: true }).fill(next);
  await page.keyboard.press('Enter');
  const shown = dialog('Keep this recovery code');
  await expect(shown).toBeVisible();
  await expectAccessible(page, 'new recovery code');
  const code = await entry.keepCode();
  await expect(shown).toBeHidden();

  await new Shell(page).lock();
  await page.getByRole('button', { name: 'Use recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code);
  await entry.passphrase.fill(PASSPHRASE);
  await page.getByLabel('The same again').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(new Shell(page).navigation).toBeVisible();
});

test('the theme is chosen in the settings and stands after a restart', async () => {
  const theme = () => device.page.evaluate(() => document.documentElement.dataset.theme);
  await new Shell(device.page).go('Settings');
  await device.page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
  await expect.poll(theme).toBe('dark');
  await device.quit();
  await device.start();
  await expect(new Entry(device.page).heading(/^Good/)).toBeVisible();
  await expect.poll(theme).toBe('dark');
});
