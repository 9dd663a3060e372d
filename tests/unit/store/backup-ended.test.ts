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

it('a backup is given up in the middle of its copy or of its reading: at once, and nothing of it stays', async () => {
  const { store, file, place, backups } = await big();
  /** Milliseconds from the moment when the copy, or the reading of it, is seen to the end. */
  const timeOf = async (isThere: typeof isRead, giveUp: boolean) => {
    const wanted = new AbortController();
    const outcome = codeOf(backups.make(source(store), 'routine', wanted.signal));
    await until(() => isThere(place));
    const seen = performance.now();
    if (giveUp) wanted.abort();
    expect(await outcome).toBe(giveUp ? 'store.closed' : 'no error');
    return performance.now() - seen;
  };
  for (const isThere of [isCopying, isRead]) {
    const whole = await timeOf(isThere, false);
    const made = readdirSync(place);
    // The better of two: a busy machine may hold up one.
    const givenUp = Math.min(await timeOf(isThere, true), await timeOf(isThere, true));
    expect(givenUp).toBeLessThan(whole / 2);
    expect(readdirSync(place)).toEqual(made);
  }
  // The store goes on, and the next one is whole.
  await store.commit({ rows: [put(paper(PAPERS))] });
  const next = await backups.make(source(store), 'routine');
  await store.close();
  expect((await (await open(next.file)).counts()).papers).toBe(PAPERS + 1);
  expect((await (await open(file)).counts()).papers).toBe(PAPERS + 1);
}, 60_000);

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
}, 60_000);

it('a store that is closed waits for no copy of it', async () => {
  const { store, file } = await big();
  const copy = join(folder(), 'copy.db');
  const outcome = codeOf(store.copyTo(copy));
  await until(() => existsSync(copy) && statSync(copy).size > 0);
  await store.close();
  expect(await outcome).toBe('store.closed');
  expect(existsSync(copy)).toBe(false);
  expect((await (await open(file)).counts()).papers).toBe(PAPERS);
}, 60_000);
