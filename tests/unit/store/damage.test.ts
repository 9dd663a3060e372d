import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeError } from '../../../electron/store/engine/errors.ts';
import { openStore } from '../../../electron/store/open.ts';
import {
  codeOf,
  contents,
  engineWith,
  entry,
  folder,
  fresh,
  id,
  open,
  options,
  paper,
  put,
} from './helpers.ts';

const PAGE = 4096;
const COUNT = 120;
const ids = Array.from({ length: COUNT }, (_, n) => id(n));

/** A store as an ordinary end leaves it, or as a crash does: then most of it is only in the log. */
const kept: Record<'closed' | 'crashed', Record<string, Buffer>> = { closed: {}, crashed: {} };

beforeAll(async () => {
  const { store, file } = await fresh();
  const half = COUNT / 2;
  for (const part of [0, 1]) {
    const rows = Array.from({ length: half }, (_, n) => put(paper(part * half + n)));
    await store.commit({ rows, history: [entry(`m${part}`)] });
  }
  for (const suffix of ['', '-wal', '.head']) kept.crashed[suffix] = readFileSync(file + suffix);
  await store.close();
  for (const suffix of ['', '.head']) kept.closed[suffix] = readFileSync(file + suffix);
});

/** A copy of one of them in a folder of its own. */
function copyOf(which: 'closed' | 'crashed'): string {
  const file = join(folder(), 'store.db');
  for (const [suffix, bytes] of Object.entries(kept[which])) writeFileSync(file + suffix, bytes);
  return file;
}

/** Everything that the store holds, in one text; or the code of the error, and then every file is as it was. */
function readAll(file: string): string {
  const before = contents(dirname(file));
  let opened = false;
  try {
    const engine = engineWith({ file, create: false });
    opened = true;
    try {
      return JSON.stringify([
        engine.get('papers', ids),
        engine.history.rows({}, 0, 9),
        engine.find({ text: 'paper', limit: COUNT }).hits.length,
        engine.counts(),
      ]);
    } finally {
      engine.close();
    }
  } catch (error) {
    if (!opened) expect(contents(dirname(file))).toEqual(before);
    return (storeError(error) as { code?: string }).code ?? String(error);
  }
}

function change(path: string, at: number, with_: (byte: number) => number, length = 1): void {
  const bytes = readFileSync(path);
  for (let i = at; i < at + length; i += 1) bytes[i] = with_(bytes[i] as number);
  writeFileSync(path, bytes);
}

describe('a store that was damaged on the disk', () => {
  it('with a byte flipped in any page is store.damaged, or nothing that is read depends on it', () => {
    const whole = readAll(copyOf('closed'));
    const pages = (kept.closed[''] as Buffer).length / PAGE;
    let damaged = 0;
    for (let page = 0; page < pages; page += 1) {
      const file = copyOf('closed');
      // Beginning, middle and end of pages in turn: content, nonce and authentication tag.
      const within = [100, 2000, PAGE - 40, PAGE - 8][page % 4] as number;
      change(file, page * PAGE + within, (byte) => byte ^ 0x20);
      const answer = readAll(file);
      expect([whole, 'store.damaged'], `page ${page}`).toContain(answer);
      if (answer === 'store.damaged') damaged += 1;
      rmSync(dirname(file), { recursive: true });
    }
    expect(damaged).toBeGreaterThan(pages / 3);
  });

  it('with a torn page, half of it zeros, is store.damaged', () => {
    for (const page of [0, 1, 2, 5]) {
      const file = copyOf('closed');
      change(file, page * PAGE + PAGE / 2, () => 0, PAGE / 2);
      expect(['store.damaged', readAll(copyOf('closed'))], `page ${page}`).toContain(readAll(file));
      if (page === 0) expect(readAll(file)).toBe('store.damaged');
    }
  });

  it.each([
    [0, 'store.not_a_database'],
    [10, 'store.not_a_database'],
    [100, 'store.damaged'],
    [PAGE - 1, 'store.damaged'],
    [PAGE, 'store.damaged'],
    [PAGE + 512, 'store.damaged'],
    [10 * PAGE, 'store.damaged'],
  ])('cut to its first %i bytes is %s', (size, code) => {
    const file = copyOf('closed');
    truncateSync(file, size);
    expect(readAll(file)).toBe(code);
  });

  it('with the log damaged anywhere is store.went_back: never are older rows served as if they were all', () => {
    const whole = readAll(copyOf('crashed'));
    const size = (kept.crashed['-wal'] as Buffer).length;
    for (let i = 0; i < 24; i += 1) {
      const file = copyOf('crashed');
      // The header of the log, then bytes all over its frames.
      const at = i < 8 ? i * 4 : Math.floor((size * (i - 8)) / 16);
      change(`${file}-wal`, at, (byte) => byte ^ 0x04);
      expect(['store.went_back', 'store.damaged', whole], `byte ${at}`).toContain(readAll(file));
      if (i >= 8) expect(readAll(file), `byte ${at}`).not.toBe(whole);
      rmSync(dirname(file), { recursive: true });
    }
  });

  it('with the log gone, empty or cut is store.went_back; with rubbish behind its end all rows are there', () => {
    const whole = readAll(copyOf('crashed'));
    const size = (kept.crashed['-wal'] as Buffer).length;
    for (const left of [undefined, 0, 31, 32, size / 2, size - 1]) {
      const file = copyOf('crashed');
      if (left === undefined) rmSync(`${file}-wal`);
      else truncateSync(`${file}-wal`, left);
      expect(['store.went_back', 'store.damaged'], `${left} bytes left`).toContain(readAll(file));
    }
    const file = copyOf('crashed');
    appendFileSync(`${file}-wal`, Buffer.alloc(10_000, 0x7e));
    expect(readAll(file)).toBe(whole);
  });

  it('with a flipped byte in the head opens by the other slot, and with both slots damaged is store.went_back', () => {
    const whole = readAll(copyOf('closed'));
    for (let at = 0; at < 1024; at += 37) {
      const file = copyOf('closed');
      change(`${file}.head`, at, (byte) => byte ^ 0x01);
      expect(readAll(file), `byte ${at}`).toBe(whole);
      rmSync(dirname(file), { recursive: true });
    }
    const file = copyOf('closed');
    for (const slot of [0, 512]) change(`${file}.head`, slot + 2, () => 0, 8);
    expect(readAll(file)).toBe('store.went_back');
    truncateSync(`${file}.head`, 0);
    expect(readAll(file)).toBe('store.went_back');
  });

  it('and left alone can be mended by putting the sound files back', async () => {
    const file = copyOf('closed');
    change(file, 200, () => 0, 50);
    expect(readAll(file)).toBe('store.damaged');
    writeFileSync(file, kept.closed[''] as Buffer);
    expect(await (await open(file)).counts()).toMatchObject({ papers: COUNT });
  });
});

describe('a store on a file system that was made read-only', () => {
  it('is store.read_only, after an ordinary end and after a crash, and opens once it may be written', async (context) => {
    const small = folder();
    const mount = (...args: string[]) => execFileSync('mount', [...args, small], { stdio: 'ignore' });
    try {
      mount('-t', 'tmpfs', '-o', 'size=20m', 'tmpfs');
    } catch {
      context.skip('needs the right to mount a small file system');
    }
    try {
      for (const which of ['closed', 'crashed'] as const) {
        const there = join(small, which);
        cpSync(dirname(copyOf(which)), there, { recursive: true });
        mount('-o', 'remount,ro');
        const before = contents(there);
        expect(await codeOf(openStore(options(join(there, 'store.db')))), which).toBe('store.read_only');
        expect(contents(there)).toEqual(before);
        mount('-o', 'remount,rw');
        const store = await openStore(options(join(there, 'store.db')));
        expect(await store.counts()).toMatchObject({ papers: COUNT });
        await store.close();
      }
    } finally {
      execFileSync('umount', [small]);
    }
  });
});
