import { onlyWords, phoneDigits, plain } from './words.ts';

/** Characters from which on a part is found anywhere. */
const FEWEST_ANYWHERE = 3;
/** Most units whose every mixture of beginnings and parts is asked for; of longer queries only some. */
const MOST_MIXED = 3;

/**
 * What stands between two spaces of a query. It fits where each of its words begins a word, or where it lies as it is
 * inside a value that is found by parts.
 */
export interface Unit {
  readonly text: string;
  readonly words: readonly string[];
  /** Long enough to be found inside of words. */
  readonly anywhere: boolean;
  /** Letters that a person may have got wrong: one word, and long enough to guess. */
  readonly guess: string | undefined;
}

/** A query, folded. */
export interface Asked {
  readonly whole: string;
  /** More than one unit, and long enough to be found as it is, spaces and all. */
  readonly phrase: string | undefined;
  readonly units: readonly Unit[];
  /** Set when the whole reads like a phone number. */
  readonly digits: string | undefined;
}

const LETTERS_ONLY = /^\p{L}{4,}$/u;

export function askedOf(text: string): Asked {
  const whole = plain(text.replaceAll('\0', ' ')).trim();
  const units = whole
    .split(/\s+/)
    .map((part): Unit => {
      const words = onlyWords(part);
      return {
        text: part,
        words,
        anywhere: isLong(part),
        guess: words.length === 1 && LETTERS_ONLY.test(part) ? part : undefined,
      };
    })
    // A lone sign between words is how people write, and in no index.
    .filter(({ words, anywhere }) => words.length > 0 || anywhere);
  return {
    whole,
    phrase: isLong(whole) && /\s/.test(whole) ? whole : undefined,
    units,
    digits: phoneDigits(text),
  };
}

function isLong(text: string): boolean {
  return text.length >= FEWEST_ANYWHERE && [...text].length >= FEWEST_ANYWHERE;
}

/** Rows in which all these words begin words. Every name in a question is one that this file made: no sign gets in. */
export function beginnings(words: readonly string[]): string {
  return words.map((word) => `"${word}"*`).join(' ');
}

/** Rows that have all groups of three characters of a text; whether in this order, only the text itself can tell. */
export function groupsOf(text: string): string[] {
  const signs = [...text];
  const groups = new Set<string>();
  for (let i = 0; i + FEWEST_ANYWHERE <= signs.length; i += 1) {
    groups.add(
      `"${signs
        .slice(i, i + FEWEST_ANYWHERE)
        .join('')
        .replaceAll('"', '""')}"`,
    );
  }
  return [...groups];
}

/** One way in which a query may fit: groups of three for the index of parts, words for the index of words. */
export interface Mixture {
  readonly groups: readonly string[];
  readonly words: readonly string[];
}

/** Every way in which at least one unit is found inside of a word. */
export function mixtures({ units, phrase, digits }: Asked): Mixture[] {
  const out: Mixture[] = [];
  if (phrase !== undefined) out.push({ groups: groupsOf(phrase), words: [] });
  if (digits !== undefined) out.push({ groups: groupsOf(digits), words: [] });
  const all = 2 ** units.length - 1;
  // Bits of a number say which units lie inside of words.
  const some = units.length <= MOST_MIXED ? range(1, all) : [...units.map((_, i) => 2 ** i), all];
  for (const bits of some) {
    const isInside = (i: number) => Math.floor(bits / 2 ** i) % 2 === 1;
    const inside = units.filter((_, i) => isInside(i));
    const begin = units.filter((_, i) => !isInside(i));
    if (!inside.every(({ anywhere }) => anywhere) || !begin.every(({ words }) => words.length > 0)) continue;
    out.push({
      groups: [...new Set(inside.flatMap(({ text }) => groupsOf(text)))],
      words: begin.flatMap(({ words }) => words),
    });
  }
  return out;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
