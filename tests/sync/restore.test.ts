import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { asideFolder } from '../../electron/store/backup/backups.ts';
import { type TestNetwork, testNetwork } from './support/network.ts';
import { folders, passphrase, type SessionDevice, setUp, start } from './support/session-device.ts';
import { until } from './support/until.ts';

async function unlocked(folder: string, network = testNetwork()): Promise<SessionDevice> {
  const device = await start(folder, { transport: network.transport as typeof fetch });
  await device.session.unlock({ passphrase });
  return device;
}

const names = async ({ workspace }: SessionDevice) => {
  const { lists } = workspace();
  const view = await lists.open({
    collection: 'accounts',
    filters: [],
    sort: [{ field: 'name', direction: 'asc' }],
  });
  const { rows } = await lists.rows(view.viewId, 0, 100);
  await lists.close(view.viewId);
  return rows.map(({ body }) => body.name);
};

const add = async ({ workspace }: SessionDevice, name: string) =>
  (await workspace().pages.create('accounts', { name })).id;
const rename = ({ workspace }: SessionDevice, id: string, name: string) =>
  workspace().pages.update('accounts', id, { name });

async function outOfReach(device: SessionDevice, network: TestNetwork): Promise<void> {
  network.cut();
  await until('the device notices', () => device.workspace().sync.status().state === 'offline');
}

async function inStep(device: SessionDevice): Promise<void> {
  const { sync } = device.workspace();
  await sync.now();
  expect(sync.status()).toMatchObject({ state: 'online', waiting: 0, error: null });
  expect(sync.status().verifiedAt).not.toBeNull();
}

test('going back to a backup loses no unsent change, sends none twice, and can be undone', async () => {
  const { folder } = await setUp();
  const network = testNetwork();
  const device = await unlocked(folder, network);
  // Other tests of this file make records in the same company.
  const mine = async () => (await names(device)).filter((name) => /^(Anker|Brauerei)/.test(String(name)));
  await inStep(device);
  const first = await add(device, 'Anker Gasthof');
  await inStep(device);
  await outOfReach(device, network);
  // Waits in the backup, and is sent before the restore.
  await rename(device, first, 'Anker Hotel');
  const backup = await device.workspace().backups.make('asked');
  network.mend();
  await inStep(device);
  // Later, on the server: a restore must not bring back the older name.
  await rename(device, first, 'Anker Hotel & Spa');
  await inStep(device);
  await outOfReach(device, network);
  await add(device, 'Brauerei Berg');
  await rename(device, first, 'Anker am See');

  expect(await device.session.restoreBackup(backup.id)).toMatchObject({ phase: 'locked' });
  expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null, user: { name: 'Ada' } });
  // What was typed and not sent is here, and nothing of it was sent meanwhile.
  expect(await mine()).toEqual(['Anker am See', 'Brauerei Berg']);
  const waiting = await device.workspace().store.outbox('waiting', 100);
  expect(waiting.map(({ field }) => field)).toEqual(['', 'name']);
  const { entries } = await device.workspace().audit.rows({ kinds: ['restore-backup'] }, 0, 10);
  expect(entries).toHaveLength(1);
  const own = await device.workspace().audit.rows({ kinds: ['change'] }, 0, 10);
  expect(own.entries.map(({ to }) => to)).toEqual(['Anker am See', 'Anker Hotel']);

  network.mend();
  await inStep(device);
  expect(await mine()).toEqual(['Anker am See', 'Brauerei Berg']);
  expect(await device.workspace().audit.verify()).toMatchObject({ ok: true });

  // The replaced store is a backup itself; undoing sends nothing again.
  const undo = (await device.workspace().backups.list()).find(({ reason }) => reason === 'before-restore');
  if (undo === undefined) throw new Error('the replaced store is not among the backups');
  await device.session.restoreBackup(undo.id);
  await device.session.unlock({ passphrase });
  await inStep(device);
  expect(await mine()).toEqual(['Anker am See', 'Brauerei Berg']);
  expect(existsSync(`${profileFiles(folder).store}.replaced`)).toBe(false);
});

test('a device whose records are damaged opens from a backup, after the right passphrase, and signs in again', async () => {
  const { folder } = await setUp();
  const network = testNetwork();
  const device = await unlocked(folder, network);
  await inStep(device);
  await add(device, 'Zum Damm');
  await inStep(device);
  const backup = await device.workspace().backups.make('asked');
  await device.session.quit();
  const { store } = profileFiles(folder);
  const bytes = readFileSync(store);
  bytes.fill(0xff, 4096);
  writeFileSync(store, bytes);

  const again = await unlocked(folder, network);
  expect(again.session.state()).toMatchObject({ phase: 'blocked', error: { code: 'store.damaged' } });
  await expect(again.session.restoreInstead(backup.id, 'not the right one')).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  await expect(
    again.session.restoreInstead('2020-01-01T00-00-00.000Z_asked', passphrase),
  ).rejects.toMatchObject({
    code: 'backup.missing',
  });
  await expect(again.session.restoreInstead('../../etc', passphrase)).rejects.toMatchObject({
    code: 'backup.missing',
  });
  expect(await again.session.restoreInstead(backup.id, passphrase)).toMatchObject({ error: null });
  expect(await names(again)).toContain('Zum Damm');
  // An old refresh token would look like a stolen one, so none is used.
  await again.workspace().sync.now();
  expect(again.workspace().sync.status().state).toBe('signed-out');
  // The damaged records stay beside it, byte for byte.
  const aside = (await again.workspace().backups.list()).find(({ reason }) => reason === 'before-restore');
  expect(aside && readFileSync(aside.file).equals(bytes)).toBe(true);
});

test('a restore that another Roadbook stands in the way of is refused', async () => {
  const { folder } = await setUp();
  const device = await unlocked(folder);
  const backup = await device.workspace().backups.make('asked');
  const other = await unlocked(folder);
  expect(other.session.state()).toMatchObject({ phase: 'blocked', error: { code: 'store.in_use' } });
  await expect(other.session.restoreInstead(backup.id, passphrase)).rejects.toMatchObject({
    code: 'store.closed',
  });
});

test('a backup that was damaged is refused while everything stays open', async () => {
  const { folder } = await setUp();
  const device = await unlocked(folder);
  const backup = await device.workspace().backups.make('asked');
  const bytes = readFileSync(backup.file);
  bytes.fill(0xff, 3 * 4096, 3 * 4096 + 32);
  writeFileSync(backup.file, bytes);
  await expect(device.session.restoreBackup(backup.id)).rejects.toMatchObject({ code: 'store.damaged' });
  expect(device.session.state().phase).not.toBe('locked');
  expect(await names(device)).toBeInstanceOf(Array);
  rmSync(join(backup.file, '..'), { recursive: true });
  await expect(device.session.restoreBackup(backup.id)).rejects.toMatchObject({
    code: 'backup.missing',
  });
});

test('a backup that could not be put in place is told on the locked screen, and the records open as they were', async () => {
  const { folder } = await setUp();
  const at = Date.now();
  const device = await start(folder, { now: () => at });
  await device.session.unlock({ passphrase });
  await add(device, 'Gasthof Krone');
  const backup = await device.workspace().backups.make('asked');
  // Stands where the replaced records would go.
  const inTheWay = asideFolder(profileFiles(folder).backups, at);
  writeFileSync(inTheWay, '');
  await expect(device.session.restoreBackup(backup.id)).rejects.toMatchObject({ code: 'store.failed' });
  expect(device.session.state()).toMatchObject({ phase: 'locked', error: { code: 'store.failed' } });

  rmSync(inTheWay);
  expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null, user: { name: 'Ada' } });
  expect(await names(device)).toContain('Gasthof Krone');
  expect(await device.session.lock()).toMatchObject({ phase: 'locked', error: null });
});

test('a replaced store with a damaged page anywhere never keeps a restored one from opening', async () => {
  const { folder } = await setUp();
  const network = testNetwork();
  const device = await unlocked(folder, network);
  await inStep(device);
  const id = await add(device, 'Whole before');
  await inStep(device);
  const { id: backup } = await device.workspace().backups.make('asked');
  await outOfReach(device, network);
  await rename(device, id, 'Typed after the backup');
  await device.session.quit();

  const { store } = profileFiles(folder);
  const pages = statSync(store).size / 4096;
  const outcomes: Record<string, number> = {};
  // Every twenty-third page, and more of the last ones: catalogue, rows, words, outbox, history, settings.
  for (let page = 1; page < pages; page += page > pages - 20 ? 4 : 23) {
    const copy = `${folder}-${page}`;
    folders.push(copy);
    cpSync(folder, copy, { recursive: true });
    const file = profileFiles(copy).store;
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(40, 0x5a), 0, 40, page * 4096 + 100);
    closeSync(handle);

    const damaged = await unlocked(copy, network);
    if (damaged.session.state().phase === 'blocked') {
      await damaged.session.restoreInstead(backup, passphrase);
    } else {
      await damaged.session.restoreBackup(backup);
      await damaged.session.unlock({ passphrase });
    }
    expect(damaged.session.state()).toMatchObject({ error: null, user: { name: 'Ada' } });
    const [shown] = (await names(damaged)).filter((name) => /^(Whole|Typed)/.test(String(name)));
    const { entries } = await damaged.workspace().audit.rows({ kinds: ['restore-incomplete'] }, 0, 1);
    // What was typed is here, or the history says that something could not be read.
    if (shown !== 'Typed after the backup') expect(entries).toHaveLength(1);
    outcomes[String(shown)] = (outcomes[String(shown)] ?? 0) + 1;
    await damaged.session.quit();
    expect(existsSync(`${file}.replaced`)).toBe(false);
  }
  expect(outcomes['Typed after the backup']).toBeGreaterThan(0);
});

test('a list of replaced stores that somebody wrote over keeps nobody out', async () => {
  const { folder } = await setUp();
  for (const garbage of ['garbage', '{}', '[1]']) {
    writeFileSync(`${profileFiles(folder).store}.replaced`, garbage);
    const device = await start(folder);
    expect(device.session.state().phase).toBe('locked');
    expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null, user: { name: 'Ada' } });
    await device.session.quit();
  }
});
