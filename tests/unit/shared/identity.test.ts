import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genesis, leafHash, linkHash, verifyChain } from '../../../shared/audit/chain.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { canonical, sameValue } from '../../../shared/sync/canonical.ts';
import { addDigest, EMPTY_DIGEST, rowDigest, subtractDigest } from '../../../shared/sync/digest.ts';
import { UUID_PATTERN, uuidv5, uuidv7 } from '../../../shared/sync/ids.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));

describe('ids', () => {
  it('sort by the time at which they were made', () => {
    const early = uuidv7(1_700_000_000_000, random);
    const late = uuidv7(1_700_000_000_001, random);
    expect(early < late).toBe(true);
    expect(early).toMatch(new RegExp(UUID_PATTERN));
    expect(early[14]).toBe('7');
  });

  it('are the same on two devices when they are derived from the same name', () => {
    // Test vector of RFC 9562, appendix A.4.
    expect(uuidv5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });
});

describe('canonical values', () => {
  it('do not depend on the order in which members were written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(turned)).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('take null, undefined and absence for the same emptiness', () => {
    expect(sameValue(null, undefined)).toBe(true);
    expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameValue('', null)).toBe(false);
  });
});

describe('hashes', () => {
  it('are SHA-256, as a native implementation computes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
  });
});

describe('bucket digests', () => {
  const rows = fc.uniqueArray(fc.record({ id: fc.uuid(), rev: fc.nat(), values: fc.jsonValue() }), {
    selector: (row) => row.id,
  });

  it('do not depend on the order in which rows arrived, and forget a row that left', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const digests = list.map((row) => rowDigest(row));
        const sum = digests.reduce(addDigest, EMPTY_DIGEST);
        expect([...digests].reverse().reduce(addDigest, EMPTY_DIGEST)).toBe(sum);
        expect(digests.reduce(subtractDigest, sum)).toBe(EMPTY_DIGEST);
      }),
    );
  });

  it('differ when one value of one row differs', () => {
    const row = { id: 'a', rev: 1, values: { amount: 1 } };
    expect(rowDigest({ ...row, values: { amount: 2 } })).not.toBe(rowDigest(row));
    expect(rowDigest({ ...row, rev: 2 })).not.toBe(rowDigest(row));
  });
});

describe('the audit chain', () => {
  const start = { hash: genesis('device', 'store'), seq: 1 };
  const build = (values: unknown[]) => {
    let previous = start.hash;
    return values.map((value, index) => {
      const salt = `${index}`.padStart(32, '0');
      const leaf = leafHash(salt, value);
      previous = linkHash(previous, leaf);
      return { seq: index + 1, leaf, hash: previous, salt, values: value };
    });
  };

  it('verifies as it was written, also where values were erased', () => {
    const entries = build([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(verifyChain(entries, start)).toBeNull();
    const erased = entries.map(({ seq, leaf, hash }) => ({ seq, leaf, hash }));
    expect(verifyChain(erased, start)).toBeNull();
  });

  it('names the entry that was changed, taken out or put in', () => {
    const entries = build([{ a: 1 }, { a: 2 }, { a: 3 }]);
    const changed = entries.map((entry) => (entry.seq === 2 ? { ...entry, values: { a: 9 } } : entry));
    expect(verifyChain(changed, start)).toEqual({ seq: 2, reason: 'leaf' });
    const without = entries.filter((entry) => entry.seq !== 2);
    expect(verifyChain(without, start)).toEqual({ seq: 2, reason: 'gap' });
    const forged = entries.map((entry) => (entry.seq === 3 ? { ...entry, leaf: leafHash('0', 'x') } : entry));
    expect(verifyChain(forged, start)).toEqual({ seq: 3, reason: 'link' });
  });
});
