import { copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { passphrase, setUp, signIn, start } from './support/session-device.ts';

const filesIn = (folder: string) => readdirSync(folder).sort();

const breakages: readonly [string, string, (folder: string) => void][] = [
  ['its key file is gone', 'store.key_missing', (folder) => rmSync(profileFiles(folder).keys)],
  ['its store is gone', 'store.missing', (folder) => rmSync(profileFiles(folder).store)],
  [
    'its store and key are gone, but not the trace of them',
    'store.missing',
    (folder) => {
      rmSync(profileFiles(folder).store);
      rmSync(profileFiles(folder).keys);
    },
  ],
  [
    'its key file is damaged',
    'store.key_damaged',
    (folder) => writeFileSync(profileFiles(folder).keys, '{"format":1'),
  ],
  [
    'its key file is from a newer version',
    'store.newer_version',
    (folder) => writeFileSync(profileFiles(folder).keys, '{"format":99}'),
  ],
  [
    'its store is not a database',
    'store.not_a_database',
    (folder) => writeFileSync(profileFiles(folder).store, 'x'.repeat(8192)),
  ],
];

test.each(breakages)(
  'a device is blocked when %s, says so by code, and changes nothing',
  async (_what, code, damage) => {
    const { folder } = await setUp();
    damage(folder);
    const before = filesIn(folder).filter((file) => file !== 'waiting.json');
    const device = await start(folder);
    const state =
      device.session.state().phase === 'locked'
        ? await device.session.unlock({ passphrase })
        : device.session.state();
    expect(state).toMatchObject({ phase: 'blocked', error: { code } });
    await expect(signIn(device)).rejects.toMatchObject({ code: 'store.closed' });
    await expect(device.session.createPassphrase(passphrase)).rejects.toMatchObject({ code: 'store.closed' });
    await device.session.retry();
    await device.session.quit();
    const after = filesIn(folder).filter((file) => file !== 'waiting.json' && !file.endsWith('.tries'));
    expect(after).toEqual(before);
  },
);

/** Ways in which a store comes to be older than its head file says, or in which nobody can tell. */
const goneBack: readonly [string, (folder: string) => Promise<void>][] = [
  [
    'an old copy was put back',
    async (folder) => {
      const { store } = profileFiles(folder);
      copyFileSync(store, `${store}.old`);
      const device = await start(folder);
      await device.session.unlock({ passphrase });
      await device.workspace().pages.create('accounts', { name: 'Newer than the copy' });
      await device.session.quit();
      rmSync(`${store}-wal`, { force: true });
      renameSync(`${store}.old`, store);
    },
  ],
  ['its head file was lost', async (folder) => rmSync(`${profileFiles(folder).store}.head`)],
];

test.each(goneBack)(
  'a device where %s is blocked, and opens only when a person says so',
  async (_how, make) => {
    const { folder } = await setUp();
    await make(folder);
    const device = await start(folder);
    await expect(device.session.openOlder(passphrase)).rejects.toMatchObject({ code: 'store.closed' });
    expect(await device.session.unlock({ passphrase })).toMatchObject({
      phase: 'blocked',
      error: { code: 'store.went_back' },
    });
    await expect(device.session.openOlder('not the right one')).rejects.toMatchObject({
      code: 'store.wrong_passphrase',
    });
    expect(device.session.state()).toMatchObject({ phase: 'blocked', error: { code: 'store.went_back' } });
    expect(await device.session.openOlder(passphrase)).toMatchObject({ user: { name: 'Ada' }, error: null });

    const { entries } = await device.workspace().audit.rows({ kinds: ['open-older'] }, 0, 10);
    const { user } = device.session.state();
    expect(entries).toEqual([expect.objectContaining({ user: user?.id, state: '' })]);
    await device.workspace().sync.now();
    expect(device.workspace().sync.status()).toMatchObject({ state: 'online', error: null });
    await device.session.lock();
    // From now on this copy counts.
    expect(await device.session.unlock({ passphrase })).toMatchObject({ user: { name: 'Ada' }, error: null });
  },
);

test('records that are blocked for another reason are never opened anyway', async () => {
  const { folder } = await setUp();
  writeFileSync(profileFiles(folder).store, 'x'.repeat(8192));
  const device = await start(folder);
  expect(await device.session.unlock({ passphrase })).toMatchObject({ phase: 'blocked' });
  await expect(device.session.openOlder(passphrase)).rejects.toMatchObject({ code: 'store.closed' });
});

test('a key of other records is blocked, and putting the right one back is enough', async () => {
  const [one, two] = [await setUp(), await setUp()];
  const kept = `${profileFiles(one.folder).keys}.kept`;
  renameSync(profileFiles(one.folder).keys, kept);
  copyFileSync(profileFiles(two.folder).keys, profileFiles(one.folder).keys);
  const device = await start(one.folder);
  expect(await device.session.unlock({ passphrase })).toMatchObject({
    phase: 'blocked',
    error: { code: 'store.key_mismatch' },
  });
  renameSync(kept, profileFiles(one.folder).keys);
  expect(await device.session.retry()).toMatchObject({ phase: 'locked' });
  expect(await device.session.unlock({ passphrase })).toMatchObject({ user: { name: 'Ada' } });
});

test('a profile that another process has open is blocked until it lets go', async () => {
  const { folder } = await setUp();
  const first = await start(folder);
  await first.session.unlock({ passphrase });
  const second = await start(folder);
  expect(await second.session.unlock({ passphrase })).toMatchObject({
    phase: 'blocked',
    error: { code: 'store.in_use' },
  });
  await first.session.quit();
  await second.session.retry();
  expect(await second.session.unlock({ passphrase })).toMatchObject({ user: { name: 'Ada' } });
});
