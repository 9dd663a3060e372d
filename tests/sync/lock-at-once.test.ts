import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { passphrase, type SessionDevice, setUp, start } from './support/session-device.ts';
import { until } from './support/until.ts';

const ROWS = 6000;

/** An open device with about 100 MB of records: reading a copy of them takes its time. */
async function bigDevice(): Promise<SessionDevice> {
  const { folder } = await setUp();
  const device = await start(folder);
  await device.session.unlock({ passphrase });
  const { store } = device.workspace();
  for (let n = 0; n < ROWS; n += 500) {
    const rows = Array.from({ length: 500 }, (_, m) => ({
      collection: 'accounts',
      doc: {
        id: `01900000-0000-7000-8000-${(n + m).toString(16).padStart(12, '0')}`,
        _deleted: true,
        _rev: '1-a',
        _meta: { lwt: 1_700_000_000_000 + n + m },
        _attachments: {},
        scan: randomBytes(8000).toString('hex'),
      },
      previous: undefined,
    }));
    await store.commit({ rows });
  }
  return device;
}

const backupsOf = ({ folder }: SessionDevice) => {
  const { backups } = profileFiles(folder);
  return existsSync(backups) ? readdirSync(backups) : [];
};

/** SQLite lays its index of the log beside a file that it reads. */
const isRead = (device: SessionDevice) =>
  backupsOf(device).some(
    (name) =>
      name.endsWith('.draft') && existsSync(join(profileFiles(device.folder).backups, name, 'store.db-shm')),
  );

async function opensWhole(device: SessionDevice): Promise<void> {
  expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null, user: { name: 'Ada' } });
  expect(existsSync(`${profileFiles(device.folder).store}.replaced`)).toBe(false);
  expect(statSync(profileFiles(device.folder).store).size).toBeGreaterThan(ROWS * 16_000);
  const made = await device.workspace().backups.make('asked');
  expect(backupsOf(device)).toContain(made.id);
}

/** Whoever asked for a backup hears that there is none, once. */
async function toldOnce(device: SessionDevice, begun: number): Promise<void> {
  const { backups } = device.workspace();
  expect(await backups.givenUp()).toBeGreaterThanOrEqual(begun);
  expect(await backups.givenUp()).toBeNull();
}

test('locking and quitting give up a backup that is being made, nothing of it stays, and whoever asked is told', async () => {
  const device = await bigDevice();
  const begun = Date.now();
  for (const end of ['lock', 'quit'] as const) {
    const making = device.workspace().backups.make('asked');
    const outcome = making.catch((error: { code: string }) => error.code);
    await until('the copy is read back', () => isRead(device));
    await device.session[end]();
    expect(await outcome).toBe('store.closed');
    expect(device.session.isOpen).toBe(false);
    expect(backupsOf(device)).toEqual([]);
    if (end === 'quit') continue;
    await device.session.unlock({ passphrase });
    await toldOnce(device, begun);
  }
  const again = await start(device.folder);
  await opensWhole(again);
  await toldOnce(again, begun);
});

test('locking gives up going back to a backup that is still being read', async () => {
  const device = await bigDevice();
  const { id } = await device.workspace().backups.make('asked');
  const outcome = device.session.restoreBackup(id).catch((error: { code: string }) => error.code);
  await until('the backup is read', () => isRead(device));
  // One that has not begun is given up as well.
  const second = device.session.restoreBackup(id).catch((error: { code: string }) => error.code);
  expect(await device.session.lock()).toMatchObject({ phase: 'locked', error: null });
  expect([await outcome, await second]).toEqual(['store.closed', 'store.closed']);
  expect(backupsOf(device)).toEqual([id]);
  await opensWhole(device);
});
