import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  giveToKeychain,
  keychainState,
  openWithKeychain,
  takeFromKeychain,
} from '../../../electron/keys/keychain.ts';
import { createKeys, openWithPassphrase } from '../../../electron/keys/keys.ts';
import { fakeKeychain, noKeychain } from './fake-keychain.ts';

const costs = { memoryKiB: 19_456, passes: 2, lanes: 1 };
const PASSPHRASE = 'a ferry in the fog';
const kwallet = fakeKeychain(9, { backend: 'kwallet6' });

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roadbook-keychain-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refused = (was: string, now: string) => ({ code: 'key.keychain_changed', details: { was, now } });

it('a keychain that only obscures is never given the key', async () => {
  const { dataKey } = await createKeys(file, PASSPHRASE, { costs, keychain: noKeychain });
  expect(JSON.parse(readFileSync(file, 'utf8'))).not.toHaveProperty('keychain');
  await expect(giveToKeychain(file, dataKey, noKeychain)).rejects.toMatchObject({
    code: 'key.keychain_missing',
  });
  expect(await keychainState(file, noKeychain)).toEqual({ state: 'none', was: '', now: '' });
});

it('a keychain is given the key later, opens it, and can be made to forget it', async () => {
  const { dataKey } = await createKeys(file, PASSPHRASE, { costs });
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'off', now: 'gnome_libsecret' });
  await giveToKeychain(file, dataKey, fakeKeychain());
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'ready' });
  expect(await openWithKeychain(file, fakeKeychain())).toEqual(dataKey);
  await takeFromKeychain(file);
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'off' });
  await expect(openWithKeychain(file, fakeKeychain())).rejects.toMatchObject({
    code: 'key.keychain_changed',
  });
  expect(await openWithPassphrase(file, PASSPHRASE)).toEqual(dataKey);
});

it('another keychain than the one that was given the key is told by name, and is not even asked', async () => {
  const { dataKey } = await createKeys(file, PASSPHRASE, { costs, keychain: fakeKeychain() });
  const asked = { ...kwallet, decrypt: () => expect.unreachable('it was asked') };
  expect(await keychainState(file, asked)).toEqual({
    state: 'changed',
    was: 'gnome_libsecret',
    now: 'kwallet6',
  });
  await expect(openWithKeychain(file, asked)).rejects.toMatchObject(refused('gnome_libsecret', 'kwallet6'));
  await giveToKeychain(file, dataKey, kwallet);
  expect(await keychainState(file, kwallet)).toMatchObject({ state: 'ready', was: 'kwallet6' });
  expect(await openWithKeychain(file, kwallet)).toEqual(dataKey);
});

it('a keychain that is gone is told, and comes back as it was', async () => {
  const { dataKey } = await createKeys(file, PASSPHRASE, { costs, keychain: fakeKeychain() });
  expect(await keychainState(file, noKeychain)).toEqual({ state: 'gone', was: 'gnome_libsecret', now: '' });
  await expect(openWithKeychain(file, noKeychain)).rejects.toMatchObject(refused('gnome_libsecret', ''));
  expect(await openWithKeychain(file, fakeKeychain())).toEqual(dataKey);
});

it('a keychain that was emptied, or is another person’s, is told like one that has changed', async () => {
  await createKeys(file, PASSPHRASE, { costs, keychain: fakeKeychain(7) });
  await expect(openWithKeychain(file, fakeKeychain(9))).rejects.toMatchObject(
    refused('gnome_libsecret', 'gnome_libsecret'),
  );
  // It answers, but with something else.
  const wrong = fakeKeychain(7, { decrypt: () => Buffer.alloc(32).toString('base64') });
  await expect(openWithKeychain(file, wrong)).rejects.toMatchObject({ code: 'key.keychain_changed' });
});

it('a file from before the name of the keychain was kept still opens by it', async () => {
  const { dataKey } = await createKeys(file, PASSPHRASE, { costs, keychain: fakeKeychain() });
  const keys = JSON.parse(readFileSync(file, 'utf8'));
  delete keys.keychain.backend;
  writeFileSync(file, JSON.stringify(keys));
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'ready', was: '' });
  expect(await openWithKeychain(file, fakeKeychain())).toEqual(dataKey);
});

it('a key file that is missing or damaged offers nothing; opening says what is wrong with it', async () => {
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'off' });
  await expect(openWithKeychain(file, fakeKeychain())).rejects.toMatchObject({ code: 'store.key_missing' });
  writeFileSync(file, '{');
  expect(await keychainState(file, fakeKeychain())).toMatchObject({ state: 'off' });
  await expect(openWithKeychain(file, fakeKeychain())).rejects.toMatchObject({ code: 'store.key_damaged' });
});
