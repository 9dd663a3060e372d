import { beginnings } from './asked.ts';
import type { Place } from './places.ts';
import type { Spread } from './spread.ts';
import { isTerm, type Terms } from './terms.ts';

/** Most words of titles that are asked for in the place of their common beginning. */
const MOST_TERMS = 12;
/** Beginnings of up to so many characters have an index of their own. */
const INDEXED = 3;
/** From so many rows on it takes milliseconds to put together the words that begin so. */
const DENSE_ROWS = 15_000;
/** Groups of three that are asked for together: the rarest ones rule out nearly all that the others would. */
const FEWEST_GROUPS = 2;
const MOST_GROUPS = 4;

/** A question to an index. */
export interface Question {
  readonly match: string;
  /** True where rows may come that do not fit: what they are, their documents tell. */
  readonly wider: boolean;
}

/** How a word can be in titles: as it is, as a beginning, or not at all. */
export type InTitles = 'word' | 'beginning' | 'none';

/** The words of a unit, and what may have been meant by them. */
export interface Nearly {
  readonly words: readonly string[];
  readonly meant: readonly string[];
}

const exactly = (match: string): Question => ({ match, wider: false });

/**
 * The questions that a query puts to an index, so that the index answers them without reading more than it has to.
 * It gives the newest rows of a word, or of a beginning of up to three characters, one by one. For a longer beginning it
 * first puts the rows of all its words together; and for a word in titles only, it walks over all rows that have it
 * elsewhere. So a common longer beginning is asked for by its first three characters, and titles by words that they have.
 */
export class Questions {
  readonly #place: Place;
  readonly #spread: Spread;
  readonly #terms: Terms;

  constructor(place: Place, spread: Spread, terms: Terms) {
    this.#place = place;
    this.#spread = spread;
    this.#terms = terms;
  }

  /** Words that are no terms (see isTerm) may be in titles without being known. */
  inTitles(word: string): InTitles {
    if (!isTerm(word) || this.#terms.has(word)) return 'word';
    return this.#terms.beginning(word, 1).length > 0 ? 'beginning' : 'none';
  }

  /** Rows that have all these words. */
  words(words: readonly string[]): Question[] {
    return [exactly(words.map(quoted).join(' '))];
  }

  /** Rows in which all these words begin words; where the first question gives enough, it does. */
  beginnings(words: readonly string[]): Question[] {
    return this.#inTurn(words, (wordOf) => beginnings(words.map(wordOf)));
  }

  /** Rows that have all these words in the title. */
  titleWords(words: readonly string[]): Question[] {
    if (words.some((word) => this.inTitles(word) !== 'word')) return [];
    return [exactly(inTitle(words.map(quoted)))];
  }

  /**
   * Rows in whose title all these words begin words. A beginning that no term has, but many other texts, is not asked
   * for: all of them would be walked over for a title like "Exa7" that may be there.
   */
  titleBeginnings(words: readonly string[]): Question[] {
    const terms = new Map(words.map((word) => [word, this.#terms.beginning(word, MOST_TERMS + 1)]));
    if (words.some((word) => terms.get(word)?.length === 0 && this.#isDense(word))) return [];
    // What titleWords() asks for.
    if (words.every((word) => terms.get(word)?.length === 1 && terms.get(word)?.[0] === word)) return [];
    return this.#inTurn(words, (wordOf) =>
      inTitle(
        words.map((word) => {
          const known = terms.get(word) ?? [];
          if (known.length === 0 || known.length > MOST_TERMS) return `${quoted(wordOf(word))}*`;
          return `(${known.map(quoted).join(' OR ')})`;
        }),
      ),
    );
  }

  /** Rows that have of each unit its words, as beginnings, or one of the words that were meant in the title. */
  nearly(units: readonly Nearly[]): Question[] {
    if (units.some(({ words, meant }) => words.length + meant.length === 0)) return [];
    const all = units.flatMap(({ words }) => words);
    return this.#inTurn(all, (wordOf) =>
      units
        .map(({ words, meant }) => {
          const either = words.length > 0 ? [`(${beginnings(words.map(wordOf))})`] : [];
          if (meant.length > 0) either.push(`({title} : (${meant.map(quoted).join(' OR ')}))`);
          return `(${either.join(' OR ')})`;
        })
        .join(' AND '),
    );
  }

  /**
   * Rows that have all these groups of three, the rarest first: it leads, and the others are only looked up. Groups that
   * share characters are mostly in the same rows, so others are taken before them.
   */
  groups(groups: readonly string[]): string {
    const byRarity = groups
      .map((group, at) => ({ group, at, about: this.#aboutGroup(group) }))
      .sort((a, b) => a.about - b.about);
    const apart: typeof byRarity = [];
    for (const one of byRarity) {
      if (apart.every(({ at }) => Math.abs(at - one.at) >= INDEXED)) apart.push(one);
    }
    return [...new Set([...apart, ...byRarity])]
      .slice(0, Math.max(FEWEST_GROUPS, Math.min(apart.length, MOST_GROUPS)))
      .sort((a, b) => a.about - b.about)
      .map(({ group }) => group)
      .join(' AND ');
  }

  /** About how many rows have the rarest of these groups. */
  aboutGroups(groups: readonly string[]): number {
    return Math.min(...groups.map((group) => this.#aboutGroup(group)));
  }

  #aboutGroup(group: string): number {
    const { collection, parts } = this.#place;
    return this.#spread.rowsOf(collection, parts, group);
  }

  /**
   * The question with all common long beginnings cut, with the most common one cut, and as it is: beside a rare word
   * even the rows of a common one need not be put together.
   */
  #inTurn(words: readonly string[], made: (wordOf: (word: string) => string) => string): Question[] {
    const common = words
      .filter((word) => this.#isCut(word))
      .map((word) => ({ word, about: this.#about(word) }))
      .sort((a, b) => b.about - a.about)
      .map(({ word }) => word);
    const exact = made((word) => word);
    const matches = new Set(
      [common, common.slice(0, 1)].map((cut) => made((word) => (cut.includes(word) ? shortOf(word) : word))),
    );
    matches.delete(exact);
    return [...[...matches].map((match) => ({ match, wider: true })), exactly(exact)];
  }

  #isCut(word: string): boolean {
    return shortOf(word) !== word && this.#isDense(word);
  }

  #isDense(word: string): boolean {
    return this.#about(word) > DENSE_ROWS;
  }

  /** About how many rows have a word that begins with the first characters of this one. */
  #about(word: string): number {
    const { collection, words } = this.#place;
    if (collection.nextRow - collection.base <= DENSE_ROWS) return 0;
    return this.#spread.rowsOf(collection, words, `${quoted(shortOf(word))}*`);
  }
}

/** A beginning for which the index has the rows at hand. */
const shortOf = (word: string): string => [...word].slice(0, INDEXED).join('');
const quoted = (word: string): string => `"${word}"`;
const inTitle = (forms: readonly string[]): string => `{title} : (${forms.join(' AND ')})`;
