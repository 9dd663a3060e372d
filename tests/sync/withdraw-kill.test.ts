import { expect, test } from 'vitest';
import type { Store } from '../../electron/store/open.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { newId } from '../factories/server.ts';
import { killInCommit } from './support/kill-device.ts';
import { clearText, territories } from './support/territories.ts';
import { until } from './support/until.ts';

/** They leave in five commits, of which the kills let four through at most. */
const ROWS = 2300;
const CANARY = 'Xylophonbauer';

test('a device that is killed while a territory leaves it goes on leaving after the next start, until nothing is left', async () => {
  const { server, tenant, north, south, join, move } = await territories();
  const accounts = Array.from({ length: ROWS }, (_, n) => ({
    collection: 'accounts' as const,
    id: newId(),
    territory: north,
    body: { name: `${CANARY} ${n}` },
  }));
  await writeRecords(server.store, tenant, accounts, { kind: 'import', name: 'test' });
  const ben = await join('Ben', north);
  const { device } = ben;
  const bucket = `territory:${north}`;
  expect(await device.store.members(bucket, 'accounts')).toHaveLength(ROWS);
  await device.workspace.backups.make('asked');
  await device.goOffline();
  await move(ben, { territory: south });

  const left: number[] = [];
  for (const [commits, millis] of [
    [1, 0],
    [2, 2],
    [1, 9],
  ] as const) {
    await device.workspace.stop();
    await device.store.close();
    await killInCommit(device, { commits, millis, pageRows: 500 });
    await device.reopen();
    // The checkpoint names the bucket until its last row has left.
    expect(((await device.store.value('checkpoint')) as Checkpoint).buckets).toHaveProperty(bucket);
    const members = await device.store.members(bucket, 'accounts');
    expect((await device.store.counts()).accounts).toBe(members.length);
    left.push(members.length);
  }
  expect(left.at(-1)).toBeGreaterThan(0);
  expect(left.at(-1)).toBeLessThan(ROWS);

  await device.goOnline();
  expect(await device.store.counts()).toMatchObject({ accounts: 0 });
  expect(await device.store.buckets()).not.toContain(bucket);
  expect(device.workspace.sync.status().verifiedAt).not.toBeNull();
  await until('words were forgotten', async () => (await (device.store as Store).stats()).settled);
  await until(
    'the old backup was replaced',
    async () => (await device.workspace.withdrawn.backupsUpTo()) === 0,
  );
  expect(await clearText(device)).not.toContain(CANARY.toLowerCase());
});
