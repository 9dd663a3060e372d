import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Engine } from '../../../electron/store/engine/engine.ts';
import { engineWith, id, paper, put } from './helpers.ts';

/** The rules of search written down a second time, as plainly as can be: every value is looked at, nothing is indexed. */

interface Paper {
  readonly title: string;
  readonly abstract: string;
  readonly mails: readonly string[];
  readonly numbers: readonly string[];
}

const special = new Map(Object.entries({ ß: 'ss', ł: 'l', ø: 'o', ς: 'σ' }));
const fold = (text: string): string =>
  [...text]
    .map((sign) => sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase())
    .map((sign) => special.get(sign) ?? sign)
    .join('');
const wordsIn = (text: string) =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
const long = (text: string) => [...text].length >= 3;

const isNumber = (text: string) => /^[\d\s()+\-./]{5,40}$/.test(text);
const digitsIn = (text: string) => (isNumber(text) ? text.replace(/\D/g, '') : '');
const forms = (text: string) => {
  const digits = digitsIn(text).replace(/^0+/, '');
  return [0, 1, 2, 3].map((from) => digits.slice(from)).filter((part) => part.length >= 5);
};

function fits(doc: Paper, query: string): boolean {
  const whole = fold(query).trim();
  const asNumber = forms(query.trim());
  const values = [doc.title, ...doc.mails, ...doc.numbers];
  const texts = [doc.title, doc.abstract, ...doc.mails, ...doc.numbers];
  const numbers = [doc.abstract, ...doc.mails, ...doc.numbers].flatMap(forms);
  const words = [...texts.flatMap(wordsIn), ...numbers];
  const parts = [...values.map(fold), ...[...doc.mails, ...doc.numbers].map(digitsIn)];
  const inside = (part: string) => long(part) && parts.some((value) => value.includes(part));
  const begins = (unit: string) =>
    wordsIn(unit).length > 0 && wordsIn(unit).every((word) => words.some((known) => known.startsWith(word)));
  const units = whole
    .split(/\s+/)
    .filter((unit) => wordsIn(unit).length > 0 || (asNumber.length === 0 && long(unit)));
  if (units.length === 0) return false;
  if (/\s/.test(whole) && inside(whole)) return true;
  if (numbers.some((known) => asNumber.some((form) => known.startsWith(form)))) return true;
  if (asNumber[0] !== undefined && inside(asNumber[0])) return true;
  return units.every((unit) => begins(unit) || (asNumber.length === 0 && inside(unit)));
}

/** Letters that are wrong, missing, too many or have changed places, the slow way. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const costs = [
    distance(a.slice(1), b) + 1,
    distance(a, b.slice(1)) + 1,
    distance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    costs.push(distance(a.slice(2), b.slice(2)) + 1);
  return Math.min(...costs);
}

/** Whether every word that does not fit may be a misspelt one of the title. */
function nearlyFits(doc: Paper, query: string): boolean {
  return fold(query)
    .trim()
    .split(/\s+/)
    .every((unit) => {
      if (fits(doc, unit) || !/[\p{L}\p{N}]/u.test(unit)) return true;
      const most = unit.length < 4 ? 0 : unit.length < 8 ? 1 : 2;
      return wordsIn(doc.title).some((word) =>
        Array.from({ length: word.length + 1 }, (_, length) => word.slice(0, length)).some(
          (beginning) => distance(unit, beginning) <= most,
        ),
      );
    });
}

// Few letters, so that texts share parts; signs that fold, signs of the query language, and one beyond 16 bits.
const sign = fc.constantFrom(
  ...'aaabbceéÉßłøσςΣ',
  '𝒜',
  '日',
  'ب',
  '1',
  '5',
  '0',
  '@',
  '.',
  '-',
  "'",
  '"',
  '*',
  ':',
);
const word = fc.string({ unit: sign, minLength: 1, maxLength: 7 });
const text = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
const number = fc
  .array(fc.constantFrom('0', '1', '5', '55', ' ', '-', '(0)', '+4'), { minLength: 3, maxLength: 8 })
  .map((parts) => parts.join(''));
const doc: fc.Arbitrary<Paper> = fc.record({
  title: text,
  abstract: text,
  mails: fc.array(word, { maxLength: 1 }),
  numbers: fc.array(number, { maxLength: 1 }),
});

/** Queries that have something to do with the documents: what stands in them, cut and mixed. */
const query = (docs: readonly Paper[]): fc.Arbitrary<string> => {
  const values = docs
    .flatMap((one) => [one.title, one.abstract, ...one.mails, ...one.numbers])
    .filter(Boolean);
  const cut = fc
    .tuple(
      fc.constantFrom(...(values.length > 0 ? values : ['a'])),
      fc.nat(8),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([value, from, length]) =>
      [...value]
        .slice(from % value.length)
        .slice(0, length)
        .join(''),
    );
  const part = fc.oneof(
    { weight: 5, arbitrary: cut },
    { weight: 1, arbitrary: word },
    { weight: 1, arbitrary: number },
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
};

const library = fc
  .array(doc, { minLength: 1, maxLength: 12 })
  .chain((docs) =>
    fc.record({ docs: fc.constant(docs), queries: fc.array(query(docs), { minLength: 1, maxLength: 8 }) }),
  );

function written(n: number, { title, abstract, mails, numbers }: Paper) {
  const body = { abstract, mails: mails.map((address) => ({ address })), numbers };
  return paper(n, { title, body });
}

function found(engine: Engine, text: string): string[] {
  return engine.find({ text, limit: 500 }).hits.map((hit) => (JSON.parse(hit.text) as { id: string }).id);
}

const RUNS = 40;

it('finds what a look at every value finds, and nothing else, while documents come, change and go', () => {
  const engine = engineWith();
  let next = 1;
  try {
    fc.assert(
      fc.property(library, fc.boolean(), ({ docs, queries }, behind) => {
        const first = next;
        next += docs.length;
        const rows = docs.map((one, n) => ({ ...written(first + n, one), _rev: '1-a' }));
        const older = rows.map((row, n) => ({ ...row, title: `${docs[n]?.title} aba baab` }));
        engine.commit({ rows: older.map((row) => put(row)), search: behind ? 'behind' : 'now' });
        const newer = rows.map((row) => ({ ...row, _rev: '2-a' }));
        engine.commit({ rows: newer.map((row, n) => put(row, older[n])), search: behind ? 'behind' : 'now' });
        while (engine.behind.due() === 0) engine.behind.step();
        try {
          for (const text of queries) {
            const expected = docs.flatMap((one, n) => (fits(one, text) ? [id(first + n)] : []));
            const actual = found(engine, text);
            const missed = expected.filter((one) => !actual.includes(one));
            const wrong = actual.filter((one) => {
              if (expected.includes(one)) return false;
              const which = docs[Number.parseInt(one.slice(-12), 16) - first];
              return which === undefined || expected.length > 2 || !nearlyFits(which, text);
            });
            expect({ text, missed, wrong }).toEqual({ text, missed: [], wrong: [] });
          }
        } finally {
          const gone = newer.map((row) => ({ ...row, _rev: '3-a', _deleted: true }));
          engine.commit({ rows: gone.map((row, n) => put(row, newer[n])) });
        }
      }),
      { numRuns: RUNS },
    );
  } finally {
    engine.close();
  }
});

it('marks in each hit text that folds to what was asked for, and shows the text as it is written', () => {
  const engine = engineWith();
  let next = 1;
  try {
    fc.assert(
      fc.property(library, ({ docs, queries }) => {
        const first = next;
        next += docs.length;
        const rows = docs.map((one, n) => written(first + n, one));
        engine.commit({ rows: rows.map((row) => put(row)) });
        try {
          for (const text of queries) {
            for (const hit of engine.find({ text, limit: 500 }).hits) {
              const which =
                docs[Number.parseInt((JSON.parse(hit.text) as { id: string }).id.slice(-12), 16) - first];
              if (!which) throw new Error('a hit of another library');
              const texts = [which.title, which.abstract, ...which.mails, ...which.numbers];
              expect(texts).toContain(hit.excerpt.join(''));
              if (!fits(which, text)) continue;
              expect(hit.excerpt.length, `${text} in ${JSON.stringify(hit.excerpt)}`).toBeGreaterThan(1);
            }
          }
        } finally {
          engine.commit({ rows: rows.map((row) => put({ ...row, _rev: '2-a', _deleted: true }, row)) });
        }
      }),
      { numRuns: RUNS },
    );
  } finally {
    engine.close();
  }
});
