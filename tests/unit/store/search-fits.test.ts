import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../electron/store/engine/engine.ts';
import { changed, engineWith, id, paper, put } from './helpers.ts';

const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

function library(rows: readonly ReturnType<typeof put>[]): Engine {
  const engine = engineWith();
  engines.push(engine);
  engine.commit({ rows });
  return engine;
}

const titled = (n: number, title: string, abstract = '', more: Record<string, unknown> = {}) =>
  put(paper(n, { title, body: { abstract, ...more } }));

interface Answer {
  readonly text: string;
  readonly excerpt: readonly string[];
}

const ask = (engine: Engine, text: string, more: object = {}): Answer[] =>
  engine.find({ text, limit: 50, ...more }).hits;
const found = (engine: Engine, text: string, more: object = {}) =>
  ask(engine, text, more).map((hit) => (JSON.parse(hit.text) as { id: string }).id);
const excerpt = (engine: Engine, text: string) => ask(engine, text)[0]?.excerpt;

describe('any part of a name, address or number', () => {
  const rows = [
    titled(1, 'Jürgen Müller', 'A harbour in the north', {
      mails: [{ address: 'j.mueller@acme-tools.com' }],
      numbers: ['+49 (170) 555-1004'],
    }),
    titled(2, 'Anna Smith'),
  ];

  it.each([
    ['ulle', 'of a name'],
    ['GEN MÜL', 'across the space of a name'],
    ['eller@ac', 'of an address, sign and all'],
    ['ools.c', 'at the end of an address'],
    ['51004', 'of a number, as digits'],
    ['004', 'of a number, three digits'],
    ['555-10', 'of a number as it is written'],
    ['jur ueller', 'beside a beginning'],
    ['north ulle', 'beside a beginning in another text'],
  ])('is found: "%s", %s', (text) => {
    expect(found(library(rows), text)).toEqual([id(1)]);
  });

  it.each(['arbo', 'mu er', 'ull ann', 'lüm'])('is not: "%s"', (text) => {
    expect(found(library(rows), text)).toEqual([]);
  });

  it('is found beside a beginning where thousands of newer documents have the part alone', () => {
    const others = Array.from({ length: 2000 }, (_, n) => titled(n + 10, 'Maria Kowalski'));
    const engine = library([titled(1, 'Anna Kowalski'), ...others]);
    expect(found(engine, 'an walsk')).toEqual([id(1)]);
  });

  it('goes with its document, and with an edit', () => {
    const one = paper(1, { title: 'Northwind' });
    const engine = library([put(one)]);
    const two = changed(one, { title: 'Southgate' });
    engine.commit({ rows: [put(two, one)] });
    expect([found(engine, 'rthwi'), found(engine, 'uthga')]).toEqual([[], [id(1)]]);
    engine.commit({ rows: [put(changed(two, { _deleted: true }), two)] });
    expect(found(engine, 'uthga')).toEqual([]);
  });

  it('takes letters for what people type in their place', () => {
    const engine = library([titled(1, 'Straße nach Łódź'), titled(2, 'Østergård'), titled(3, 'Νίκος')]);
    expect(found(engine, 'lodz strasse')).toEqual([id(1)]);
    expect(found(engine, 'straße')).toEqual([id(1)]);
    expect(found(engine, 'stergard')).toEqual([id(2)]);
    expect(found(engine, 'νικοσ')).toEqual([id(3)]);
    expect(excerpt(engine, 'asse na')).toEqual(['Str', 'aße', ' ', 'na', 'ch Łódź']);
    expect(excerpt(engine, 'strass')).toEqual(['', 'Straß', 'e nach Łódź']);
  });
});

describe('a word that is spelt wrong', () => {
  const rows = [
    titled(1, 'Kowalski Foods'),
    titled(2, 'Nina Moreau', 'Knows Kowalsky by name'),
    titled(3, 'Mark Li'),
  ];

  it.each([
    ['kowlaski', [1], 'letters that changed places'],
    ['kovalski', [1], 'a wrong letter'],
    ['kowallskii', [1], 'two letters too many in a long word'],
    ['morau', [2], 'a missing letter'],
    ['nna moreau', [2], 'no: a short word is not guessed'],
    ['nnina morea', [2], 'a letter too many, beside a beginning'],
    ['moru', [], 'two wrong letters in a short word'],
    ['kowasxxi', [], 'three wrong letters'],
  ] as const)('"%s" finds %j: %s', (text, numbers, why) => {
    const expected = why.startsWith('no:') ? [] : numbers.map(id);
    expect(found(library(rows), text)).toEqual(expected);
  });

  it('is not guessed where enough fits as it is, and stands behind what fits', () => {
    const engine = library([titled(1, 'Marta'), titled(2, 'Maria')]);
    expect(found(engine, 'marta')).toEqual([id(1), id(2)]);
    engine.commit({ rows: [titled(3, 'Marta B'), titled(4, 'Marta C')] });
    expect(found(engine, 'marta')).toEqual([id(1), id(4), id(3)]);
  });

  it('shows the word that was meant', () => {
    expect(excerpt(library(rows), 'kovalski food')).toEqual(['', 'Kowalski', ' ', 'Food', 's']);
  });

  it('is no longer taken for a word that only deleted titles had', () => {
    const one = paper(1, { title: 'Kowalski' });
    const two = paper(2, { title: 'Kowalskyi' });
    const engine = library([put(one), put(two)]);
    expect(found(engine, 'kovalskj')).toEqual([id(2), id(1)]);
    engine.commit({ rows: [put(changed(two, { _deleted: true }), two)], search: 'behind' });
    while (engine.behind.due() === 0) engine.behind.step();
    expect(found(engine, 'kovalskj')).toEqual([id(1)]);
    expect(engine.search.terms).toEqual(['kowalski']);
    engine.removeCollection('papers');
    while (engine.behind.due() === 0) engine.behind.step();
    expect(engine.search.terms).toEqual([]);
  });
});

describe('the order of hits', () => {
  it('is the same word, a beginning, a part, a guess; the title before other text, new before old', () => {
    const engine = library([
      titled(1, 'Guess Marina'),
      titled(2, 'Ultramarine paint'),
      titled(3, 'Notes', 'the marines'),
      titled(4, 'Notes', 'a marine'),
      titled(5, 'The marines'),
      titled(6, 'Marines'),
      titled(7, 'A marine'),
      titled(8, 'Another marine'),
      titled(9, 'Marine'),
    ]);
    expect(found(engine, 'marine')).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map(id));
    const few = library([titled(1, 'Marime'), titled(2, 'Ultramarine')]);
    expect(found(few, 'marine')).toEqual([id(2), id(1)]);
  });
});

describe('who may see only some rows', () => {
  it('finds only those, however many others there are: by words, by parts, by guesses', () => {
    const others = Array.from({ length: 900 }, (_, n) => titled(n + 10, 'Kowalski and daughters'));
    const engine = library([
      put(paper(1, { title: 'Kowalski', shelf: 'mine' })),
      ...others,
      put({ ...paper(2000), title: undefined, name: 'Kowalski person' } as never, undefined, 'people'),
    ]);
    const mine = { within: { papers: { shelf: 'mine' } }, collections: ['papers'] };
    for (const text of ['kow', 'walsk', 'kovalski', 'kowalski']) {
      expect(found(engine, text, mine), text).toEqual([id(1)]);
    }
    expect(found(engine, 'kowalski', { ...mine, collections: ['people'] })).toEqual([id(2000)]);
    expect(found(engine, 'kowalski', { within: { papers: { shelf: { $in: [] } } } })).toEqual([id(2000)]);
  });

  it('is refused where columns cannot tell', () => {
    const engine = library([titled(1, 'Kowalski')]);
    expect(() => ask(engine, 'kowalski', { within: { papers: { 'body.abstract': 'x' } } })).toThrow(
      TypeError,
    );
  });
});
