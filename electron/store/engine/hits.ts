import type { StoredDoc } from '../contract.ts';
import type { Asked } from './asked.ts';
import type { Collection } from './collection.ts';
import { FIT, type Guesses } from './judge.ts';
import type { Questions } from './questions.ts';

export interface Hit {
  readonly collection: Collection;
  readonly row: number;
  readonly text: string;
  readonly doc: StoredDoc;
  readonly score: number;
  readonly guesses: Guesses;
}

/** What one place gave, and how much of it is how good. */
export class Hits {
  readonly found = new Map<number, Hit>();
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** As many as were asked for, each worth so much or more. */
  enough(score = 0): boolean {
    if (this.found.size < this.limit) return false;
    let count = 0;
    for (const hit of this.found.values()) if (hit.score >= score) count += 1;
    return count >= this.limit;
  }
}

/** The most that a document can be worth that each step gives and those before it do not. */
export function mostWorth({ units }: Asked, questions: Questions) {
  const each = units.map(({ words }) => {
    const ways = words.map((word) => questions.inTitles(word));
    if (ways.includes('none')) return FIT.textWord;
    return ways.includes('beginning') ? FIT.titleStart : FIT.titleWord;
  });
  const sum = each.reduce<number>((all, one) => all + one, 0);
  const allWords = sum === FIT.titleWord * units.length;
  const whole = each.reduce<number>((all, one) => all + (one === FIT.titleWord ? one : FIT.textWord), 0);
  // At least one unit is not in the title.
  const outside = Math.min(...each.map((one) => one - FIT.textWord));
  return {
    // And it may be all of the title.
    titleWords: sum + 1,
    titleBeginnings: allWords ? sum - (FIT.titleWord - FIT.titleStart) : sum,
    words: allWords ? sum - (FIT.titleWord - FIT.textWord) : whole,
    beginnings: units.length === 1 ? FIT.textBeginning : sum - outside - (allWords ? 1 : 0),
  };
}
