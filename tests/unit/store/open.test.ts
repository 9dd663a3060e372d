import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headKey, readHead } from '../../../electron/store/engine/head.ts';
import { FORMAT } from '../../../electron/store/engine/open.ts';
import { openStore } from '../../../electron/store/open.ts';
import { codeOf, contents, entry, folder, fresh, id, KEY, open, options, paper, put } from './helpers.ts';
import { raw } from './raw.ts';

/** A closed store with some rows, alone in its folder. */
async function closed(): Promise<string> {
  const { store, file } = await fresh();
  await store.commit({ rows: Array.from({ length: 300 }, (_, n) => put(paper(n))), history: [entry('m1')] });
  await store.close();
  return file;
}

/** A store as a crash leaves it: the log beside the file holds what was committed last. */
async function crashed(): Promise<string> {
  const { store, file } = await fresh();
  await store.commit({ rows: Array.from({ length: 300 }, (_, n) => put(paper(n))) });
  const left = join(folder(), 'store.db');
  for (const suffix of ['', '-wal', '.head']) copyFileSync(file + suffix, left + suffix);
  await store.close();
  return left;
}

/** Expects the open to fail with the code, and every file to be byte for byte what it was. */
async function refusedUntouched(
  file: string,
  code: string,
  more: Parameters<typeof options>[1] = {},
): Promise<void> {
  const before = contents(dirname(file));
  expect(await codeOf(openStore(options(file, more)))).toBe(code);
  expect(contents(dirname(file))).toEqual(before);
}

describe('opening a store', () => {
  it('that is not there is store.missing, and makes none', async () => {
    await refusedUntouched(join(folder(), 'store.db'), 'store.missing');
  });

  it('to create one where one is, or where only its log is left, is store.exists', async () => {
    await refusedUntouched(await closed(), 'store.exists', { create: true });
    const left = await crashed();
    rmSync(left);
    await refusedUntouched(left, 'store.exists', { create: true });
  });

  it.each([
    ['a text', Buffer.from('not a database at all, but long enough to have a header of its own')],
    ['an empty file', Buffer.alloc(0)],
    ['a plain SQLite file', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096)])],
  ])('that is %s is store.not_a_database', async (_, bytes) => {
    const file = join(folder(), 'store.db');
    writeFileSync(file, bytes);
    await refusedUntouched(file, 'store.not_a_database');
  });

  it('that is a folder is store.not_a_database', async () => {
    const file = join(folder(), 'store.db');
    mkdirSync(file);
    expect(await codeOf(openStore(options(file)))).toBe('store.not_a_database');
  });

  it('with the key of another store is store.key_mismatch, with or without a log and a head', async () => {
    const other = { key: new Uint8Array(32).fill(1) };
    const file = await closed();
    await refusedUntouched(file, 'store.key_mismatch', other);
    rmSync(`${file}.head`);
    await refusedUntouched(file, 'store.key_mismatch', other);
    const left = await crashed();
    await refusedUntouched(left, 'store.key_mismatch', other);
    rmSync(`${left}.head`);
    await refusedUntouched(left, 'store.key_mismatch', other);
  });

  it('that a newer Roadbook wrote is store.newer_version, whether the head or only the file says so', async () => {
    const file = await closed();
    raw(file, (db) => db.pragma(`user_version = ${FORMAT + 1}`));
    await refusedUntouched(file, 'store.newer_version');
  });

  it('of another application under the same key is store.not_a_database', async () => {
    const file = await closed();
    raw(file, (db) => db.pragma('application_id = 1'));
    await refusedUntouched(file, 'store.not_a_database');
  });

  it('whose first page is damaged is store.damaged, not a wrong key', async () => {
    const file = await closed();
    flip(file, 1000);
    await refusedUntouched(file, 'store.damaged');
  });

  it('that another process has open is store.in_use; when that ends, it opens', async () => {
    const { store, file } = await fresh();
    await store.commit({ rows: [put(paper(1))] });
    const script = join(import.meta.dirname, 'child-open.ts');
    expect(execFileSync(process.execPath, [script, file], { encoding: 'utf8' }).trim()).toBe('store.in_use');
    await store.close();
    expect(execFileSync(process.execPath, [script, file], { encoding: 'utf8' }).trim()).toBe('opened 1');
  });

  it('in the same process a second time is store.in_use, and the first goes on', async () => {
    const { store, file } = await fresh();
    expect(await codeOf(openStore(options(file)))).toBe('store.in_use');
    await store.commit({ rows: [put(paper(1))] });
    expect(await store.counts()).toMatchObject({ papers: 1 });
  });

  it('after a crash serves everything that was committed', async () => {
    const store = await open(await crashed());
    expect(await store.counts()).toMatchObject({ papers: 300 });
    expect((await store.search({ text: 'paper', limit: 5 })).hits).toHaveLength(5);
  });

  it('made anew leaves no half store behind: a crash in the middle of making one is made good by the next try', async () => {
    const file = join(folder(), 'store.db');
    writeFileSync(`${file}.new`, 'half');
    writeFileSync(`${file}.head`, 'half');
    const store = await open(file, { create: true });
    await store.commit({ rows: [put(paper(1))] });
    await store.close();
    expect(readdirSync(dirname(file)).sort()).toEqual(['store.db', 'store.db.head']);
    expect(await (await open(file)).counts()).toMatchObject({ papers: 1 });
  });

  it('keeps to changed columns and search paths: rows that are there are filled in', async () => {
    const file = await closed();
    const spec = {
      name: 'papers',
      columns: [
        { name: 'abstract', path: 'body.abstract', type: 'text' as const },
        { name: 'shelf', path: 'shelf', type: 'key' as const },
      ],
      search: { title: ['shelf'], text: [] },
    };
    const store = await open(file, { collections: [spec] });
    const view = await store.openView({
      collection: 'papers',
      selector: { shelf: 's3', 'body.abstract': { $contains: 'ABOUT 1' } },
      sort: [{ path: 'body.abstract', direction: 'asc' }],
    });
    const page = await store.viewRows(view.viewId, 0, 3);
    expect(page.docs.map((doc) => (doc.body as { abstract: string }).abstract)).toEqual([
      'about 10',
      'about 101',
      'about 108',
    ]);
    await expect.poll(async () => (await store.search({ text: 's3', limit: 100 })).hits.length).toBe(43);
    expect((await store.search({ text: 'paper', limit: 5 })).hits).toEqual([]);
  });
});

describe('the head file', () => {
  it('tells when the database was put back to an older copy, and touches nothing', async () => {
    const file = await closed();
    const old = readFileSync(file);
    const store = await open(file);
    await store.commit({ rows: [put(paper(1000))] });
    await store.close();
    writeFileSync(file, old);
    await refusedUntouched(file, 'store.went_back');
  });

  it('tells when the log of a crash is gone or cut short', async () => {
    const file = await crashed();
    const wal = readFileSync(`${file}-wal`);
    rmSync(`${file}-wal`);
    await refusedUntouched(file, 'store.went_back');
    writeFileSync(`${file}-wal`, wal.subarray(0, wal.length - 4096));
    await refusedUntouched(file, 'store.went_back');
  });

  it('tells when a byte of the log was changed, although SQLite would silently serve the older rows', async () => {
    const file = await crashed();
    flip(`${file}-wal`, statSync(`${file}-wal`).size - 2000);
    await refusedUntouched(file, 'store.went_back');
  });

  it('that is missing or damaged is not passed over; a person may decide to go on, and it is made anew', async () => {
    const file = await closed();
    rmSync(`${file}.head`);
    await refusedUntouched(file, 'store.went_back');
    writeFileSync(`${file}.head`, 'x'.repeat(1024));
    await refusedUntouched(file, 'store.went_back');
    await (await open(file, { acceptOlder: true })).close();
    expect(await (await open(file)).counts()).toMatchObject({ papers: 300 });
  });

  it('of another store or another key is not believed', async () => {
    const [file, other] = [await closed(), await closed()];
    copyFileSync(`${other}.head`, `${file}.head`);
    await refusedUntouched(file, 'store.went_back');
    const head = readFileSync(`${file}.head`, 'utf8').replaceAll('"counter":', '"counter":9');
    writeFileSync(`${file}.head`, head);
    await refusedUntouched(file, 'store.key_mismatch');
  });

  it('survives a torn write: the other slot speaks', async () => {
    const { store, file } = await fresh();
    for (let n = 0; n < 5; n += 1) await store.commit({ rows: [put(paper(n))] });
    await store.close();
    const state = readHead(file, headKey(KEY));
    const counter = 'head' in state ? state.head.counter : 0;
    const fd = openSync(`${file}.head`, 'r+');
    writeSync(fd, Buffer.alloc(200, 0), 0, 200, (counter % 2) * 512 + 40);
    closeSync(fd);
    const torn = readHead(file, headKey(KEY));
    expect(torn).toMatchObject({ head: { counter: counter - 1 } });
    expect(await (await open(file)).counts()).toMatchObject({ papers: 5 });
  });
});

describe('a damaged store', () => {
  it('never serves a changed page: every flipped byte is store.damaged or changes nothing that is read', {
    timeout: 60_000,
  }, async () => {
    const file = await closed();
    const ids = Array.from({ length: 300 }, (_, n) => id(n));
    const sound = await open(file);
    const whole = await sound.get('papers', ids);
    await sound.close();
    const bytes = readFileSync(file);
    let damaged = 0;
    for (let i = 0; i < 40; i += 1) {
      const copy = join(folder(), 'store.db');
      copyFileSync(`${file}.head`, `${copy}.head`);
      const broken = Buffer.from(bytes);
      const at = 100 + Math.floor(((bytes.length - 100) * i) / 40);
      broken[at] = (broken[at] as number) ^ 0x10;
      writeFileSync(copy, broken);
      try {
        const store = await openStore(options(copy));
        try {
          expect(await store.get('papers', ids)).toEqual(whole);
        } finally {
          await store.close();
        }
      } catch (error) {
        expect(error, `byte ${at}`).toMatchObject({ code: 'store.damaged' });
        damaged += 1;
      }
    }
    expect(damaged).toBeGreaterThan(3);
  });
});

describe('a store that cannot write', () => {
  it('says store.disk_full, keeps what it had, and goes on when there is room', async (context) => {
    const small = folder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      context.skip('needs the right to mount a small file system');
    }
    try {
      const store = await openStore(options(join(small, 'store.db'), { create: true }));
      const filler = join(small, 'filler');
      writeFileSync(filler, Buffer.alloc(1_000_000));
      let written = 0;
      let code = '';
      for (let n = 0; code === '' && n < 2000; n += 1) {
        const text = 'words and more words '.repeat(200);
        code = await codeOf(
          store.commit({
            rows: [put(paper(n, { body: { abstract: text + n } }))],
            history: [entry(`m${n}`)],
          }),
        );
        if (code === 'no error') {
          written += 1;
          code = '';
        }
      }
      expect(code).toBe('store.disk_full');
      expect(await store.counts()).toMatchObject({ papers: written });
      expect(await store.historyCount({})).toEqual({ count: written, total: written });
      rmSync(filler);
      await store.commit({ rows: [put(paper(5000))], history: [entry('after')] });
      expect(await store.counts()).toMatchObject({ papers: written + 1 });
      expect(await store.verifyHistory()).toMatchObject({ ok: true, entries: written + 1 });
      await store.close();
      const again = await openStore(options(join(small, 'store.db')));
      expect(await again.counts()).toMatchObject({ papers: written + 1 });
      await again.close();
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('in a folder that may not be written says store.read_only', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    const file = await closed();
    chmodSync(file, 0o400);
    expect(await codeOf(openStore(options(file)))).toBe('store.read_only');
  });
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
}
