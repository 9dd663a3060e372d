import { onlyWords, phoneDigits, plain } from './words.ts';

/** Characters from which on a part is found anywhere. */
const FEWEST_ANYWHERE = 3;
/** Most groups of three that are asked for together; more of them rule out little and cost as much each. */
const MOST_GROUPS = 10;
/** Beginnings shorter than this are in so many rows that only the document is asked about them. */
const FEWEST_BEGINNING = 2;
/** Most units whose every mixture of beginnings and parts is asked for; of more, each unit by itself. */
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

const LETTERS_ONLY = /^\p{L}{4,40}$/u;

export function askedOf(text: string): Asked {
  const whole = plain(text.replaceAll('\0', ' ')).trim();
  const digits = phoneDigits(text);
  const units = whole
    .split(/\s+/)
    .map((part): Unit => {
      const words = onlyWords(part);
      return {
        text: part,
        words,
        // A number is looked for as a whole, without the signs in it.
        anywhere: digits === undefined && isLong(part),
        guess: words.length === 1 && LETTERS_ONLY.test(part) ? part : undefined,
      };
    })
    // A lone sign between words is how people write, and in no index.
    .filter(({ words, anywhere }) => words.length > 0 || anywhere);
  return {
    whole,
    phrase: isLong(whole) && /\s/.test(whole) ? whole : undefined,
    units,
    digits,
  };
}

function isLong(text: string): boolean {
  return text.length >= FEWEST_ANYWHERE && [...text].length >= FEWEST_ANYWHERE;
}

/** Rows in which all these words begin words. Every name in a question is one that this file made: no sign gets in. */
export function beginnings(words: readonly string[]): string {
  return words.map((word) => `"${word}"*`).join(' ');
}

/** Groups of three characters, spread over a text: rows that have it have them all. The text itself tells whether in this order. */
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
  const all = [...groups];
  if (all.length <= MOST_GROUPS) return all;
  const step = (all.length - 1) / (MOST_GROUPS - 1);
  return Array.from({ length: MOST_GROUPS }, (_, i) => all[Math.round(i * step)] as string);
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
  if (units.length > MOST_MIXED) {
    for (const { text, anywhere } of units) if (anywhere) out.push({ groups: groupsOf(text), words: [] });
    return out;
  }
  // Bits of a number say which units lie inside of words.
  for (let bits = 1; bits < 2 ** units.length; bits += 1) {
    const isInside = (i: number) => Math.floor(bits / 2 ** i) % 2 === 1;
    const inside = units.filter((_, i) => isInside(i));
    const begin = units.filter((_, i) => !isInside(i));
    if (!inside.every(({ anywhere }) => anywhere) || !begin.every(({ words }) => words.length > 0)) continue;
    out.push({
      groups: [...new Set(inside.flatMap(({ text }) => groupsOf(text)))],
      words: begin.flatMap(({ words }) => words).filter((word) => word.length >= FEWEST_BEGINNING),
    });
  }
  return out;
}
