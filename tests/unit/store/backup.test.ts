import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asideFolder, Backups, type Source } from '../../../electron/store/backup/backups.ts';
import { keep, ROUTINE_EVERY } from '../../../electron/store/backup/keep.ts';
import { finishPlacing, placeBackup, replacedStores } from '../../../electron/store/backup/place.ts';
import type { Store } from '../../../electron/store/open.ts';
import { verifyStore } from '../../../electron/store/verify.ts';
import { codeOf, folder, fresh, id, KEY, open, options, paper, put } from './helpers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const source = (store: Store): Source => ({ copyTo: (file) => store.copyTo(file), size: async () => 0 });
const verify = (file: string) => verifyStore({ ...options(file), key: KEY });

async function count(store: Store): Promise<number> {
  return (await store.counts()).papers ?? 0;
}

describe('the rule of what to keep', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const routine = (at: number) => ({ at, routine: true });

  it('leaves the newest three, one a day for a week and one a week for a month, however many were made', () => {
    const all = Array.from({ length: 24 * 60 }, (_, hours) => routine(now - hours * HOUR));
    const kept = keep(all, now);
    expect(kept.size).toBeLessThanOrEqual(3 + 7 + 5);
    for (const backup of all.slice(0, 3)) expect(kept.has(backup)).toBe(true);
    for (let days = 0; days < 7; days += 1) {
      const ofDay = [...kept].filter(({ at }) => Math.floor(now / DAY) - Math.floor(at / DAY) === days);
      expect(ofDay.length).toBeGreaterThan(0);
    }
    for (let weeks = 0; weeks < 5; weeks += 1) {
      expect(
        [...kept].some(({ at }) => Math.floor(now / (7 * DAY)) - Math.floor(at / (7 * DAY)) === weeks),
      ).toBe(true);
    }
  });

  it('never leaves nothing, keeps old ones when there are no newer ones, and distrusts a clock that was set back', () => {
    const old = [routine(now - 300 * DAY), routine(now - 301 * DAY), routine(now - 302 * DAY)];
    expect(keep(old, now).size).toBe(3);
    const future = [routine(now + 5 * DAY), routine(now + 6 * DAY)];
    expect([...keep([...future, ...old], now)]).toEqual(expect.arrayContaining(future));
  });

  it('settles: days of backups, pruned each time, stay a handful and reach back a month', () => {
    let held: { at: number; routine: boolean }[] = [];
    for (let at = now; at < now + 90 * DAY; at += ROUTINE_EVERY) {
      held = [...keep([...held, routine(at)], at)];
      expect(held.length).toBeLessThanOrEqual(15);
    }
    const oldest = Math.min(...held.map(({ at }) => at));
    expect(now + 90 * DAY - oldest).toBeGreaterThan(20 * DAY);
  });

  it('keeps what was made before a restore for thirty days', () => {
    const special = [1, 29, 31].map((days) => ({ at: now - days * DAY, routine: false }));
    expect([...keep(special, now)]).toEqual(special.slice(0, 2));
  });
});

describe('a backup', () => {
  it('holds all that was committed when it began, while commits go on, and nothing of them is lost', async () => {
    const { store, file } = await fresh();
    await store.commit({ rows: Array.from({ length: 500 }, (_, n) => put(paper(n))) });
    const backups = new Backups(join(folder(), 'backups'), Date.now, verify);
    const making = backups.make(source(store), 'routine');
    for (let n = 500; n < 540; n += 1) await store.commit({ rows: [put(paper(n))] });
    const made = await making;
    await store.commit({ rows: [put(paper(540))] });
    expect(await backups.list()).toEqual([made]);
    const copy = await open(made.file);
    const inCopy = await count(copy);
    expect(inCopy).toBeGreaterThanOrEqual(500);
    expect(inCopy).toBeLessThanOrEqual(540);
    expect(await copy.search({ text: 'about 499', limit: 1 })).toMatchObject({ hits: [{}] });
    await store.close();
    expect(await count(await open(file))).toBe(541);
  });

  it('is encrypted with the same key, opens with no other, and holds no clear text', async () => {
    const { store } = await fresh();
    await store.commit({ rows: [put(paper(1, { title: 'Canary in the cellar' }))] });
    const backups = new Backups(join(folder(), 'backups'), Date.now, verify);
    const { file } = await backups.make(source(store), 'asked');
    for (const name of readdirSync(join(file, '..'))) {
      expect(readFileSync(join(file, '..', name)).includes('Canary')).toBe(false);
    }
    const other = Uint8Array.from(KEY, (byte) => byte ^ 1);
    expect(await codeOf(verifyStore({ ...options(file), key: other }))).toBe('store.key_mismatch');
  });

  it('that cannot be read back is not kept, and takes no older one with it', async () => {
    const { store } = await fresh();
    await store.commit({ rows: Array.from({ length: 300 }, (_, n) => put(paper(n))) });
    const place = join(folder(), 'backups');
    const backups = new Backups(place, Date.now, verify);
    const good = await backups.make(source(store), 'routine');
    const torn: Source = {
      size: async () => 0,
      copyTo: async (file) => {
        await store.copyTo(file);
        const bytes = readFileSync(file);
        bytes.fill(0xff, 5 * 4096, 5 * 4096 + 64);
        writeFileSync(file, bytes);
      },
    };
    expect(await codeOf(backups.make(torn, 'routine'))).toBe('store.damaged');
    expect(await backups.list()).toEqual([good]);
    expect(readdirSync(place)).toEqual([good.id]);
    await verify(good.file);
    // The open store reads its copies back with the key that it holds.
    await store.verifyCopy(good.file);
    expect(await codeOf(store.verifyCopy(`${good.file}.gone`))).toBe('store.missing');
  });

  it('is not made where it would take the room of the records', async () => {
    const { store } = await fresh();
    const backups = new Backups(join(folder(), 'backups'), Date.now, verify);
    const huge: Source = { ...source(store), size: async () => Number.MAX_SAFE_INTEGER };
    expect(await codeOf(backups.make(huge, 'routine'))).toBe('store.disk_full');
    expect(await backups.list()).toEqual([]);
  });

  it('makes room for newer ones, and drafts of a crash go', async () => {
    const { store } = await fresh();
    const place = join(folder(), 'backups');
    let now = Date.parse('2026-01-01T00:00:00Z');
    const backups = new Backups(place, () => now, verify);
    for (let n = 0; n < 5; n += 1) {
      await backups.make(source(store), 'routine');
      now += 60_000;
    }
    mkdirSync(join(place, '.abc.draft'));
    expect(await backups.prune()).toBe(2);
    expect((await backups.list()).map(({ at }) => at)).toEqual([4, 3, 2].map((n) => now - (5 - n) * 60_000));
    expect(readdirSync(place)).toHaveLength(3);
  });
});

describe('putting a backup in place', () => {
  const files = (file: string) => ['', '-wal', '.head'].filter((part) => existsSync(file + part));

  async function prepared() {
    const { store, file } = await fresh();
    await store.commit({ rows: [put(paper(1))] });
    const place = join(folder(), 'backups');
    const backups = new Backups(place, Date.now, verify);
    const made = await backups.make(source(store), 'routine');
    await store.commit({ rows: [put(paper(2))] });
    await store.close();
    return { file, made, backups, place };
  }

  it('opens as it was then; what was there before is a backup itself, so that it can be undone', async () => {
    const { file, made, backups, place } = await prepared();
    const aside = asideFolder(place, Date.now());
    await placeBackup(file, made.file, aside);
    const back = await open(file);
    expect(await count(back)).toBe(1);
    await back.close();
    expect(await replacedStores(file)).toEqual([aside]);
    const [undo] = (await backups.list()).filter(({ reason }) => reason === 'before-restore');
    if (undo === undefined) throw new Error('the replaced store is not in the list');
    await backups.verify(undo);
    await placeBackup(file, undo.file, `${aside}-2`);
    expect(await replacedStores(file)).toEqual([`${aside}-2`, aside]);
    const again = await open(file);
    expect((await again.get('papers', [id(1), id(2)])).length).toBe(2);
    expect(await count(await open(made.file))).toBe(1);
  });

  it('that is cut off after any step is ended by the next start, and no file is lost', async () => {
    // The steps are the moves of files: each state between two of them is built and then finished.
    const { file, made, place } = await prepared();
    const aside = asideFolder(place, Date.now());
    await placeBackup(file, made.file, aside);
    expect(readdirSync(aside).sort()).toEqual(['store.db', 'store.db.head']);
    // In the order in which they move: old database, old head, new head; the new database is the last.
    for (let done = 0; done <= 3; done += 1) {
      const home = folder();
      const there = join(home, 'store.db');
      const asideThere = join(home, 'aside');
      mkdirSync(asideThere);
      const write = (path: string, from: string) => writeFileSync(path, readFileSync(from));
      write(done >= 1 ? join(asideThere, 'store.db') : there, join(aside, 'store.db'));
      write(done >= 2 ? join(asideThere, 'store.db.head') : `${there}.head`, join(aside, 'store.db.head'));
      write(done >= 3 ? `${there}.head` : `${there}.incoming.aside.head`, `${made.file}.head`);
      write(`${there}.incoming.aside`, made.file);
      writeFileSync(`${there}.replaced`, JSON.stringify([asideThere]));
      await finishPlacing(there);
      await finishPlacing(there);
      expect(files(there)).toEqual(['', '.head']);
      expect(await count(await open(there))).toBe(1);
      expect(await count(await open(join(asideThere, 'store.db')))).toBe(2);
      expect(readdirSync(home).filter((name) => name.includes('incoming'))).toEqual([]);
    }
  });

  it('that was cut off before it began has changed nothing, and leaves nothing behind', async () => {
    const { file, made } = await prepared();
    for (const part of ['', '.head'])
      writeFileSync(`${file}.incoming.x${part}`, readFileSync(made.file + part));
    await finishPlacing(file);
    expect(await replacedStores(file)).toEqual([]);
    expect(readdirSync(join(file, '..')).sort()).toEqual(['store.db', 'store.db.head']);
    expect(await count(await open(file))).toBe(2);
  });
});
