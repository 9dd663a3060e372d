import type { RecordRow } from '../../shared/ipc.ts';
import { AuditPage } from './pages/audit.ts';
import { Entry } from './pages/entry.ts';
import { InboxPage } from './pages/inbox.ts';
import { ListPage } from './pages/list.ts';
import { Palette } from './pages/palette.ts';
import { RecordPage } from './pages/record.ts';
import { Shell } from './pages/shell.ts';
import { ask } from './support/bridge.ts';
import type { Device } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { picture, setSize, setTheme } from './support/look.ts';
import { Network } from './support/network.ts';

// Takes the pictures of the README from the real app with the demo company. Not a test: it changes committed files.
const PASSPHRASE = 'nine swallows under the eaves';

async function both(device: Device, name: string): Promise<void> {
  // A pointer over a row would draw it as hovered.
  await device.page.mouse.move(720, 1);
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(device.page, theme);
    await picture(device.page, `docs/pictures/${name}-${theme}.png`);
  }
  await setTheme(device.page, 'light');
}

/** Own open deals that can be told apart by a search, those with the longest story first. */
async function tellable(device: Device): Promise<RecordRow[]> {
  const { user } = await ask(device.page, 'app.state', {});
  const { viewId } = await ask(device.page, 'view.open', {
    collection: 'deals',
    filters: [
      { field: 'owner', op: 'is', value: user?.id },
      { field: 'stage', op: 'any-of', value: ['proposal', 'negotiation'] },
    ],
    sort: [{ field: 'amount', direction: 'desc' }],
  });
  const { rows } = await ask(device.page, 'view.rows', { viewId, from: 0, count: 50 });
  const alone = rows.filter((row) => rows.filter((other) => other.name === row.name).length === 1);
  const told = await Promise.all(
    alone.map(async (row) => {
      const filters = [{ field: 'regarding', op: 'is' as const, value: row.id }];
      const view = await ask(device.page, 'view.open', { collection: 'activities', filters, sort: [] });
      return { row, activities: view.count };
    }),
  );
  return told.sort((a, b) => b.activities - a.activities).map(({ row }) => row);
}

test('pictures of the app', async ({ demo, device: newDevice }) => {
  test.setTimeout(300_000);
  const network = await Network.to(demo.port);
  const mine = newDevice('pictures', { server: network.url });
  const other = newDevice('pictures-other', { server: demo.url });
  for (const [device, index] of [
    [mine, 0],
    [other, 1],
  ] as const) {
    await device.start();
    await setSize(device.app, 1440, 900);
    await new Entry(device.page).firstRun(demo.person('rep', index), PASSPHRASE);
    await new Shell(device.page).inStep();
  }
  const { page } = mine;
  const [edited, argued, noted] = await tellable(mine);
  if (argued === undefined || edited === undefined || noted === undefined) throw new Error('Too few deals.');

  const amount = (row: RecordRow, factor: number) => {
    const { minor } = row.body.amount as { minor: number };
    return String(Math.round((minor * factor) / 100));
  };
  const open = (device: Device, row: RecordRow) => new Palette(device.page).open(row.name, row.name);

  await network.cut();
  await expect(new Shell(page).pill).toHaveText('Offline');
  await open(other, argued);
  await new RecordPage(other.page).edit('Amount', amount(argued, 1.1));
  await new Shell(other.page).inStep();
  await open(mine, argued);
  await new RecordPage(page).edit('Amount', amount(argued, 1.2));
  await network.up();
  await expect(new Shell(page).pill).toHaveText('1 needs you', { timeout: 30_000 });
  await network.cut();
  await expect(new Shell(page).pill).toHaveText('Offline');
  await open(mine, edited);
  await new RecordPage(page).edit('Next step', 'Send the revised offer with the service contract');
  await new RecordPage(page).addNote('Visited the site. They want delivery in two parts and one invoice.');
  await open(mine, noted);
  await new RecordPage(page).edit('Close date', '2026-12-18');

  await new Shell(page).go('My deals');
  await expect(new ListPage(page, 'My deals').row(1)).toBeVisible();
  await both(mine, 'deals-list');
  await open(mine, edited);
  await expect(new RecordPage(page).timeline.getByRole('listitem').first()).toBeVisible();
  await both(mine, 'deal-record');
  await new Shell(page).go('My board');
  await expect(page.getByRole('region', { name: 'Proposal' }).getByRole('option').first()).toBeVisible();
  await both(mine, 'board');
  const audit = new AuditPage(page);
  await audit.open();
  await audit.verified();
  await audit.grid.getByRole('row').filter({ hasText: 'Amount' }).first().click();
  await both(mine, 'audit-log');
  const inbox = new InboxPage(page);
  await inbox.open();
  await expect(inbox.item('Two amounts for one deal')).toBeVisible();
  await both(mine, 'inbox');
  await new Shell(page).lock();
  await both(mine, 'unlock');
  await network.close();
});
