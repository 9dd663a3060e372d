import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredDoc } from '../../../electron/store/contract.ts';
import type { Engine } from '../../../electron/store/engine/engine.ts';
import { changed, engineWith, paper, put } from './helpers.ts';

const titled = (n: number, title: string, abstract = '', more: Record<string, unknown> = {}) =>
  paper(n, { title, body: { abstract, ...more } });

const found = (engine: Engine, text: string, more: object = {}) =>
  engine
    .find({ text, limit: 20, ...more })
    .hits.map((hit) => Number.parseInt((JSON.parse(hit.text) as { id: string }).id.slice(-12), 16));

/** So many that the index is asked in other ways than among a few. */
const MANY = 20_000;

describe('among very many that begin the same', () => {
  let engine: Engine;
  beforeAll(() => {
    engine = engineWith();
    const old = [
      titled(1, 'Marten Holm'),
      titled(2, 'Note', 'the martyr'),
      titled(3, 'Appointed'),
      titled(4, 'Note', 'one appoggiatura'),
      titled(5, 'Ultramaritime'),
      titled(6, 'Note', 'desk of marionettes', { mails: [{ address: 'x@petrograd-tools7.example' }] }),
    ];
    engine.commit({ rows: old.map((doc) => put(doc)), search: 'behind' });
    const rows = Array.from({ length: MANY }, (_, n) =>
      put(
        titled(n + 100, `Maria ${n % 2 === 0 ? 'Petrov' : 'Costa'}`, 'Only by appointment, marked', {
          mails: [{ address: `maria@petrov-tools${n % 50}.example` }],
        }),
      ),
    );
    for (let from = 0; from < rows.length; from += 2000)
      engine.commit({ rows: rows.slice(from, from + 2000), search: 'behind' });
    while (engine.search.waits) engine.behind.step();
  });
  afterAll(() => engine.close());

  it.each([
    ['marte', [1], 'a longer beginning in a title'],
    ['marten hol', [1], 'two beginnings of a title'],
    ['martyr', [2], 'a word of another text'],
    ['appoggia', [4], 'a longer beginning in another text'],
    ['desk mario', [6], 'a rare word beside a common beginning'],
    ['petrogra', [6], 'a beginning in an address'],
    ['ramarit', [5], 'a part of a title'],
    ['grad-tools', [6], 'a part of an address'],
    ['desk etrogr', [6], 'a part of an address beside a word of a text'],
    ['martne', [1], 'a word that is spelt wrong'],
  ])('finds "%s" in %j, the oldest of all: %s', (text, numbers) => {
    expect(found(engine, text)).toEqual(numbers);
  });

  it('sets a rare title before the many that have the beginning elsewhere, however new those are', () => {
    const first = found(engine, 'appoint');
    expect(first[0]).toBe(3);
    expect(first).toHaveLength(20);
  });

  it('gives the newest of those that fit equally well', () => {
    const newest = Array.from({ length: 20 }, (_, n) => MANY + 99 - n);
    expect(found(engine, 'mari')).toEqual(newest);
    expect(found(engine, 'appointm')).toEqual(newest);
    expect(found(engine, 'maria petrov')).toEqual(newest.map((_, n) => MANY + 98 - 2 * n));
    expect(found(engine, 'etrov-tools49')).toEqual(newest.map((_, n) => MANY + 99 - 50 * n));
  });
});

describe('who may see only some rows', () => {
  const engines: Engine[] = [];
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.close();
  });

  const ROWS = 1500;
  /** The first so many are on the shelf that is asked about. */
  function withMine(mine: number): { engine: Engine; docs: StoredDoc[] } {
    const engine = engineWith();
    engines.push(engine);
    const docs = Array.from({ length: ROWS }, (_, n) =>
      paper(n, { title: `Kowalski ${n}`, shelf: n < mine ? 'mine' : 'other' }),
    );
    engine.commit({ rows: docs.map((doc) => put(doc)), search: 'behind' });
    while (engine.search.waits) engine.behind.step();
    return { engine, docs };
  }
  const mine = { within: { papers: { shelf: 'mine' } }, limit: 2000 };

  it.each([0, 1, 100, 300, 1400])('hears of every change at once where there are %i', (count) => {
    const { engine, docs } = withMine(count);
    for (const text of ['kow', 'walsk', 'kovalski']) {
      const all = found(engine, text, mine);
      expect(all.every((n) => n < count)).toBe(true);
      expect(all.length).toBeGreaterThanOrEqual(Math.min(count, 300));
    }
    const last = docs[ROWS - 1] as StoredDoc;
    const given = changed(last, { shelf: 'mine' });
    engine.commit({ rows: [put(given, last)] });
    expect(found(engine, 'kow', mine)).toContain(ROWS - 1);
    engine.commit({ rows: [put(changed(given, { shelf: 'other' }), given)] });
    expect(found(engine, 'kow', mine)).not.toContain(ROWS - 1);
    expect(found(engine, 'walsk', mine)).not.toContain(ROWS - 1);
  });

  it('finds them too when a few have become many', () => {
    const { engine, docs } = withMine(10);
    expect(found(engine, 'kow', mine)).toHaveLength(10);
    const given = docs.slice(10, 900);
    engine.commit({ rows: given.map((doc) => put(changed(doc, { shelf: 'mine' }), doc)) });
    const all = found(engine, 'kow', mine);
    expect(all.length).toBeGreaterThanOrEqual(300);
    expect(all[0]).toBe(899);
  });

  it('may be one person after the other', () => {
    const { engine } = withMine(700);
    const other = { within: { papers: { shelf: 'other' } }, limit: 2000 };
    for (let turn = 0; turn < 2; turn += 1) {
      expect(found(engine, 'kow', mine).every((n) => n < 700)).toBe(true);
      expect(found(engine, 'kow', other).every((n) => n >= 700)).toBe(true);
    }
  });
});
