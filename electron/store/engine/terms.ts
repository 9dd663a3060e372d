import type { Statements } from './sqlite.ts';
import { onlyWords } from './words.ts';

/** Most words of titles that are compared with a mistyped one; 200,000 take 20 MB and about 20 ms. */
const MOST_TERMS = 200_000;
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
  #known: Set<string> | undefined;

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
      this.#known?.add(term);
    }
  }

  /** Words of a title that is no more: those that no other has must go. */
  leave(title: string): void {
    for (const term of termsOf(title)) this.#sql.run('UPDATE terms SET leaving = 1 WHERE term = ?', term);
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
    for (const term of this.#all()) {
      if (term.length < word.length - most) continue;
      const distance = distanceToBeginning(word, term, most);
      if (distance > 0 && distance <= most) {
        found.push({ term, distance, longer: Math.abs(term.length - word.length) });
      }
    }
    found.sort((a, b) => a.distance - b.distance || a.longer - b.longer || (a.term < b.term ? -1 : 1));
    return found.slice(0, MOST_NEAR).map(({ term, distance }) => ({ term, distance }));
  }

  #all(): Set<string> {
    this.#known ??= new Set(this.#sql.values('SELECT term FROM terms LIMIT ?').all(MOST_TERMS) as string[]);
    return this.#known;
  }
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
  const width = Math.min(term.length, word.length + most);
  const wholeOnly = word.length < 5;
  if (wholeOnly && term.length > width) return most + 1;
  let older: number[] = [];
  let old = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j += 1) {
      const same = word[i - 1] === term[j - 1];
      let cost = Math.min(at(old, j) + 1, at(row, j - 1) + 1, at(old, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && word[i - 1] === term[j - 2] && word[i - 2] === term[j - 1]) {
        cost = Math.min(cost, at(older, j - 2) + 1);
      }
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    older = old;
    old = row;
  }
  if (wholeOnly) return at(old, width);
  const shortest = Math.max(0, word.length - most);
  return Math.min(most + 1, ...old.slice(shortest));
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
