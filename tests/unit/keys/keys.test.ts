import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../../electron/keys/atomic-file.ts';
import { areSane, chooseCosts, meetsMinimum, TARGET_MS } from '../../../electron/keys/costs.ts';
import { openWithKeychain } from '../../../electron/keys/keychain.ts';
import {
  changePassphrase,
  createKeys,
  makeKeys,
  newRecoveryCode,
  openWithPassphrase,
  openWithRecoveryCode,
} from '../../../electron/keys/keys.ts';
import { makeRecoveryCode, parseRecoveryCode } from '../../../electron/keys/recovery-code.ts';
import { subkey } from '../../../electron/keys/subkey.ts';
import { waitAfter } from '../../../electron/keys/tries.ts';
import { machineCosts } from '../../../electron/keys/wrap.ts';
import { fakeKeychain as keychain } from './fake-keychain.ts';

/** The least that is allowed: the tests need many keys. */
const costs = { memoryKiB: 19_456, passes: 2, lanes: 1 };
const PASSPHRASE = 'a ferry in the fog';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roadbook-keys-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe('a data key', () => {
  it('is opened by the passphrase, by the recovery code and by the keychain: always the same 32 bytes', async () => {
    const { dataKey, recoveryCode } = await createKeys(file, PASSPHRASE, { costs, keychain: keychain() });
    expect(dataKey).toHaveLength(32);
    expect(await openWithPassphrase(file, PASSPHRASE)).toEqual(dataKey);
    expect(await openWithRecoveryCode(file, recoveryCode)).toEqual(dataKey);
    expect(await openWithKeychain(file, keychain())).toEqual(dataKey);
    const other = await makeKeys(PASSPHRASE, { costs });
    expect(other.dataKey).not.toEqual(dataKey);
    expect(other.recoveryCode).not.toBe(recoveryCode);
  });

  it('is not on disk before save() and never written over another one', async () => {
    const made = await makeKeys(PASSPHRASE, { costs });
    expect(readdirSync(folder)).toEqual([]);
    await made.save(file);
    const before = readFileSync(file);
    expect(await codeOf((await makeKeys(PASSPHRASE, { costs })).save(file))).toBe('store.exists');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('takes the same words from another keyboard', async () => {
    const { dataKey } = await createKeys(file, 'Zo\u00eb liest B\u00fccher', { costs });
    expect(await openWithPassphrase(file, 'Zoe\u0308 liest Bu\u0308cher')).toEqual(dataKey);
  });

  it('refuses a passphrase of fewer than 12 characters, and counts characters, not bytes', async () => {
    expect(await codeOf(makeKeys('elevensigns', { costs }))).toBe('key.passphrase_short');
    expect(await codeOf(makeKeys('ääääääääääa', { costs }))).toBe('key.passphrase_short');
    expect(await codeOf(makeKeys('🙂'.repeat(12), { costs }))).toBe('no error');
  });

  it('is never wrapped below the minimum that OWASP names', async () => {
    await expect(makeKeys(PASSPHRASE, { costs: { ...costs, passes: 1 } })).rejects.toThrow(RangeError);
    expect(meetsMinimum(await machineCosts())).toBe(true);
  });

  it('is wrapped as dearly as the machine bears, and never below the minimum on a slow one', async () => {
    const chosen = [];
    for (const perPass of [0.1, 5, 20, 45, 60, 100, 1000, 60_000]) {
      // Milliseconds for one pass over 64 MiB on an imagined machine.
      const millis = (work: { memoryKiB: number; passes: number }) =>
        (work.memoryKiB / 65_536) * work.passes * perPass;
      const costs = await chooseCosts(async (probe) => millis(probe));
      expect(meetsMinimum(costs) && areSane(costs)).toBe(true);
      if (2 * perPass <= TARGET_MS) expect(millis(costs)).toBeLessThanOrEqual(TARGET_MS);
      chosen.push(costs.memoryKiB * costs.passes);
    }
    expect(chosen).toEqual([...chosen].sort((a, b) => b - a));
    expect(chosen[0]).toBe(3 * 262_144);
    expect(chosen.at(-1)).toBe(2 * 65_536);
  });

  it('is wrapped with what this machine bears when nothing else is said', async () => {
    const { dataKey } = await createKeys(file, PASSPHRASE);
    expect(await openWithPassphrase(file, PASSPHRASE)).toEqual(dataKey);
    expect(JSON.parse(readFileSync(file, 'utf8')).passphrase.costs).toEqual(await machineCosts());
  });

  it('keeps the costs with the wrap, so that old files open after they are raised', async () => {
    await createKeys(file, PASSPHRASE, { costs });
    expect(JSON.parse(readFileSync(file, 'utf8')).passphrase.costs).toEqual(costs);
    const key = await openWithPassphrase(file, PASSPHRASE);
    await changePassphrase(file, key, PASSPHRASE, { costs: { ...costs, passes: 3 } });
    expect(await openWithPassphrase(file, PASSPHRASE)).toEqual(key);
  });
});

describe('a wrong key', () => {
  it('has a code of its own for passphrase and recovery code', async () => {
    const { recoveryCode } = await createKeys(file, PASSPHRASE, { costs });
    expect(await codeOf(openWithPassphrase(file, 'a ferry in the dog'))).toBe('store.wrong_passphrase');
    expect(await codeOf(openWithRecoveryCode(file, makeRecoveryCode().text))).toBe(
      'store.wrong_recovery_code',
    );
    expect(await codeOf(openWithRecoveryCode(file, recoveryCode))).toBe('no error');
  });

  it('file that is missing is store.key_missing, and none is made', async () => {
    expect(await codeOf(openWithPassphrase(file, PASSPHRASE))).toBe('store.key_missing');
    expect(await codeOf(openWithRecoveryCode(file, makeRecoveryCode().text))).toBe('store.key_missing');
    expect(await codeOf(changePassphrase(file, new Uint8Array(32), PASSPHRASE, { costs }))).toBe(
      'store.key_missing',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('file that was cut or bent is store.key_damaged or does not open, and stays as it is', async () => {
    const { recoveryCode } = await createKeys(file, PASSPHRASE, { costs });
    const text = readFileSync(file, 'utf8');
    const whole = JSON.parse(text);
    for (const bent of [
      text.slice(0, 200),
      '',
      '[]',
      JSON.stringify({ ...whole, passphrase: undefined }),
      JSON.stringify({
        ...whole,
        passphrase: { ...whole.passphrase, costs: { memoryKiB: 1e9, passes: 1, lanes: 1 } },
      }),
      JSON.stringify({ ...whole, recovery: { ...whole.recovery, sealed: 'AAAA' } }),
    ]) {
      writeFileSync(file, bent);
      expect(await codeOf(openWithRecoveryCode(file, recoveryCode)), bent).toBe('store.key_damaged');
      expect(readFileSync(file, 'utf8')).toBe(bent);
    }
    writeFileSync(file, JSON.stringify({ ...whole, format: 2 }));
    expect(await codeOf(openWithRecoveryCode(file, recoveryCode))).toBe('store.newer_version');
    // A wrap is bound to its file, kind and costs.
    for (const moved of [
      { ...whole, id: 'another' },
      { ...whole, passphrase: { ...whole.passphrase, costs: { ...costs, passes: 3 } } },
    ]) {
      writeFileSync(file, JSON.stringify(moved));
      expect(await codeOf(openWithPassphrase(file, PASSPHRASE))).toBe('store.wrong_passphrase');
    }
    writeFileSync(file, text);
    expect(await codeOf(openWithPassphrase(file, PASSPHRASE))).toBe('no error');
  });

  it('tried five times makes the next one wait, longer each time, also after a restart; the recovery code never waits', async () => {
    const { recoveryCode, dataKey } = await createKeys(file, PASSPHRASE, { costs });
    let time = 1_000_000_000_000;
    const now = () => time;
    const attempt = (passphrase: string) => openWithPassphrase(file, passphrase, { now });
    for (let n = 0; n < 5; n += 1)
      expect(await codeOf(attempt('not the right one'))).toBe('store.wrong_passphrase');
    await expect(attempt(PASSPHRASE)).rejects.toMatchObject({
      code: 'key.too_many_tries',
      details: { seconds: 5 },
    });
    time += 4000;
    await expect(attempt(PASSPHRASE)).rejects.toMatchObject({ details: { seconds: 1 } });
    expect(await openWithRecoveryCode(file, makeRecoveryCode().text).catch((error) => error.code)).toBe(
      'store.wrong_recovery_code',
    );
    time += 1000;
    expect(await codeOf(attempt('not the right one'))).toBe('store.wrong_passphrase');
    await expect(attempt(PASSPHRASE)).rejects.toMatchObject({ details: { seconds: 10 } });
    // A clock set back neither ends the wait nor makes it endless.
    time -= 3_600_000;
    await expect(attempt(PASSPHRASE)).rejects.toMatchObject({ details: { seconds: 10 } });
    time += 10_000;
    expect(await attempt(PASSPHRASE)).toEqual(dataKey);
    // The right one ends the count.
    expect(await codeOf(attempt('not the right one'))).toBe('store.wrong_passphrase');
    expect(await codeOf(attempt(PASSPHRASE))).toBe('no error');
    for (let n = 0; n < 5; n += 1) await codeOf(attempt('not the right one'));
    expect(await openWithRecoveryCode(file, recoveryCode)).toEqual(dataKey);
    expect(await codeOf(attempt(PASSPHRASE))).toBe('no error');
  });

  it('is counted in memory where the disk takes no count, and keeps nobody out', async () => {
    await createKeys(file, PASSPHRASE, { costs });
    // Something else lies where the count would be written.
    mkdirSync(join(`${file}.tries`, 'full'), { recursive: true });
    await openWithPassphrase(file, PASSPHRASE);
    for (let n = 0; n < 5; n += 1) {
      expect(await codeOf(openWithPassphrase(file, 'not the right one'))).toBe('store.wrong_passphrase');
    }
    expect(await codeOf(openWithPassphrase(file, PASSPHRASE))).toBe('key.too_many_tries');
    expect(await codeOf(openWithPassphrase(file, PASSPHRASE, { now: () => Date.now() + 60_000 }))).toBe(
      'no error',
    );
  });

  it('waits at most a quarter of an hour', () => {
    expect([0, 4, 5, 6, 7, 12, 13, 1000].map(waitAfter)).toEqual([0, 0, 5, 10, 20, 640, 900, 900]);
  });
});

describe('a new passphrase', () => {
  it('opens the same data key, the old one no longer does, the recovery code and keychain still do', async () => {
    const { dataKey, recoveryCode } = await createKeys(file, PASSPHRASE, { costs, keychain: keychain() });
    await changePassphrase(file, dataKey, 'a tram in the rain', { costs });
    expect(await codeOf(openWithPassphrase(file, PASSPHRASE))).toBe('store.wrong_passphrase');
    expect(await openWithPassphrase(file, 'a tram in the rain')).toEqual(dataKey);
    expect(await openWithRecoveryCode(file, recoveryCode)).toEqual(dataKey);
    expect(await openWithKeychain(file, keychain())).toEqual(dataKey);
    expect(await codeOf(changePassphrase(file, dataKey, 'short', { costs }))).toBe('key.passphrase_short');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a new recovery code', () => {
  it('counts once it is confirmed: until then the old one opens, from then on only the new one', async () => {
    const { dataKey, recoveryCode } = await createKeys(file, PASSPHRASE, { costs, keychain: keychain() });
    const held = Uint8Array.from(dataKey);
    const made = await newRecoveryCode(file, held);
    // Whoever asked wipes the key before the person has written the code down.
    held.fill(0);
    expect(made.text).not.toBe(recoveryCode);
    expect(await codeOf(openWithRecoveryCode(file, made.text))).toBe('store.wrong_recovery_code');
    expect(await openWithRecoveryCode(file, recoveryCode)).toEqual(dataKey);
    await changePassphrase(file, dataKey, 'a tram in the rain', { costs });
    await made.save();
    expect(await codeOf(openWithRecoveryCode(file, recoveryCode))).toBe('store.wrong_recovery_code');
    expect(await openWithRecoveryCode(file, made.text)).toEqual(dataKey);
    // A passphrase that was changed meanwhile stays changed.
    expect(await openWithPassphrase(file, 'a tram in the rain')).toEqual(dataKey);
    expect(await openWithKeychain(file, keychain())).toEqual(dataKey);
  });

  it('is not written into the key file of other records', async () => {
    const { dataKey } = await createKeys(file, PASSPHRASE, { costs });
    const made = await newRecoveryCode(file, dataKey);
    rmSync(file);
    await createKeys(file, PASSPHRASE, { costs });
    const before = readFileSync(file);
    expect(await codeOf(made.save())).toBe('store.key_mismatch');
    expect(readFileSync(file)).toEqual(before);
  });
});

describe('a recovery code', () => {
  it('is eight groups of four signs that carry 128 bits, and reads back in any of the ways people type', () => {
    for (let n = 0; n < 200; n += 1) {
      const { text, secret } = makeRecoveryCode();
      expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(secret).toHaveLength(16);
      const sloppy = ` ${text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(parseRecoveryCode(text)).toEqual(secret);
      expect(parseRecoveryCode(sloppy)).toEqual(secret);
    }
  });

  it('with a typing error names the group, fifteen times in sixteen', () => {
    let named = 0;
    let all = 0;
    for (let n = 0; n < 60; n += 1) {
      const { text } = makeRecoveryCode();
      for (let group = 0; group < 8; group += 1) {
        const at = group * 5 + (n % 4);
        const wrong = text[at] === 'X' ? 'Y' : 'X';
        all += 1;
        try {
          parseRecoveryCode(text.slice(0, at) + wrong + text.slice(at + 1));
        } catch (error) {
          expect(error).toMatchObject({ code: 'store.wrong_recovery_code', details: { group: group + 1 } });
          named += 1;
        }
      }
    }
    expect(named / all).toBeGreaterThan(0.85);
  });

  it('with too few or too many signs says how many there are', () => {
    expect(() => parseRecoveryCode('ABCD-EFGH')).toThrow(expect.objectContaining({ details: { signs: 8 } }));
    expect(() => parseRecoveryCode(`${makeRecoveryCode().text}A`)).toThrow(
      expect.objectContaining({ details: { signs: 33 } }),
    );
  });
});

describe('keys for purposes', () => {
  it('differ from each other and from the data key, and are the same each time', () => {
    const dataKey = new Uint8Array(32).fill(3);
    expect(subkey(dataKey, 'drafts')).toEqual(subkey(dataKey, 'drafts'));
    expect(subkey(dataKey, 'drafts')).not.toEqual(subkey(dataKey, 'store head'));
    expect(subkey(dataKey, 'drafts')).not.toEqual(dataKey);
    expect(() => subkey(new Uint8Array(16), 'drafts')).toThrow(RangeError);
  });

  it('are those of HKDF-SHA256, so that whatever was sealed with them opens', () => {
    const dataKey = new Uint8Array(randomBytes(32));
    for (const purpose of ['drafts', 'audit chain', 'store head']) {
      const known = hkdfSync('sha256', dataKey, new Uint8Array(0), `roadbook v1 ${purpose}`, 32);
      expect(subkey(dataKey, purpose)).toEqual(new Uint8Array(known));
    }
  });
});

describe('an atomic write', () => {
  it('that fails leaves the old file and nothing else', async () => {
    writeFileSync(file, 'old');
    await writeAtomically(file, 'new', 'replace');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(await codeOf(writeAtomically(file, 'other', 'new'))).toBe('store.exists');
    expect(await codeOf(writeAtomically(join(folder, 'no', 'such', 'folder'), 'x', 'new'))).toBe('ENOENT');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });
});
