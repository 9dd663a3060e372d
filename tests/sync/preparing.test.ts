import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collections } from '../../electron/records/collections.ts';
import { profileFiles } from '../../electron/records/profile.ts';
import type { OpenHow } from '../../electron/records/session-parts.ts';
import { openStore } from '../../electron/store/open.ts';
import type { AppState } from '../../shared/ipc.ts';
import { workerUrl } from '../factories/store-thread.ts';
import { collections as books, KEY, OWNER } from '../fixtures/stores/library.ts';
import { passphrase, setUp, start } from './support/session-device.ts';

const fixture = join(import.meta.dirname, '../fixtures/stores/format-1/store.db');

/** Opens the kept store of format 1, and closes it; hears what the opening tells. */
async function openOld(file: string, how: Pick<OpenHow, 'preparing'>): Promise<void> {
  const own = { file, key: KEY, collections: books, owner: OWNER, workerUrl };
  const store = await openStore({ ...own, ...how, create: false });
  expect((await store.counts()).books).toBeGreaterThan(0);
  await store.close();
}

test('while records of an earlier version are prepared, the screen hears how far it is; afterwards nothing of it stays', async () => {
  const { folder } = await setUp();
  const old = join(folder, 'old.db');
  for (const part of ['', '.head']) copyFileSync(fixture + part, old + part);
  const states: AppState[] = [];
  const device = await start(folder, {
    changed: (state) => states.push(state),
    // The profile's own records are new: the opening of the old ones stands before theirs.
    openStore: async (key, how) => {
      await openOld(old, how);
      const { store: file } = profileFiles(folder);
      return openStore({ file, key, ...how, collections, owner: 'test', workerUrl });
    },
  });
  await device.session.unlock({ passphrase });
  const told = states.filter(({ preparing }) => preparing !== undefined);
  const shares = told.map(({ preparing }) => preparing as number);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(new Set(shares).size).toBeGreaterThan(2);
  // Nothing else of the screen has changed meanwhile, and it goes on by itself.
  for (const state of told) expect(state).toMatchObject({ phase: 'locked', user: null });
  expect(states.at(-1)).not.toHaveProperty('preparing');

  states.length = 0;
  await device.session.lock();
  await device.session.unlock({ passphrase });
  expect(states.filter(({ preparing }) => preparing !== undefined)).toEqual([]);
});
