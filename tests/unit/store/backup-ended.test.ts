import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Backups, type Source } from '../../../electron/store/backup/backups.ts';
import type { Store } from '../../../electron/store/open.ts';
import { verifyStore } from '../../../electron/store/verify.ts';
import { codeOf, folder, fresh, KEY, open, options, paper, put, until } from './helpers.ts';

const PAPERS = 16_000;
const source = (store: Store): Source => ({
  copyTo: (file, signal) => store.copyTo(file, signal),
  size: async () => 0,
});
const verify = (file: string) => verifyStore({ ...options(file), key: KEY });

/** A store of about 70 MB: making a backup of it takes long enough to be met in the middle. */
async function big() {
  const { store, file } = await fresh();
  for (let n = 0; n < PAPERS; n += 500) {
    const rows = Array.from({ length: 500 }, (_, m) =>
      put(paper(n + m, { scan: randomBytes(2000).toString('hex') })),
    );
    await store.commit({ rows, search: 'behind' });
  }
  await until(async () => (await store.stats()).settled);
  const place = join(folder(), 'backups');
  return { store, file, place, backups: new Backups(place, Date.now, verify) };
}

/** What lies in the draft of a backup: sizes by name. */
function draft(place: string): Record<string, number> {
  const name = existsSync(place) && readdirSync(place).find((found) => found.endsWith('.draft'));
  if (!name) return {};
  const names = readdirSync(join(place, name));
  return Object.fromEntries(names.map((found) => [found, statSync(join(place, name, found)).size]));
}

const isCopying = (place: string) => (draft(place)['store.db'] ?? 0) > 0;
/** SQLite lays its index of the log beside a file that it reads. */
const isRead = (place: string) => draft(place)['store.db-shm'] !== undefined;

/** Milliseconds of processor time that something costs in all threads: how busy the machine is does not count. */
async function effortOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

it('a backup is given up in the middle of its copy or of its reading: at once, and nothing of it stays', async () => {
  const { store, file, place, backups } = await big();
  const made = await backups.make(source(store), 'routine');
  const reading = await effortOf(() => backups.verify(made));
  for (const isThere of [isCopying, isRead]) {
    const wanted = new AbortController();
    const outcome = codeOf(backups.make(source(store), 'routine', wanted.signal));
    await until(() => isThere(place));
    const givenUp = await effortOf(async () => {
      wanted.abort();
      expect(await outcome).toBe('store.closed');
    });
    // Whoever copied or read to the end would have read all of it.
    expect(givenUp).toBeLessThan(reading / 2);
    expect(readdirSync(place)).toEqual([made.id]);
  }
  // The store goes on, and the next one is whole.
  await store.commit({ rows: [put(paper(PAPERS))] });
  const next = await backups.make(source(store), 'routine');
  await store.close();
  expect((await (await open(next.file)).counts()).papers).toBe(PAPERS + 1);
  expect((await (await open(file)).counts()).papers).toBe(PAPERS + 1);
});

it('reading an older backup is given up as soon, and leaves that backup as it was', async () => {
  const { store, place, backups } = await big();
  const made = await backups.make(source(store), 'asked');
  const wanted = new AbortController();
  const outcome = codeOf(backups.verify(made, wanted.signal));
  await until(() => isRead(place));
  wanted.abort();
  expect(await outcome).toBe('store.closed');
  expect(readdirSync(place)).toEqual([made.id]);
  await backups.verify(made);
});

it('a store that is closed waits for no copy of it', async () => {
  const { store, file } = await big();
  const copy = join(folder(), 'copy.db');
  const outcome = codeOf(store.copyTo(copy));
  await until(() => existsSync(copy) && statSync(copy).size > 0);
  await store.close();
  expect(await outcome).toBe('store.closed');
  expect(existsSync(copy)).toBe(false);
  expect((await (await open(file)).counts()).papers).toBe(PAPERS);
});
