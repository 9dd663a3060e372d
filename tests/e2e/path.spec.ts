import type { RecordRow } from '../../shared/ipc.ts';
import { type AuditLine, AuditPage } from './pages/audit.ts';
import { Entry } from './pages/entry.ts';
import { InboxPage } from './pages/inbox.ts';
import { ListPage } from './pages/list.ts';
import { Palette } from './pages/palette.ts';
import { RecordPage } from './pages/record.ts';
import { Shell } from './pages/shell.ts';
import { syncLog, syncLogPage } from './support/admin.ts';
import { expectAccessible } from './support/axe.ts';
import { ask } from './support/bridge.ts';
import { hasExports } from './support/company.ts';
import type { Device } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Network } from './support/network.ts';

const PASSPHRASE = { a: 'seven geese over the marsh', b: 'the ferry leaves at noon' };
const CLOSE_DATE = '24 Dec 2027';
const NEXT_STEP = 'Show the new rack to the site manager';
const NOTE = 'They want to see it running before they sign';

/** Two open deals of the person on that device that can be told from all others by a search. */
async function ownOpenDeals(device: Device): Promise<readonly [RecordRow, RecordRow]> {
  const { user } = await ask(device.page, 'app.state', {});
  const { viewId } = await ask(device.page, 'view.open', {
    collection: 'deals',
    filters: [
      { field: 'owner', op: 'is', value: user?.id },
      { field: 'probability', op: 'at-least', value: 1 },
      { field: 'probability', op: 'at-most', value: 99 },
    ],
    sort: [{ field: 'name', direction: 'asc' }],
  });
  const { rows } = await ask(device.page, 'view.rows', { viewId, from: 0, count: 200 });
  await ask(device.page, 'view.close', { viewId });
  const alone = rows.filter(
    (row) =>
      row.body.externalId !== undefined || rows.filter((other) => other.name === row.name).length === 1,
  );
  const [first, second] = alone;
  if (first === undefined || second === undefined) throw new Error('This person has no two open deals.');
  return [first, second];
}

async function openDeal(device: Device, deal: RecordRow): Promise<RecordPage> {
  const { externalId } = deal.body;
  await new Palette(device.page).open(typeof externalId === 'string' ? externalId : deal.name, deal.name);
  return new RecordPage(device.page);
}

test('what two people did offline, through a power cut, ends in step with nothing lost', async ({
  sales,
  device: newDevice,
}) => {
  const networkA = await Network.to(sales.port);
  const networkB = await Network.to(sales.port);
  const a = newDevice('rep-a', { server: networkA.url });
  const b = newDevice('rep-b', { server: networkB.url });
  const [personA, personB] = [sales.person('rep', 0), sales.person('rep', 1)];

  await test.step('both set up their devices and have the whole company', async () => {
    for (const [device, person, passphrase] of [
      [a, personA, PASSPHRASE.a],
      [b, personB, PASSPHRASE.b],
    ] as const) {
      await device.start();
      await new Entry(device.page).firstRun(person, passphrase);
      const shell = new Shell(device.page);
      await shell.inStep();
      if (hasExports) {
        await expect(shell.navigation.getByRole('button', { name: /^Deals/ })).toHaveText(/8,800/);
        await expect(device.page.getByRole('status').getByText('8,800')).toBeVisible();
      }
    }
  });
  await test.step('the list goes to its last record', async () => {
    const deals = new ListPage(a.page, 'Deals');
    await deals.open();
    await a.page.keyboard.press('End');
    const { count } = await ask(a.page, 'view.open', { collection: 'deals', filters: [], sort: [] });
    await expect(deals.row(count)).toBeVisible();
    await expect.poll(() => deals.cell(count, 'Deal')).not.toBe('');
  });
  const [shared, argued] = await ownOpenDeals(a);

  await test.step('the network goes away for both', async () => {
    await networkA.cut();
    await networkB.cut();
    for (const device of [a, b]) await expect(new Shell(device.page).pill).toHaveText('Offline');
  });

  await test.step('each edits the same two deals', async () => {
    const first = await openDeal(a, shared);
    await first.edit('Close date', CLOSE_DATE);
    await first.addNote(NOTE);
    await (await openDeal(a, argued)).edit('Amount', '65784');
    await (await openDeal(b, shared)).edit('Next step', NEXT_STEP);
    await (await openDeal(b, argued)).edit('Amount', '60302');
    await expect(new Shell(a.page).pill).toHaveText('Offline, 3 changes saved here');
    await expect(new Shell(b.page).pill).toHaveText('Offline, 2 changes saved here');
  });

  await test.step('one device loses power; everything typed is there and marked as waiting', async () => {
    await a.kill();
    await a.start();
    await expect(a.page.getByText('3 changes wait here')).toBeVisible();
    await new Entry(a.page).unlock(PASSPHRASE.a);
    await expect(new Shell(a.page).pill).toHaveText('Offline, 3 changes saved here');
    const first = await openDeal(a, shared);
    await expect(first.field('Close date')).toContainText(CLOSE_DATE);
    await expect(first.field('Close date').getByRole('img', { name: 'Saved here, not sent' })).toBeVisible();
    await expect(first.timeline.getByText(NOTE)).toBeVisible();
    const second = await openDeal(a, argued);
    await expect(second.field('Amount')).toContainText('65,784');
    await expect(second.field('Amount').getByRole('img', { name: 'Saved here, not sent' })).toBeVisible();
  });

  await test.step('the network returns and both come into step', async () => {
    await networkB.up();
    await expect(new Shell(b.page).pill).toHaveText(/^In step/, { timeout: 120_000 });
    await networkA.up();
    await expect(new Shell(a.page).pill).toHaveText('1 needs you', { timeout: 120_000 });
    await agree(a, b);
  });

  await test.step('both changes of the first deal are on both devices', async () => {
    for (const device of [a, b]) {
      const record = await openDeal(device, shared);
      await expect(record.field('Close date')).toContainText(CLOSE_DATE);
      await expect(record.field('Next step')).toContainText(NEXT_STEP);
      await expect(record.timeline.getByText(NOTE)).toHaveCount(1);
      await expect(record.details.getByRole('img', { name: 'Saved here, not sent' })).toHaveCount(0);
    }
  });

  const title = 'Two amounts for one deal';
  await test.step('one amount stands, the other is kept and shown to the owner', async () => {
    for (const device of [a, b]) {
      await expect((await openDeal(device, argued)).field('Amount')).toContainText('60,302');
    }
    await expect(
      new RecordPage(a.page).details.getByRole('button', { name: /^Amount needs you/ }),
    ).toBeVisible();
    const inbox = new InboxPage(a.page);
    await inbox.open();
    await expect(inbox.item(title)).toContainText(argued.name);
    await expect(inbox.side(title, 'Saved on your device')).toContainText('65,784');
    await expect(inbox.side(title, 'Saved on your device')).toContainText(personA.name);
    await expect(inbox.side(title, 'On the server')).toContainText('60,302');
    await expect(inbox.side(title, 'On the server')).toContainText(personB.name);
    await expectAccessible(a.page, 'inbox with a conflict');
  });

  await test.step('the audit log of both devices has each change once, made offline, from and to', async () => {
    for (const device of [a, b]) {
      const audit = new AuditPage(device.page);
      await audit.open();
      await audit.offlineOnly();
      const lines = await audit.lines();
      const changes = (what: string, record: string, to: string): AuditLine[] =>
        lines.filter(
          (line) => line.what === what && line.record.includes(record) && line.change.endsWith(to),
        );
      for (const found of [
        changes('Close date', shared.name, CLOSE_DATE),
        changes('Next step', shared.name, NEXT_STEP),
        changes('Amount', argued.name, '$65,784.00'),
        changes('Amount', argued.name, '$60,302.00'),
        lines.filter((line) => line.what === 'Created'),
      ]) {
        expect(found, JSON.stringify(lines, null, 1)).toHaveLength(1);
      }
      expect(await audit.verified()).toMatch(/(?:entry|entries), chain verified/);
    }
  });

  await test.step('the admin reads both syncs and the conflict, through the API and on the page', async () => {
    const admin = sales.person('admin');
    const lines = await syncLog(sales, admin);
    const of = (name: string) => lines.filter((line) => line.user_name === name);
    for (const { name } of [personA, personB]) {
      expect(of(name).some((line) => line.rows_out >= (hasExports ? 8_800 : 900))).toBe(true);
      expect(of(name).some((line) => line.rows_in > 0)).toBe(true);
      expect(of(name).every((line) => line.mismatches === 0 && line.error === '')).toBe(true);
    }
    expect(of(personA.name).reduce((sum, line) => sum + line.conflicts, 0)).toBe(1);
    expect(of(personB.name).reduce((sum, line) => sum + line.conflicts, 0)).toBe(0);
    const page = await syncLogPage(sales, admin);
    expect(page).toContain(personA.name);
    expect(page).toContain(personB.name);
    expect(page).toMatch(/Conflicts 1 /);
  });

  await test.step('the owner settles it with two keys, and both devices agree', async () => {
    const inbox = new InboxPage(a.page);
    await inbox.open();
    await expect(inbox.item(title)).toBeVisible();
    await a.page.keyboard.press('1');
    await a.page.keyboard.press('Enter');
    await expect(new Shell(a.page).pill).toHaveText(/^In step/, { timeout: 60_000 });
    await agree(a, b);
    for (const device of [a, b]) {
      await expect((await openDeal(device, argued)).field('Amount')).toContainText('65,784');
    }
  });

  await test.step('both say that they are verified identical', async () => {
    for (const device of [a, b]) {
      await new Shell(device.page).go('Sync status');
      const figure = device.page.locator('dl > div').filter({ hasText: 'Verified identical' });
      await expect(figure).toContainText(/today|\d\d:\d\d/);
      await expect(figure).toContainText('every digest matched the server');
    }
  });
  await networkA.close();
  await networkB.close();
});

/** Waits until both hold the same rows of what was edited, sent and received, at the same revisions. */
async function agree(a: Device, b: Device): Promise<void> {
  const state = async (device: Device) => {
    const { waiting, state: line, verifiedAt } = await ask(device.page, 'sync.status', {});
    const { viewId } = await ask(device.page, 'view.open', {
      collection: 'deals',
      filters: [],
      sort: [{ field: 'updatedAt', direction: 'desc' }],
    });
    const { rows } = await ask(device.page, 'view.rows', { viewId, from: 0, count: 20 });
    await ask(device.page, 'view.close', { viewId });
    const newest = rows.map(({ id, rev, body }) => ({ id, rev, body }));
    return { waiting, line, verified: verifiedAt !== null, newest };
  };
  await expect
    .poll(
      async () => {
        const [left, right] = [await state(a), await state(b)];
        return left.waiting === 0 && JSON.stringify(left) === JSON.stringify(right);
      },
      { timeout: 120_000 },
    )
    .toBe(true);
}
