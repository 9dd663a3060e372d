import { beginnings } from './asked.ts';
import type { Place } from './places.ts';
import type { Spread } from './spread.ts';
import { isTerm, type Terms } from './terms.ts';

/** Most words of titles that are asked for in the place of their common beginning. */
const MOST_TERMS = 12;
/** Beginnings of up to so many characters have an index of their own. */
const INDEXED = 3;
/** Groups of three that are asked for together: the rarest ones rule out nearly all that the others would. */
const MOST_GROUPS = 4;

/** A question to an index, and how far down it may look. */
export interface Question {
  readonly match: string;
  /** No row below this one is looked at. */
  readonly floor: number;
  /** True where rows may come that do not fit: what they are, their documents tell. */
  readonly wider: boolean;
}

/** The words of a unit, and what may have been meant by them. */
export interface Nearly {
  readonly words: readonly string[];
  readonly meant: readonly string[];
}

const whole = (match: string, floor = 0): Question => ({ match, floor, wider: false });

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

  /** Rows that have all these words. */
  words(words: readonly string[]): Question[] {
    return [whole(words.map(quoted).join(' '))];
  }

  /** Rows in which all these words begin words; the first question may do. */
  beginnings(words: readonly string[]): Question[] {
    const cut = words.map((word) => this.#cut(word));
    const exact = whole(beginnings(words));
    if (cut.every((word, i) => word === words[i])) return [exact];
    return [{ match: beginnings(cut), floor: 0, wider: true }, exact];
  }

  /** Rows that have all these words in the title. */
  titleWords(words: readonly string[]): Question[] {
    const unknown = words.filter((word) => !this.#terms.has(word));
    if (unknown.some(isTerm)) return [];
    return [whole(inTitle(words.map(quoted)), this.#floor(unknown.map(quoted)))];
  }

  /** Rows in whose title all these words begin words. */
  titleBeginnings(words: readonly string[]): Question[] {
    const terms = words.map((word) => this.#terms.beginning(word, MOST_TERMS + 1));
    const unknown = words.filter((_, i) => terms[i]?.length === 0);
    const floor = this.#floor(unknown.map((word) => `${quoted(this.#cut(word))}*`));
    const forms = (wordOf: (word: string) => string) =>
      inTitle(
        words.map((word, i) => {
          const known = terms[i] ?? [];
          if (known.length === 0 || known.length > MOST_TERMS) return `${quoted(wordOf(word))}*`;
          return `(${known.map(quoted).join(' OR ')})`;
        }),
      );
    const exact = forms((word) => word);
    const cut = forms((word) => this.#cut(word));
    if (cut === exact) return [whole(exact, floor)];
    const first = { match: cut, floor, wider: true };
    // Words that no title is known to have are not worth more.
    return unknown.length > 0 ? [first] : [first, whole(exact)];
  }

  /** Rows that have of each unit its words, as beginnings, or one of the words that were meant in the title. */
  nearly(units: readonly Nearly[]): Question[] {
    if (units.some(({ words, meant }) => words.length + meant.length === 0)) return [];
    const forms = (wordOf: (word: string) => string) =>
      units
        .map(({ words, meant }) => {
          const either = words.length > 0 ? [`(${beginnings(words.map(wordOf))})`] : [];
          if (meant.length > 0) either.push(`({title} : (${meant.map(quoted).join(' OR ')}))`);
          return `(${either.join(' OR ')})`;
        })
        .join(' AND ');
    const exact = forms((word) => word);
    const cut = forms((word) => this.#cut(word));
    return cut === exact ? [whole(exact)] : [{ match: cut, floor: 0, wider: true }, whole(exact)];
  }

  /** Rows that have all these groups of three, the rarest first: it leads, and the others are only looked up. */
  groups(groups: readonly string[]): string {
    const { collection, parts } = this.#place;
    const byRarity = groups
      .map((group) => ({ group, about: this.#spread.rowsOf(collection, parts, group) }))
      .sort((a, b) => a.about - b.about);
    return byRarity
      .slice(0, MOST_GROUPS)
      .map(({ group }) => group)
      .join(' AND ');
  }

  /** A beginning for which the index has the rows at hand. */
  #cut(word: string): string {
    const short = [...word].slice(0, INDEXED).join('');
    if (short === word) return word;
    return this.#isDense(`${quoted(short)}*`) ? short : word;
  }

  /** Where words that no title is known to have are common elsewhere, titles are looked through only so far. */
  #floor(unknown: readonly string[]): number {
    const { collection, words } = this.#place;
    const least = Math.min(
      ...unknown
        .filter((one) => this.#isDense(one))
        .map((one) => this.#spread.rowsOf(collection, words, one)),
    );
    return Number.isFinite(least) ? this.#spread.floor(collection, least) : 0;
  }

  #isDense(question: string): boolean {
    return this.#spread.isDense(this.#place.collection, this.#place.words, question);
  }
}

const quoted = (word: string): string => `"${word}"`;
const inTitle = (forms: readonly string[]): string => `{title} : (${forms.join(' AND ')})`;
