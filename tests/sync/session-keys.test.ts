import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Keychain } from '../../electron/keys/keychain.ts';
import { createKeyRing, type KeyRing } from '../../electron/records/keyring.ts';
import { profileFiles } from '../../electron/records/profile.ts';
import { fakeKeychain, noKeychain } from '../unit/keys/fake-keychain.ts';
import { passphrase, setUp, signIn, start } from './support/session-device.ts';

const NEXT = 'the second long passphrase';
const ring = (keychain: Keychain) => ({ keys: createKeyRing(keychain, Date.now) });

/** A key ring that remembers every data key that it gave away. */
function watched(keychain: Keychain) {
  const given: Uint8Array[] = [];
  const keys = createKeyRing(keychain, Date.now);
  const watching: KeyRing = {
    ...keys,
    open: async (file, opener) => {
      const key = await keys.open(file, opener);
      given.push(key);
      return key;
    },
    make: async (words) => {
      const made = await keys.make(words);
      given.push(made.dataKey);
      return made;
    },
  };
  return { given, keys: watching };
}

test('a new passphrase opens the same records, the old one does not, and the recovery code stays good', async () => {
  const { folder, recoveryCode } = await setUp();
  const { session, workspace } = await start(folder);
  await expect(session.keyCare.changePassphrase(passphrase, NEXT)).rejects.toMatchObject({
    code: 'store.closed',
  });
  await session.unlock({ passphrase });
  const { id } = await workspace().pages.create('accounts', { name: 'Made before' });
  await expect(session.keyCare.changePassphrase('not the right one', NEXT)).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  await expect(session.keyCare.changePassphrase(passphrase, 'short')).rejects.toMatchObject({
    code: 'key.passphrase_short',
  });
  await session.keyCare.changePassphrase(passphrase, NEXT);
  const { entries } = await workspace().audit.rows({ kinds: ['new-passphrase'] }, 0, 10);
  expect(entries).toEqual([
    expect.objectContaining({ user: session.state().user?.id, from: null, to: null }),
  ]);
  await session.lock();
  await expect(session.unlock({ passphrase })).rejects.toMatchObject({ code: 'store.wrong_passphrase' });
  await session.unlock({ passphrase: NEXT });
  expect((await workspace().pages.get('accounts', id)).row.name).toBe('Made before');
  await session.lock();
  await session.unlock({ recoveryCode, newPassphrase: undefined });
  expect(session.state().user?.name).toBe('Ada');
});

test('a wrong passphrase in the settings counts as a try, and too many make the next one wait', async () => {
  const { folder } = await setUp();
  const { session } = await start(folder);
  await session.unlock({ passphrase });
  for (let n = 0; n < 5; n += 1) {
    await expect(session.keyCare.newRecoveryCode('not the right one')).rejects.toMatchObject({
      code: 'store.wrong_passphrase',
    });
  }
  await expect(session.keyCare.changePassphrase(passphrase, NEXT)).rejects.toMatchObject({
    code: 'key.too_many_tries',
  });
});

test('a new recovery code counts once it is confirmed; left alone, the old one stays', async () => {
  const { folder, recoveryCode } = await setUp();
  const { session, workspace } = await start(folder);
  await session.unlock({ passphrase });
  await expect(session.keyCare.confirmRecoveryCode()).rejects.toMatchObject({ code: 'key.code_not_asked' });
  const left = await session.keyCare.newRecoveryCode(passphrase);
  // The window was loaded anew: what it showed is gone, so it must not count.
  session.windowReloaded();
  await expect(session.keyCare.confirmRecoveryCode()).rejects.toMatchObject({ code: 'key.code_not_asked' });
  const second = await session.keyCare.newRecoveryCode(passphrase);
  await session.lock();
  await session.unlock({ recoveryCode, newPassphrase: undefined });
  await expect(session.keyCare.confirmRecoveryCode()).rejects.toMatchObject({ code: 'key.code_not_asked' });
  const { recoveryCode: next } = await session.keyCare.newRecoveryCode(passphrase);
  await session.keyCare.confirmRecoveryCode();
  expect((await workspace().audit.rows({ kinds: ['new-recovery-code'] }, 0, 10)).entries).toHaveLength(1);
  await session.lock();
  for (const old of [recoveryCode, left.recoveryCode, second.recoveryCode]) {
    await expect(session.unlock({ recoveryCode: old, newPassphrase: undefined })).rejects.toMatchObject({
      code: 'store.wrong_recovery_code',
    });
  }
  expect(await session.unlock({ recoveryCode: next, newPassphrase: undefined })).toMatchObject({
    user: { name: 'Ada' },
  });
});

test('the keychain is given the key and has it taken back from the settings', async () => {
  const { folder } = await setUp();
  const { session } = await start(folder, ring(fakeKeychain()));
  await session.unlock({ passphrase });
  expect(await session.keyCare.keychain()).toMatchObject({ state: 'off' });
  await expect(session.keyCare.giveToKeychain('not the right one')).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  expect(await session.keyCare.giveToKeychain(passphrase)).toMatchObject({ state: 'ready' });
  expect(await session.lock()).toMatchObject({ keychain: true });
  expect(await session.unlock({ keychain: true })).toMatchObject({ user: { name: 'Ada' }, keychain: false });
  expect(await session.keyCare.takeFromKeychain()).toMatchObject({ state: 'off' });
  expect(await session.lock()).toMatchObject({ keychain: false });
  await expect(session.unlock({ keychain: true })).rejects.toMatchObject({ code: 'key.keychain_changed' });
});

test('after the keychain has changed the lock screen knows it, the passphrase opens, and the new one is given the key', async () => {
  const { folder } = await setUp();
  const before = await start(folder, ring(fakeKeychain()));
  await before.session.unlock({ passphrase });
  await before.session.keyCare.giveToKeychain(passphrase);
  await before.session.quit();

  const without = await start(folder, ring(noKeychain));
  expect(without.session.state()).toMatchObject({
    keychain: false,
    keychainLost: { was: 'gnome_libsecret', now: '' },
  });
  // The offer cannot be kept where no keychain is; the records open all the same.
  await without.session.unlock({ passphrase, giveToKeychain: true });
  expect(without.session.state()).not.toHaveProperty('keychainLost');
  await without.session.quit();

  const kwallet = fakeKeychain(9, { backend: 'kwallet6' });
  const other = await start(folder, ring(kwallet));
  expect(other.session.state()).toMatchObject({ keychainLost: { was: 'gnome_libsecret', now: 'kwallet6' } });
  await expect(other.session.unlock({ keychain: true })).rejects.toMatchObject({
    code: 'key.keychain_changed',
  });
  await other.session.unlock({ passphrase, giveToKeychain: true });
  expect(await other.session.lock()).toMatchObject({ keychain: true });
  await other.session.unlock({ keychain: true });
  await other.session.quit();

  // The same kind of keychain, but emptied: that shows only when it is asked.
  const emptied = await start(folder, ring(fakeKeychain(11, { backend: 'kwallet6' })));
  expect(emptied.session.state()).toMatchObject({ keychain: true });
  await expect(emptied.session.unlock({ keychain: true })).rejects.toMatchObject({
    code: 'key.keychain_changed',
  });
  expect(emptied.session.state()).toMatchObject({
    keychain: false,
    keychainLost: { was: 'kwallet6', now: 'kwallet6' },
  });
});

const wiped = (keys: readonly Uint8Array[]) => keys.every((key) => key.every((byte) => byte === 0));

test('every data key that was given away is zeroed: after opening, failing, changing, locking and quitting', async () => {
  const { folder, recoveryCode } = await setUp();
  const { given, keys } = watched(fakeKeychain());
  const { session } = await start(folder, { keys });
  await session.unlock({ passphrase });
  await session.keyCare.changePassphrase(passphrase, NEXT);
  await session.keyCare.newRecoveryCode(NEXT);
  await session.keyCare.confirmRecoveryCode();
  await session.keyCare.giveToKeychain(NEXT);
  await expect(session.keyCare.changePassphrase(NEXT, 'short')).rejects.toThrow();
  await session.lock();
  await session.unlock({ keychain: true });
  await session.quit();
  expect(given.length).toBeGreaterThanOrEqual(6);
  expect(wiped(given)).toBe(true);

  // A store that does not open.
  const failing = watched(fakeKeychain());
  const blocked = await start(folder, {
    keys: failing.keys,
    openStore: () => Promise.reject(new Error('broken')),
  });
  expect(await blocked.session.unlock({ passphrase: NEXT })).toMatchObject({ phase: 'blocked' });
  expect(failing.given).toHaveLength(1);
  expect(wiped(failing.given)).toBe(true);
  expect(recoveryCode).not.toBe('');
});

test('going back to a backup zeroes every data key, where the records are open and where they do not open', async () => {
  const { folder } = await setUp();
  const { given, keys } = watched(noKeychain);
  const device = await start(folder, { keys });
  await device.session.unlock({ passphrase });
  const { id } = await device.workspace().backups.make('asked');
  expect(await device.session.restoreBackup(id)).toMatchObject({ phase: 'locked' });
  await device.session.unlock({ passphrase });
  await device.session.quit();
  writeFileSync(profileFiles(folder).store, 'x'.repeat(8192));

  const broken = await start(folder, { keys });
  expect(await broken.session.unlock({ passphrase })).toMatchObject({ phase: 'blocked' });
  await expect(broken.session.restoreInstead(id, 'not the right one')).rejects.toMatchObject({
    code: 'store.wrong_passphrase',
  });
  expect(await broken.session.restoreInstead(id, passphrase)).toMatchObject({ user: { name: 'Ada' } });
  expect(given).toHaveLength(4);
  expect(wiped(given)).toBe(true);
});

test('a set-up that is left, or whose window is loaded anew, zeroes the key that it made', async () => {
  const { given, keys } = watched(noKeychain);
  const device = await start(undefined, { keys });
  await signIn(device);
  await device.session.createPassphrase(passphrase);
  await device.session.createPassphrase(passphrase);
  expect(wiped(given.slice(0, 1))).toBe(true);
  device.session.windowReloaded();
  expect(wiped(given)).toBe(true);
  await device.session.createPassphrase(passphrase);
  await device.session.quit();
  expect(given).toHaveLength(3);
  expect(wiped(given)).toBe(true);
});
