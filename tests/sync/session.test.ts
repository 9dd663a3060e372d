import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileFiles } from '../../electron/records/profile.ts';
import { RoadbookError } from '../../shared/errors.ts';
import { passphrase, server, setUp, signIn, start } from './support/session-device.ts';

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
