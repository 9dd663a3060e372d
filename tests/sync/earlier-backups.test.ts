import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { listBackups } from '../../electron/store/backup/backups.ts';
import { passphrase, setUp, signIn, start } from './support/session-device.ts';

test('a device that is set up anew keeps the backups of before apart: none is offered, and none is lost', async () => {
  const { folder } = await setUp();
  const first = await start(folder);
  await first.session.unlock({ passphrase });
  const earlier = await first.workspace().backups.make('asked');
  const bytes = readFileSync(earlier.file);
  await first.session.quit();
  const { keys, store, backups } = profileFiles(folder);
  for (const file of [keys, store, `${store}.head`]) rmSync(file);

  const device = await start(folder);
  expect(device.session.state().phase).toBe('sign-in');
  await signIn(device);
  await device.session.createPassphrase(passphrase);
  // Somebody who stops here has changed nothing.
  expect(await listBackups(backups)).toEqual([earlier]);
  await device.session.confirmRecovery();
  expect(await listBackups(backups)).toEqual([]);
  const [apart = ''] = readdirSync(folder).filter((name) => name.startsWith('backups.earlier-'));
  const [kept] = await listBackups(join(folder, apart));
  expect(kept).toMatchObject({ id: earlier.id, bytes: bytes.length });
  expect(kept && readFileSync(kept.file).equals(bytes)).toBe(true);

  // The new ones stand where backups stand, and making one takes nothing from those of before.
  const made = await device.workspace().backups.make('asked');
  expect((await listBackups(backups)).map(({ id }) => id)).toEqual([made.id]);
  expect(await listBackups(join(folder, apart))).toHaveLength(1);
});
