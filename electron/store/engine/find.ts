import type { SearchQuery, StoredDoc } from '../contract.ts';
import { type Asked, askedOf, beginnings, mixtures } from './asked.ts';
import type { Catalog } from './catalog.ts';
import { excerptOf } from './excerpt.ts';
import { Hits, mostWorth } from './hits.ts';
import { FIT, type Guesses, judge, NO_GUESSES } from './judge.ts';
import { type Place, Places } from './places.ts';
import { type Question, Questions } from './questions.ts';
import type { Rows } from './rows.ts';
import { answers, Spread } from './spread.ts';
import type { Statements } from './sqlite.ts';
import type { Near, Terms } from './terms.ts';
import { digitForms } from './words.ts';

/** Documents that are read for one question before as many as were asked for are enough. */
const ENOUGH_READ = 40;
/** … and before it is worth judging whether a wider question leads to what was asked for. */
const FEW_READ = 10;
/** Documents are read for so many times as many rows where the groups of three leave the order open. */
const TIMES_INSIDE = 4;
/** Fewest and most of the newest rows with a beginning that are set against those with a part. */
const FEWEST_BEGINNINGS = 500;
const MOST_BEGINNINGS = 15_000;
/** How many times as many hits as were asked for these should give, so that chance does not leave too few. */
const SPARE = 2;

/** With fewer hits than this, words that are spelt nearly so are looked for too. */
const FEW_HITS = 3;

export interface FoundDoc {
  readonly collection: string;
  /** JSON of the document. */
  readonly text: string;
  readonly excerpt: readonly string[];
}

export interface FinderParts {
  readonly sql: Statements;
  readonly catalog: Catalog;
  readonly rows: Rows;
  readonly terms: Terms;
}

/**
 * Answers queries from the indexes, in three steps that stop as soon as there is enough: words that begin so, parts
 * of words, and words that are spelt nearly so. Whatever an index offers is compared with the document itself. Reading
 * documents is what takes the time: so the questions go from the best hits to the worst, each gives the newest first, and
 * no document is read once nothing better can come.
 */
export class Finder {
  readonly #parts: FinderParts;
  readonly #places: Places;
  readonly #spread: Spread;

  constructor(parts: FinderParts) {
    this.#parts = parts;
    this.#places = new Places(parts.sql, parts.catalog);
    this.#spread = new Spread(parts.sql);
  }

  find(query: SearchQuery): FoundDoc[] {
    const asked = askedOf(query.text);
    if (asked.units.length === 0 || query.limit <= 0) return [];
    const { terms } = this.#parts;
    const searched = this.#places.of(query).map((place): Searched => {
      return { place, questions: new Questions(place, this.#spread, terms), hits: new Hits(query.limit) };
    });
    const size = () => searched.reduce((sum, { hits }) => sum + hits.found.size, 0);
    for (const one of searched) this.#beginnings(one, asked);
    if (size() < query.limit) for (const one of searched) this.#inside(one, asked);
    if (size() < FEW_HITS) this.#guessed(searched, asked);
    const best = searched
      .flatMap(({ hits }) => [...hits.found.values()])
      .sort((a, b) => b.score - a.score || b.doc._meta.lwt - a.doc._meta.lwt || b.row - a.row);
    return best.slice(0, query.limit).map(({ collection, text, doc, guesses }) => ({
      collection: collection.name,
      text,
      excerpt: excerptOf(collection, doc, asked, guesses),
    }));
  }

  /** Whole words of the title first, then words of it that begin so, then the same anywhere. */
  #beginnings({ place, questions, hits }: Searched, asked: Asked): void {
    if (place.few !== undefined) {
      for (const row of place.few) this.#judge(place, row, asked, NO_GUESSES, hits);
      return;
    }
    if (asked.digits !== undefined) {
      const match = digitForms(asked.digits)
        .map((form) => `"${form}"*`)
        .join(' OR ');
      this.#take(place, { match, wider: false }, FIT.textBeginning * asked.units.length, asked, hits);
    }
    if (asked.units.some(({ words }) => words.length === 0)) return;
    const words = asked.units.flatMap((unit) => unit.words);
    const most = mostWorth(asked, questions);
    const steps: [best: number, ask: () => Question[]][] = [
      [most.titleWords, () => questions.titleWords(words)],
      [most.titleBeginnings, () => questions.titleBeginnings(words)],
      [most.words, () => questions.words(words)],
      [most.beginnings, () => questions.beginnings(words)],
    ];
    for (const [best, ask] of steps) {
      if (hits.enough(best)) return;
      for (const question of ask()) {
        const all = this.#take(place, question, best, asked, hits);
        if (all || hits.enough(best)) break;
      }
    }
  }

  /**
   * Reads what a question offers, the newest first, until nothing better can come, or enough was read and found.
   * @returns true when the question has nothing more to offer
   */
  #take(
    place: Place,
    { match, wider }: Question,
    best: number,
    asked: Asked,
    hits: Hits,
    guesses: Guesses = NO_GUESSES,
  ): boolean {
    const { words: table, allowed, params, most } = place;
    const rows = this.#parts.sql.values(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ${allowed(table)} ORDER BY rowid DESC LIMIT ?`,
    );
    const offered = answers(() => rows.iterate(match, ...params, most));
    return this.#read(place, offered, best, asked, hits, guesses, wider) < most;
  }

  /** @returns how many rows were offered until the end; Infinity when there was enough, or too little, before it */
  #read(
    place: Place,
    offered: Iterable<number>,
    best: number,
    asked: Asked,
    hits: Hits,
    guesses: Guesses,
    wider = false,
  ): number {
    let rows = 0;
    let read = 0;
    let fitting = 0;
    for (const row of offered) {
      rows += 1;
      if (hits.found.has(row)) continue;
      const isHit = this.#judge(place, row, asked, guesses, hits);
      read += 1;
      if (isHit) fitting += 1;
      if ((isHit && hits.enough(best)) || (read >= ENOUGH_READ && hits.enough())) return Infinity;
      // One in four fits no more: then the words that do fit are not so many to put together.
      if (wider && read >= FEW_READ && fitting * 4 < read) return Infinity;
    }
    return rows;
  }

  #inside({ place, questions, hits }: Searched, asked: Asked): void {
    const { words, parts, allowed, params, most } = place;
    if (place.few !== undefined) return;
    const best = FIT.titleWord * (asked.units.length - 1) + FIT.titlePart;
    const question = (also: string): string =>
      `SELECT rowid FROM ${parts} WHERE ${parts} MATCH ? ${also} ORDER BY rowid DESC LIMIT ?`;
    const alone = this.#parts.sql.values(question(allowed(parts)));
    const begun = this.#parts.sql.values(
      `SELECT rowid FROM ${words} WHERE ${words} MATCH ? ORDER BY rowid DESC LIMIT ?`,
    );
    const begunAllowed = this.#parts.sql.values(
      `SELECT rowid FROM ${words} WHERE ${words} MATCH ? ${allowed(words)} ORDER BY rowid DESC LIMIT ?`,
    );
    // The sign before rowid has SQLite look into the list for each row that has the part, and not the other way round.
    const both = this.#parts.sql.values(
      question(`AND rowid >= ? AND +rowid IN (SELECT value FROM json_each(?)) ${allowed(parts)}`),
    );
    const read = (offered: Iterable<number>) => this.#read(place, offered, best, asked, hits, NO_GUESSES);
    for (const mixture of mixtures(asked)) {
      if (hits.enough()) return;
      const groups = questions.groups(mixture.groups);
      if (mixture.words.length === 0) {
        read(answers(() => alone.iterate(groups, ...params, TIMES_INSIDE * most)));
        continue;
      }
      const about = questions.aboutGroups(mixture.groups) * place.share;
      // Where the part alone leaves only a few, the documents say whether the beginnings are there.
      const few = about < 2 * most ? [...answers(() => alone.all(groups, ...params, most))] : undefined;
      const begin = beginnings(mixture.words);
      if (few !== undefined && few.length < most) {
        const begins = few.length < ENOUGH_READ ? [] : [...answers(() => begun.all(begin, MOST_BEGINNINGS))];
        const isKnown = few.length >= ENOUGH_READ && begins.length < MOST_BEGINNINGS;
        const known = new Set(begins);
        read(isKnown ? few.filter((row) => known.has(row)) : few);
        continue;
      }
      const all = place.collection.nextRow - place.collection.base;
      const wanted = Math.ceil((SPARE * hits.limit * all) / about);
      for (const newest of [Math.max(FEWEST_BEGINNINGS, wanted), MOST_BEGINNINGS]) {
        const upTo = Math.min(newest, MOST_BEGINNINGS);
        const rows = [...answers(() => begun.all(begin, upTo))];
        // The same for beginnings that are only in a few.
        if (rows.length < most) {
          read(answers(() => begunAllowed.iterate(begin, ...params, most)));
          break;
        }
        const oldest = rows.length < upTo ? 0 : rows.at(-1);
        const list = JSON.stringify(rows);
        read(answers(() => both.iterate(groups, oldest, list, ...params, TIMES_INSIDE * most)));
        if (hits.enough() || rows.length < upTo || upTo === MOST_BEGINNINGS) break;
      }
    }
  }

  /** The other units still have to be there as beginnings: one word is spelt wrong more often than two. */
  #guessed(searched: readonly Searched[], asked: Asked): void {
    const guesses = new Map<Asked['units'][number], Near[]>();
    for (const unit of asked.units) {
      const near = unit.guess === undefined ? [] : this.#parts.terms.near(unit.guess);
      if (near.length > 0) guesses.set(unit, near);
    }
    if (guesses.size === 0) return;
    for (const { place, questions, hits } of searched) {
      if (place.few !== undefined) {
        for (const row of place.few) this.#judge(place, row, asked, guesses, hits);
        continue;
      }
      const units = asked.units.map((unit) => {
        return { words: unit.words, meant: guesses.get(unit)?.map(({ term }) => term) ?? [] };
      });
      for (const question of questions.nearly(units)) {
        const best = FIT.titleWord * (asked.units.length - 1) + FIT.near;
        if (this.#take(place, question, best, asked, hits, guesses) || hits.enough()) break;
      }
    }
  }

  /** @returns whether it is a hit */
  #judge({ collection }: Place, row: number, asked: Asked, guesses: Guesses, { found }: Hits): boolean {
    if (found.has(row)) return false;
    const text = this.#parts.rows.text(collection, row);
    if (text === undefined) return false;
    const doc = JSON.parse(text) as StoredDoc;
    if (doc._deleted) return false;
    const score = judge(collection, doc, asked, guesses);
    if (score === undefined) return false;
    found.set(row, { collection, row, text, doc, score, guesses });
    return true;
  }
}

/** One place of a search, and what it gave so far. */
interface Searched {
  readonly place: Place;
  readonly questions: Questions;
  readonly hits: Hits;
}
