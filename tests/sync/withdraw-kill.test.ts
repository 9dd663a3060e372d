import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Store } from '../../electron/store/open.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { newId } from '../factories/server.ts';
import type { TestDevice } from './support/device.ts';
import { clearText, territories } from './support/territories.ts';
import { until } from './support/until.ts';

const script = fileURLToPath(new URL('./support/device-process.ts', import.meta.url));
const ROWS = 2300;
const CANARY = 'Xylophonbauer';

/** Runs a device in a process and kills it when it begins its `commits`-th commit that takes rows away. */
async function killWhileLeaving(device: TestDevice, commits: number, millis: number): Promise<void> {
  const args = [script, device.folder, Buffer.from(device.key).toString('hex'), '500'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'page') continue;
    seen += 1;
    if (seen === commits) setTimeout(() => child.kill('SIGKILL'), millis);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

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
    [3, 2],
    [2, 9],
  ] as const) {
    await device.workspace.stop();
    await device.store.close();
    await killWhileLeaving(device, commits, millis);
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
  await device.restart();
  expect(await clearText(device)).not.toContain(CANARY.toLowerCase());
});
