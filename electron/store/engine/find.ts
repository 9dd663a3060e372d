import type { SearchQuery, StoredDoc } from '../contract.ts';
import { type Asked, askedOf, beginnings, mixtures } from './asked.ts';
import type { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { excerptOf } from './excerpt.ts';
import { type Guesses, judge, NO_GUESSES } from './judge.ts';
import { compile } from './mango.ts';
import type { Rows } from './rows.ts';
import type { SqlValue, Statements } from './sqlite.ts';
import type { Near, Terms } from './terms.ts';
import { digitForms } from './words.ts';

/** Documents that are read and judged for one answer: ranking every hit of a short prefix would take too long. */
const MOST_CANDIDATES = 300;
/** … and of one collection, however many there are. */
const FEWEST_CANDIDATES = 60;
/** The newest rows with a beginning that are set against those with a part. */
const MOST_BEGINNINGS = 15_000;
/** Candidates that have the groups of three in some order are read in pages, until enough of them fit. */
const PAGES_INSIDE = 4;
/** With fewer hits than this, words that are spelt nearly so are looked for too. */
const FEW_HITS = 3;

export interface FoundDoc {
  readonly collection: string;
  /** JSON of the document. */
  readonly text: string;
  readonly excerpt: readonly string[];
}

interface Hit {
  readonly collection: Collection;
  readonly row: number;
  readonly text: string;
  readonly doc: StoredDoc;
  readonly score: number;
  readonly guesses: Guesses;
}

interface Place {
  readonly collection: Collection;
  readonly words: string;
  readonly parts: string;
  /** Holds for the rows that the asker may see, in a question to the table of words or of parts. */
  readonly allowed: (table: string) => string;
  readonly params: readonly SqlValue[];
  readonly most: number;
}

export interface FinderParts {
  readonly sql: Statements;
  readonly catalog: Catalog;
  readonly rows: Rows;
  readonly terms: Terms;
}

/**
 * Answers queries from the indexes, in three steps that stop as soon as there is enough: words that begin so, parts
 * of words, and words that are spelt nearly so. Whatever an index offers is compared with the document itself.
 */
export class Finder {
  readonly #parts: FinderParts;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  find(query: SearchQuery): FoundDoc[] {
    const asked = askedOf(query.text);
    if (asked.units.length === 0 || query.limit <= 0) return [];
    const places = this.#places(query);
    const hits = new Map<number, Hit>();
    for (const place of places) this.#beginnings(place, asked, hits);
    if (hits.size < query.limit) {
      for (const place of places) this.#inside(place, asked, hits, query.limit);
    }
    if (hits.size < FEW_HITS) this.#guessed(places, asked, hits);
    const best = [...hits.values()].sort(
      (a, b) => b.score - a.score || b.doc._meta.lwt - a.doc._meta.lwt || b.row - a.row,
    );
    return best.slice(0, query.limit).map(({ collection, text, doc, guesses }) => ({
      collection: collection.name,
      text,
      excerpt: excerptOf(collection, doc, asked, guesses),
    }));
  }

  #places({ collections, within }: SearchQuery): Place[] {
    const { catalog } = this.#parts;
    const wanted = [...catalog.all()].filter(
      ({ name, words }) => words !== undefined && (collections === undefined || collections.includes(name)),
    );
    const filled = wanted.filter((collection) => catalog.live(collection) > 0);
    const most = Math.max(FEWEST_CANDIDATES, Math.ceil(MOST_CANDIDATES / filled.length));
    return filled.map((collection) => {
      const { number } = collection;
      const selector = within?.[collection.name];
      const condition = selector === undefined ? undefined : compile(collection, selector);
      // Who may see what must never hang on what the columns cannot tell.
      if (condition && !condition.exact)
        throw new TypeError(`${collection.name}: columns cannot tell who reads`);
      return {
        collection,
        words: `words_${number}`,
        parts: `parts_${number}`,
        allowed: (table) =>
          condition
            ? `AND EXISTS (SELECT 1 FROM ${collection.rows} r WHERE r.row = ${table}.rowid AND (${condition.sql}))`
            : '',
        params: condition?.params ?? [],
        most,
      };
    });
  }

  /**
   * Beginnings anywhere are asked for first: when those are few, they are all there is. Only a common word needs more
   * questions, for rows that have it in the title and as a whole word. The newest rows come first.
   */
  #beginnings(place: Place, asked: Asked, hits: Map<number, Hit>): void {
    const { words: table, allowed, params, most } = place;
    const match = this.#parts.sql.values(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ${allowed(table)} ORDER BY rowid DESC LIMIT ?`,
    );
    const add = (question: string): boolean => {
      const found = answers(() => match.all(question, ...params, most) as number[]);
      for (const row of found) this.#judge(place.collection, row, asked, NO_GUESSES, hits);
      return found.length === most;
    };
    if (asked.digits !== undefined) {
      add(
        digitForms(asked.digits)
          .map((form) => `"${form}"*`)
          .join(' OR '),
      );
    }
    if (asked.units.some(({ words }) => words.length === 0)) return;
    const words = asked.units.flatMap((unit) => unit.words);
    const begins = beginnings(words);
    const whole = words.map((word) => `"${word}"`).join(' ');
    if (add(begins) && add(`{title} : (${begins})`)) add(`{title} : (${whole})`);
  }

  #inside(place: Place, asked: Asked, hits: Map<number, Hit>, limit: number): void {
    const { words, parts, allowed, params, most } = place;
    const before = hits.size;
    for (const mixture of mixtures(asked)) {
      const groups = mixture.groups.join(' AND ');
      const question = (also: string): string =>
        `SELECT rowid FROM ${parts} WHERE ${parts} MATCH ? AND rowid < ? ${also} ${allowed(parts)} ORDER BY rowid DESC LIMIT ?`;
      const ask = (from: number): number[] =>
        answers(() => match.all(groups, from, ...begin, ...params, most) as number[]);
      let match = this.#parts.sql.values(question(''));
      let begin: string[] = [];
      // Where the part alone leaves only a few, the documents say whether the beginnings are there.
      if (mixture.words.length > 0 && ask(Number.MAX_SAFE_INTEGER).length === most) {
        // The sign before rowid has SQLite read the words once, and not anew for each row.
        match = this.#parts.sql.values(
          question(
            `AND +rowid IN (SELECT rowid FROM ${words} WHERE ${words} MATCH ? ORDER BY rowid DESC LIMIT ${MOST_BEGINNINGS})`,
          ),
        );
        begin = [beginnings(mixture.words)];
      }
      let last = Number.MAX_SAFE_INTEGER;
      for (let page = 0; page < PAGES_INSIDE && hits.size - before < limit; page += 1) {
        const found = ask(last);
        for (const row of found) this.#judge(place.collection, row, asked, NO_GUESSES, hits);
        last = found.at(-1) ?? last;
        if (found.length < most) break;
      }
    }
  }

  /** The other units still have to be there as beginnings: one word is spelt wrong more often than two. */
  #guessed(places: readonly Place[], asked: Asked, hits: Map<number, Hit>): void {
    const guesses = new Map<Asked['units'][number], Near[]>();
    for (const unit of asked.units) {
      const near = unit.guess === undefined ? [] : this.#parts.terms.near(unit.guess);
      if (near.length > 0) guesses.set(unit, near);
    }
    if (guesses.size === 0) return;
    const questions = asked.units.map((unit) => {
      const meant = guesses.get(unit)?.map(({ term }) => `"${term}"`) ?? [];
      const forms = meant.length > 0 ? [`({title} : (${meant.join(' OR ')}))`] : [];
      if (unit.words.length > 0) forms.unshift(`(${beginnings(unit.words)})`);
      return forms.length === 0 ? undefined : `(${forms.join(' OR ')})`;
    });
    if (questions.includes(undefined)) return;
    for (const { collection, words, allowed, params, most } of places) {
      const match = this.#parts.sql.values(
        `SELECT rowid FROM ${words} WHERE ${words} MATCH ? ${allowed(words)} ORDER BY rowid DESC LIMIT ?`,
      );
      const found = answers(() => match.all(questions.join(' AND '), ...params, most) as number[]);
      for (const row of found) this.#judge(collection, row, asked, guesses, hits);
    }
  }

  #judge(collection: Collection, row: number, asked: Asked, guesses: Guesses, hits: Map<number, Hit>): void {
    if (hits.has(row)) return;
    const text = this.#parts.rows.text(collection, row);
    if (text === undefined) return;
    const doc = JSON.parse(text) as StoredDoc;
    if (doc._deleted) return;
    const score = judge(collection, doc, asked, guesses);
    if (score !== undefined) hits.set(row, { collection, row, text, doc, score, guesses });
  }
}

/** A sign of a script that the index does not know splits a word in two; such a pair cannot be asked for. */
function answers(ask: () => number[]): number[] {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && error.message.includes('fts5: phrase queries')) return [];
    throw error;
  }
}
