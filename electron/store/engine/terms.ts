import type { Statements } from './sqlite.ts';
import { onlyWords } from './words.ts';

/** Most words of titles that are compared with a mistyped one; so many take about 10 MB and 10 to 20 ms. */
const MOST_TERMS = 100_000;
/** Words that are asked for in the place of a mistyped one. */
const MOST_NEAR = 12;
const TERM = /^\p{L}{3,30}$/u;

/** A word of titles that a mistyped one may have meant; distance in letters that are wrong, missing or too many. */
export interface Near {
  readonly term: string;
  readonly distance: number;
}

/** How many letters may be wrong in a word of this length. */
export function tolerance(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}

/** The words of all titles, for queries that nothing fits. One that no title has any more goes with its last title. */
export class Terms {
  readonly #sql: Statements;
  /** With the letters that are in each, see lettersOf(). */
  #known: Map<string, number> | undefined;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** After a rollback. */
  reload(): void {
    this.#known = undefined;
  }

  /** Words of a title that was written. */
  add(title: string): void {
    for (const term of termsOf(title)) {
      if (this.#known?.has(term)) continue;
      this.#sql.run('INSERT OR IGNORE INTO terms (term, leaving) VALUES (?, 0)', term);
      this.#known?.set(term, lettersOf(term));
    }
  }

  /** Words of a title that is no more: those that no other has must go. */
  leave(title: string): void {
    for (const term of termsOf(title)) this.#sql.run('UPDATE terms SET leaving = 1 WHERE term = ?', term);
  }

  /** True for a word that a title has, or had until a moment ago. */
  has(word: string): boolean {
    if (this.#known?.has(word)) return true;
    return this.#sql.values('SELECT 1 FROM terms WHERE term = ?').get(word) !== undefined;
  }

  /** Some words of titles that begin so, in no order of worth; words that are no terms (see isTerm) are not known. */
  beginning(word: string, most: number): string[] {
    return this.#sql
      .values('SELECT term FROM terms WHERE term >= ? AND term < ? LIMIT ?')
      .all(word, `${word}\u{10ffff}`, most) as string[];
  }

  list(): string[] {
    return this.#sql.values('SELECT term FROM terms').all() as string[];
  }

  leaveAll(): void {
    this.#sql.run('UPDATE terms SET leaving = 1');
  }

  get someLeave(): boolean {
    return this.#sql.values('SELECT 1 FROM terms WHERE leaving = 1 LIMIT 1').get() !== undefined;
  }

  /** Takes away some of those that no title has. */
  sweep(most: number, isUsed: (term: string) => boolean): void {
    const leaving = this.#sql
      .values('SELECT term FROM terms WHERE leaving = 1 LIMIT ?')
      .all(most) as string[];
    for (const term of leaving) {
      if (isUsed(term)) {
        this.#sql.run('UPDATE terms SET leaving = 0 WHERE term = ?', term);
        continue;
      }
      this.#sql.run('DELETE FROM terms WHERE term = ?', term);
      this.#known?.delete(term);
    }
  }

  /** The nearest words, or words that begin nearly so, the nearest first. */
  near(word: string): Near[] {
    const most = tolerance(word);
    if (most === 0) return [];
    const found: (Near & { readonly longer: number })[] = [];
    const letters = lettersOf(word);
    for (const [term, has] of this.#all()) {
      // Each letter that the term does not have at all is one mistake: that rules out most without a closer look.
      if (term.length < word.length - most || countBits(letters & ~has) > most) continue;
      const distance = distanceToBeginning(word, term, most);
      if (distance > 0 && distance <= most) {
        found.push({ term, distance, longer: Math.abs(term.length - word.length) });
      }
    }
    found.sort((a, b) => a.distance - b.distance || a.longer - b.longer || (a.term < b.term ? -1 : 1));
    return found.slice(0, MOST_NEAR).map(({ term, distance }) => ({ term, distance }));
  }

  #all(): Map<string, number> {
    if (this.#known === undefined) {
      const terms = this.#sql.values('SELECT term FROM terms LIMIT ?').all(MOST_TERMS) as string[];
      this.#known = new Map(terms.map((term) => [term, lettersOf(term)]));
    }
    return this.#known;
  }
}

/** Which letters a word has, one bit for every 32nd: two that share a bit are told apart later. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i += 1) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** Whether a word of a title is kept as one: of letters only, neither very short nor very long. */
export function isTerm(word: string): boolean {
  return TERM.test(word);
}

export function termsOf(title: string): string[] {
  return [...new Set(onlyWords(title))].filter((word) => TERM.test(word));
}

/**
 * How many letters of `word` are wrong, missing, too many or changed places with their neighbour, against the whole of
 * `term` or, from five letters on, against the beginning of it that fits best (optimal string alignment).
 * @returns more than `most` for everything beyond
 */
export function distanceToBeginning(word: string, term: string, most: number): number {
  const width = Math.min(term.length, word.length + most, LONGEST);
  const wholeOnly = word.length < FEWEST_OF_BEGINNING;
  if (wholeOnly && term.length > width) return most + 1;
  let [older, old, row] = rows;
  for (let j = 0; j <= width; j += 1) old[j] = j;
  for (let i = 1; i <= word.length; i += 1) {
    row[0] = i;
    let least = i;
    const sign = word.charCodeAt(i - 1);
    for (let j = 1; j <= width; j += 1) {
      const other = term.charCodeAt(j - 1);
      let cost = Math.min(at(old, j), at(row, j - 1)) + 1;
      cost = Math.min(cost, at(old, j - 1) + (sign === other ? 0 : 1));
      const swapped = i > 1 && j > 1 && sign === term.charCodeAt(j - 2) && word.charCodeAt(i - 2) === other;
      if (swapped) cost = Math.min(cost, at(older, j - 2) + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [older, old, row] = [old, row, older];
  }
  let best = at(old, width);
  if (!wholeOnly)
    for (let j = Math.max(0, word.length - most); j < width; j += 1) best = Math.min(best, at(old, j));
  return Math.min(best, most + 1);
}

/** From so many letters on a beginning is guessed too: while a name is typed, it is not all there. */
const FEWEST_OF_BEGINNING = 5;
const LONGEST = 63;
/** Costs of the letters before the last, of the last and of this one; kept, as this runs for every word of a title. */
const rows = [0, 1, 2].map(() => new Uint8Array(LONGEST + 1)) as [Uint8Array, Uint8Array, Uint8Array];

function at(row: Uint8Array, index: number): number {
  // Inside by construction.
  return row[index] as number;
}
