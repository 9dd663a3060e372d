import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { passphrase, setUp, start } from './support/session-device.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Every file and folder below a folder, with its permissions. */
function* below(folder: string): Generator<[path: string, mode: string, isFolder: boolean]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    yield [path, modeOf(path), entry.isDirectory()];
    if (entry.isDirectory()) yield* below(path);
  }
}

function expectPrivate(folder: string): string[] {
  expect(modeOf(folder)).toBe('700');
  const all = [...below(folder)];
  for (const [path, mode, isFolder] of all) expect([path, mode]).toEqual([path, isFolder ? '700' : '600']);
  return all.map(([path]) => path);
}

test("what lies in a profile is its owner's alone, whatever the system gives to new files", async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const { folder } = await setUp();
  const device = await start(folder);
  await device.session.unlock({ passphrase });
  await device.workspace().backups.make('asked');
  await device.workspace().pages.create('accounts', { name: 'Cancity' });
  const { store, backups } = profileFiles(folder);
  const found = expectPrivate(folder);
  expect(found).toEqual(expect.arrayContaining([store, `${store}-wal`, `${store}.head`, backups]));
  expect(found.some((path) => path.startsWith(join(backups, '')) && path.endsWith('store.db'))).toBe(true);
});

test('a profile that was open to others is closed to them at the next start', async () => {
  const { folder } = await setUp();
  const { store } = profileFiles(folder);
  chmodSync(folder, 0o755);
  chmodSync(store, 0o644);
  const device = await start(folder);
  expect(modeOf(folder)).toBe('700');
  await device.session.unlock({ passphrase });
  expectPrivate(folder);
});
