import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collections } from '../../electron/records/collections.ts';
import { profileFiles } from '../../electron/records/profile.ts';
import type { OpenHow, SessionParts } from '../../electron/records/session-parts.ts';
import { openStore } from '../../electron/store/open.ts';
import { RoadbookError } from '../../shared/errors.ts';
import {
  folders,
  passphrase,
  person,
  server,
  setUp,
  signIn,
  start,
  workerUrl,
} from './support/session-device.ts';

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

test('a locked device shows nobody, opens with its passphrase or its code, and counts what waits', async () => {
  const { folder, recoveryCode } = await setUp();
  const device = await start(folder);
  expect(device.session.state()).toMatchObject({ phase: 'locked', user: null, keychain: false });
  await expect(device.session.unlock({ passphrase: 'not the right one' })).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  expect(device.session.state().phase).toBe('locked');
  expect(await device.session.unlock({ passphrase })).toMatchObject({ user: { name: 'Ada' } });
  await device.workspace().pages.create('accounts', { name: 'Waits here' });
  expect(await device.session.lock()).toMatchObject({ phase: 'locked', user: null });
  expect(() => device.session.draftKey()).toThrow(expect.objectContaining({ code: 'store.closed' }));
  expect(() => device.session.running).toThrow(expect.objectContaining({ code: 'store.closed' }));

  const newPassphrase = 'another long passphrase';
  await device.session.unlock({ recoveryCode, newPassphrase });
  await device.session.lock();
  await expect(device.session.unlock({ passphrase })).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  await device.session.unlock({ passphrase: newPassphrase });
  expect(device.session.state().user?.name).toBe('Ada');
});

test('the lock screen knows how many changes wait and how much is due, as numbers and nothing else', async () => {
  const { folder } = await setUp();
  const device = await start(folder, { transport: () => Promise.reject(new TypeError('fetch failed')) });
  expect(device.session.state()).toMatchObject({ waiting: 0, due: 0 });
  await device.session.unlock({ passphrase });
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const { pages } = device.workspace();
  const { id } = await pages.create('accounts', { name: 'Canary Cellars' });
  const about = { type: 'visit', regarding: id, regardingCollection: 'accounts' };
  for (const [subject, dueOn] of [
    ['Taste the canary', day(-2)],
    ['Deliver', day(-1)],
    ['Later', day(5)],
    ['Much later', day(300)],
  ]) {
    await pages.create('activities', { ...about, subject, status: 'open', dueOn });
  }
  await pages.create('activities', { ...about, subject: 'Done', status: 'done', dueOn: day(-1) });
  await device.session.lock();
  expect(device.session.state()).toMatchObject({ due: 2, user: null });
  expect(device.session.state().waiting).toBeGreaterThan(0);
  expect(readFileSync(profileFiles(folder).notice, 'utf8')).toMatch(/^[{}":,\dwaitingdue-]+$/);
  expect(readFileSync(profileFiles(folder).notice, 'utf8')).not.toMatch(/canary|taste/i);

  const notice = profileFiles(folder).notice;
  writeFileSync(notice, '{"waiting":7}');
  expect(device.session.state()).toMatchObject({ waiting: 7, due: 0 });
  writeFileSync(notice, '{"waiting":"Acme"}');
  expect(device.session.state()).toMatchObject({ waiting: null, due: null });
});

test('a disk that takes no entry any more does not keep the records open', async () => {
  const { folder } = await setUp();
  const device = await start(folder);
  await device.session.unlock({ passphrase });
  const { store } = device.workspace();
  store.commit = () => Promise.reject(new RoadbookError('store.disk_full'));
  expect(await device.session.lock()).toMatchObject({ phase: 'locked', user: null });
  expect(() => device.session.draftKey()).toThrow(expect.objectContaining({ code: 'store.closed' }));
  expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null });
});

test('a passphrase that was changed counts as changed, also where the history takes no entry', async () => {
  const { folder } = await setUp();
  const device = await start(folder);
  await device.session.unlock({ passphrase });
  const { store } = device.workspace();
  const { commit } = store;
  store.commit = () => Promise.reject(new RoadbookError('store.disk_full'));
  const next = 'the second of two passphrases';
  expect(await device.session.keyCare.changePassphrase(passphrase, next)).toEqual({});
  store.commit = commit;
  await device.session.lock();
  await expect(device.session.unlock({ passphrase })).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  expect(await device.session.unlock({ passphrase: next })).toMatchObject({ error: null });
});

test('a sign-in that waits for a dead network does not hold up a lock', async () => {
  const { folder } = await setUp();
  let asked: () => void = () => undefined;
  const waiting = new Promise<void>((done) => {
    asked = done;
  });
  const dead = new AbortController();
  const transport = ((url: string, init: RequestInit) => {
    if (!String(url).includes('hello')) return fetch(url, init);
    asked();
    return new Promise((_, fail) =>
      dead.signal.addEventListener('abort', () => fail(new TypeError('fetch failed'))),
    );
  }) as typeof fetch;
  const device = await start(folder, { transport });
  await device.session.unlock({ passphrase });
  const signingIn = signIn(device);
  await waiting;
  expect(await device.session.lock()).toMatchObject({ phase: 'locked' });
  dead.abort();
  await expect(signingIn).rejects.toMatchObject({
    code: expect.stringMatching(/^(sync\.offline|store\.closed)$/),
  });
  expect(device.session.state().phase).toBe('locked');
});

test('records of an unfinished first sync lock like any other', async () => {
  const device = await start();
  await signIn(device);
  await device.session.createPassphrase(passphrase);
  expect(await device.session.confirmRecovery()).toMatchObject({ phase: 'first-sync' });
  expect(device.session.isOpen).toBe(true);
  expect(await device.session.lock()).toMatchObject({ phase: 'locked', user: null });
  expect(device.session.isOpen).toBe(false);
  expect(await device.session.unlock({ passphrase })).toMatchObject({ error: null });
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

test('signing in again as somebody else on a device with records is refused', async () => {
  const { folder } = await setUp();
  const device = await start(folder);
  await device.session.unlock({ passphrase });
  const { id } = await server.addCompany({ name: 'Another company' });
  const other = await server.addPerson(id, { name: 'Eve' });
  await expect(device.session.signIn(server.url, other.email, other.password)).rejects.toMatchObject({
    code: 'permission.tenant',
  });
  expect((await signIn(device)).user?.name).toBe('Ada');
});
