import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needlesOf } from './support/needles.ts';
import { scan, scanSource } from './support/scan.ts';
import { unsnappy } from './support/snappy.ts';
import { fileSources, unlinkedSources } from './support/sources.ts';

const SECRET = 'planted-canary-7391';
const needles = needlesOf([SECRET]);
const noise = (length: number) => Buffer.from(Array.from({ length }, (_, n) => (n * 151 + 7) % 251));

const found = (bytes: Buffer, place = 'memory') =>
  scanSource({ place, bytes }, needles).map((one) => one.form);

describe('the clear-text scanner sees a secret', () => {
  test.each([
    ['utf-8', Buffer.from(SECRET)],
    ['utf-16le', Buffer.from(SECRET, 'utf16le')],
    ['utf-16be', Buffer.from(SECRET, 'utf16le').swap16()],
    ['hex of utf-8', Buffer.from(Buffer.from(SECRET).toString('hex'))],
    ['HEX of utf-8', Buffer.from(Buffer.from(SECRET).toString('hex').toUpperCase())],
    ['hex of utf-16le', Buffer.from(Buffer.from(SECRET, 'utf16le').toString('hex'))],
  ])('written as %s in the middle of other bytes', (form, bytes) => {
    expect(found(Buffer.concat([noise(999), bytes, noise(33)]))).toContain(form);
  });

  test.each([0, 1, 2, 3, 4, 5])('in base64 text that begins %i letters before it', (before) => {
    const text = Buffer.from(`${'x'.repeat(before)}${SECRET} and more`).toString('base64');
    expect(found(Buffer.from(`{"blob":"${text}"}`))).toContain(`base64+${before % 3} of utf-8`);
  });

  test('in UTF-16 that was turned into base64', () => {
    const text = Buffer.from(`ab${SECRET}`, 'utf16le').toString('base64');
    expect(found(Buffer.from(text)).some((form) => form.endsWith('of utf-16le'))).toBe(true);
  });

  test('in a gzip stream, also in one that was cut off', () => {
    const packed = gzipSync(Buffer.from(`${SECRET} ${'filler '.repeat(400)}`));
    expect(found(Buffer.concat([noise(50), packed]))).toContain('utf-8');
    expect(found(packed.subarray(0, packed.length - 12))).toContain('utf-8');
  });

  test('but not where it is not', () => {
    expect(found(noise(200_000))).toEqual([]);
    expect(found(Buffer.from('planted-canary-739'))).toEqual([]);
    // Raw deflate has no mark to find it by; nothing that Roadbook or Chromium writes is raw deflate.
    expect(found(deflateRawSync(Buffer.from(SECRET.repeat(9))))).toEqual([]);
  });
});

describe('Snappy is undone as its format says', () => {
  test('literals and copies, overlapping ones too', () => {
    // "abcd" then a copy of 8 bytes from 4 back: the second half of it repeats what the first half wrote.
    const packed = Buffer.from([12, 3 << 2, 0x61, 0x62, 0x63, 0x64, ((8 - 4) << 2) | 1, 4]);
    expect(unsnappy(packed)?.toString()).toBe('abcdabcdabcd');
  });

  test('what is not Snappy is refused instead of guessed', () => {
    expect(unsnappy(Buffer.from([200, 1, 0xff, 0xff, 0xff]))).toBeNull();
    expect(unsnappy(Buffer.alloc(0))).toBeNull();
  });
});

describe('the scanner looks everywhere', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roadbook-scanner-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('in files, in file names and in files whose name is already gone', () => {
    writeFileSync(join(folder, 'notes.bin'), Buffer.concat([noise(5000), Buffer.from(SECRET)]));
    writeFileSync(join(folder, `draft of ${SECRET}.txt`), 'nothing');
    const hidden = join(folder, 'unlinked.tmp');
    const descriptor = openSync(hidden, 'w+');
    try {
      writeSync(descriptor, SECRET);
      rmSync(hidden);
      const places = scan(fileSources([folder]), needles).findings.map((one) => one.place);
      expect(places).toContain(join(folder, 'notes.bin'));
      expect(places.filter((place) => place.startsWith('name of'))).toHaveLength(1);
      const unlinked = scan(unlinkedSources([process.pid]), needles).findings;
      expect(unlinked.map((one) => one.place)).toEqual([expect.stringContaining('unlinked.tmp (deleted)')]);
    } finally {
      closeSync(descriptor);
    }
  });
});
