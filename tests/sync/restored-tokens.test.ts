import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { collections } from '../../electron/records/collections.ts';
import { values } from '../../electron/records/context.ts';
import { profileFiles } from '../../electron/records/profile.ts';
import { takeOverReplaced } from '../../electron/records/restoring.ts';
import { silent } from '../../electron/shell/log.ts';
import type { StoreApi } from '../../electron/store/contract.ts';
import { openStore } from '../../electron/store/open.ts';
import { RoadbookError } from '../../shared/errors.ts';
import { workerUrl } from '../factories/store-thread.ts';

const key = new Uint8Array(32).fill(7);
const open: StoreApi[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const opened = async (file: string, create: boolean): Promise<StoreApi> =>
  openStore({ file, key, create, acceptOlder: true, collections, owner: 'test', workerUrl });

/** A store that is closed again, whose session has this token. */
async function storeWith(refreshToken: string, file: string): Promise<void> {
  const store = await opened(file, true);
  await store.commit({ values: { [values.session]: sessionWith(refreshToken) } });
  await store.close();
}

const sessionWith = (refreshToken: string) => ({ server: 'x', accessToken: 'a', expiresAt: 5, refreshToken });

function damage(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, 4096));
}

/**
 * Two restores, one after the other, before the records are opened: what the tokens are then.
 * @param spoil what happens to the replaced stores before they are read
 */
async function tokenAfter(
  spoil: (files: { first: string; last: string }) => void,
  openAside: (file: string) => Promise<StoreApi> = (file) => opened(file, false),
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-tokens-'));
  folders.push(folder);
  const [first, last] = ['first', 'last'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name, 'store.db');
  }) as [string, string];
  await storeWith('of the first', first);
  await storeWith('of the last', last);
  const files = profileFiles(folder);
  const restored = await opened(files.store, true);
  open.push(restored);
  await restored.commit({ values: { [values.session]: sessionWith('of the backup') } });
  writeFileSync(`${files.store}.replaced`, JSON.stringify([join(folder, 'last'), join(folder, 'first')]));
  spoil({ first, last });
  await takeOverReplaced(files, key, restored, openAside, silent);
  return ((await restored.value(values.session)) as { refreshToken: string }).refreshToken;
}

test('after a restore the tokens are those of the store that was replaced last', async () => {
  expect(await tokenAfter(() => undefined)).toBe('of the last');
});

test('they stay when only an older one, or other parts of the last one, cannot be read', async () => {
  expect(await tokenAfter(({ first }) => damage(first))).toBe('of the last');
  const withoutOutbox = async (file: string): Promise<StoreApi> => ({
    ...(await opened(file, false)),
    outbox: () => Promise.reject(new RoadbookError('store.damaged')),
  });
  expect(await tokenAfter(() => undefined, withoutOutbox)).toBe('of the last');
});

test('they are forgotten when the last one cannot be read, although older ones can', async () => {
  expect(await tokenAfter(({ last }) => damage(last))).toBe('');
  const withoutSession = async (file: string): Promise<StoreApi> => {
    const store = await opened(file, false);
    const isLast = basename(dirname(file)) === 'last';
    const value = (name: string) =>
      isLast && name === values.session
        ? Promise.reject(new RoadbookError('store.damaged'))
        : store.value(name);
    return { ...store, value };
  };
  expect(await tokenAfter(() => undefined, withoutSession)).toBe('');
});
