import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collections } from '../../electron/records/collections.ts';
import { profileFiles } from '../../electron/records/profile.ts';
import type { OpenHow, SessionParts } from '../../electron/records/session-parts.ts';
import { openStore } from '../../electron/store/open.ts';
import { folders, passphrase, person, server, signIn, start, workerUrl } from './support/session-device.ts';

const filesIn = (folder: string) => readdirSync(folder).sort();

test('a new device goes from sign-in over passphrase and recovery code to its first sync, and leaves nothing else on disk', async () => {
  const device = await start();
  expect(device.session.state()).toMatchObject({ phase: 'sign-in', error: null, user: null });
  expect(await signIn(device)).toMatchObject({ phase: 'passphrase', user: { name: 'Ada' } });
  const { recoveryCode } = await device.session.createPassphrase(passphrase);
  expect(recoveryCode.length).toBeGreaterThan(20);
  expect(device.session.state().phase).toBe('recovery');
  // Until the code is confirmed nothing is on disk: a crash here leaves a fresh device.
  expect(filesIn(device.folder)).toEqual([]);
  expect(await device.session.confirmRecovery()).toMatchObject({ phase: 'first-sync' });
  await device.workspace().sync.now();
  expect(await device.session.startWorking()).toMatchObject({ phase: 'ready' });
  // Nobody signs in without a network, although sync had not found it at that moment.
  const { entries } = await device.workspace().audit.rows({ kinds: ['sign-in'] }, 0, 10);
  expect(entries.map(({ offline }) => offline)).toEqual([false]);
  expect(Buffer.from(device.session.draftKey(), 'base64')).toHaveLength(32);
  await device.session.quit();
  const known = [
    'keys.json',
    'roadbook.db',
    'roadbook.db.head',
    'roadbook.db-wal',
    'roadbook.db-shm',
    'waiting.json',
  ];
  expect(filesIn(device.folder).filter((file) => !known.includes(file))).toEqual([]);
});

test('a short passphrase and a wrong password are refused where they are typed', async () => {
  const device = await start();
  await expect(device.session.signIn(server.url, person.email, 'wrong')).rejects.toMatchObject({
    code: 'auth.bad_credentials',
  });
  await expect(device.session.signIn('ftp://example.com', person.email, 'x')).rejects.toMatchObject({
    code: 'sync.bad_address',
  });
  await expect(device.session.signIn('http://example.com', person.email, 'x')).rejects.toMatchObject({
    code: 'sync.bad_address',
  });
  await signIn(device);
  await expect(device.session.createPassphrase('short')).rejects.toMatchObject({
    code: 'key.passphrase_short',
  });
  expect(device.session.state().phase).toBe('passphrase');
  await expect(device.session.confirmRecovery()).rejects.toMatchObject({ code: 'store.closed' });
});

/** Names of the steps after which a set-up can die, with what the next start finds and how it goes on. */
const deaths: readonly [
  string,
  (folder: string, parts: Pick<SessionParts, 'openStore'>) => Partial<SessionParts>,
][] = [
  ['before the store is begun', () => ({ openStore: () => Promise.reject(new Error('power cut')) })],
  [
    'while the store is being made',
    (folder) => ({
      openStore: async () => {
        writeFileSync(profileFiles(folder).store, '');
        throw new Error('power cut');
      },
    }),
  ],
  [
    'after the store was made, before its first commit',
    (_folder, parts) => ({
      openStore: async (key, how) => {
        const store = await parts.openStore(key, how);
        return { ...store, commit: () => Promise.reject(new Error('power cut')) };
      },
    }),
  ],
  [
    'after the first commit, before the set-up is called finished',
    (_folder, parts) => ({
      openStore: async (key, how) => {
        const store = await parts.openStore(key, how);
        const commit: typeof store.commit = async (change) => {
          await store.commit(change);
          throw new Error('power cut');
        };
        return { ...store, commit };
      },
    }),
  ],
];

test.each(deaths)('a set-up that dies %s strands nobody', async (_when, fault) => {
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-session-'));
  folders.push(folder);
  const files = profileFiles(folder);
  const plain = {
    openStore: (key: Uint8Array, how: OpenHow) =>
      openStore({ file: files.store, key, ...how, collections, owner: 'test', workerUrl }),
  };
  const dying = await start(folder, fault(folder, plain));
  await signIn(dying);
  await dying.session.createPassphrase(passphrase);
  await expect(dying.session.confirmRecovery()).rejects.toThrow('power cut');
  await dying.session.quit();
  expect(existsSync(files.keys)).toBe(false);

  const device = await start(folder);
  let { phase } = device.session.state();
  if (phase === 'locked') ({ phase } = await device.session.unlock({ passphrase }));
  if (phase === 'sign-in') ({ phase } = await signIn(device));
  if (phase === 'passphrase') {
    await device.session.createPassphrase(passphrase);
    ({ phase } = await device.session.confirmRecovery());
  }
  expect(phase).toBe('first-sync');
  await device.workspace().sync.now();
  expect(device.workspace().sync.status().state).toBe('online');
  await device.session.quit();
  expect(filesIn(folder).some((file) => file.includes('setup') || file.includes('unfinished'))).toBe(false);
  const again = await start(folder);
  expect(await again.session.unlock({ passphrase })).toMatchObject({ user: { name: 'Ada' } });
});

test('a set-up that failed can be tried again at once', async () => {
  let broken = true;
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-session-'));
  folders.push(folder);
  const files = profileFiles(folder);
  const device = await start(folder, {
    openStore: async (key, how) => {
      const store = await openStore({
        file: files.store,
        key,
        ...how,
        collections,
        owner: 'test',
        workerUrl,
      });
      if (!broken) return store;
      broken = false;
      return { ...store, commit: () => Promise.reject(new Error('disk full')) };
    },
  });
  await signIn(device);
  await device.session.createPassphrase(passphrase);
  await expect(device.session.confirmRecovery()).rejects.toThrow('disk full');
  expect(await device.session.confirmRecovery()).toMatchObject({ phase: 'first-sync' });
});

test('a window that is loaded anew while the code is shown gets a new one', async () => {
  const device = await start();
  await signIn(device);
  const first = await device.session.createPassphrase(passphrase);
  device.session.windowReloaded();
  expect(device.session.state().phase).toBe('passphrase');
  const second = await device.session.createPassphrase(passphrase);
  expect(second.recoveryCode).not.toBe(first.recoveryCode);
  expect(await device.session.confirmRecovery()).toMatchObject({ phase: 'first-sync' });
});
