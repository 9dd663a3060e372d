import type { StoredDoc } from '../contract.ts';
import type { Asked, Unit } from './asked.ts';
import type { Collection } from './collection.ts';
import { type Near, termsOf } from './terms.ts';
import { digitForms, digitsOf, onlyWords, partsOf, phoneWords, plain, textsOf, titleOf } from './words.ts';

/**
 * How well a unit of a query fits, best first. The same word before one that only begins so, beginnings before parts,
 * parts before guesses; in each, the title before other text.
 */
export const FIT = {
  titleWord: 9,
  titleStart: 8,
  titleBeginning: 7,
  textWord: 6,
  textBeginning: 5,
  titlePart: 4,
  part: 3,
  near: 2,
  far: 1,
} as const;

/** Guesses for the units of a query; none for those that were written right. */
export type Guesses = ReadonlyMap<Unit, readonly Near[]>;
export const NO_GUESSES: Guesses = new Map();

/** What of a document is compared, folded; texts only when the title does not say enough. */
class Folded {
  readonly title: string;
  readonly titleWords: readonly string[];
  readonly #collection: Collection;
  readonly #doc: StoredDoc;
  #textWords: readonly string[] | undefined;
  #parts: readonly string[] | undefined;

  constructor(collection: Collection, doc: StoredDoc) {
    this.#collection = collection;
    this.#doc = doc;
    this.title = plain(titleOf(collection, doc));
    this.titleWords = onlyWords(this.title);
  }

  get textWords(): readonly string[] {
    this.#textWords ??= textsOf(this.#doc, this.#collection.text).flatMap((text) => onlyWords(plain(text)));
    return this.#textWords;
  }

  get parts(): readonly string[] {
    this.#parts ??= partsOf(this.#collection, this.#doc);
    return this.#parts;
  }

  get numbers(): string[] {
    return textsOf(this.#doc, this.#collection.text).filter((text) => digitsOf(text) !== '');
  }
}

/** The sum of what each unit is worth; undefined for a document that does not fit. */
export function judge(
  collection: Collection,
  doc: StoredDoc,
  asked: Asked,
  guesses: Guesses = NO_GUESSES,
): number | undefined {
  const folded = new Folded(collection, doc);
  const one = digitsFit(folded, asked);
  const byDigits = one === undefined ? undefined : one * Math.max(1, asked.units.length);
  const byUnits = unitsFit(folded, asked, guesses);
  const byPhrase = phraseFit(folded, asked);
  const fits = [byDigits, byUnits, byPhrase].filter((fit) => fit !== undefined);
  if (fits.length === 0) return undefined;
  // A title that is just what was asked for stands before longer ones.
  return Math.max(...fits) + (folded.title === asked.whole ? 1 : 0);
}

function unitsFit(folded: Folded, asked: Asked, guesses: Guesses): number | undefined {
  if (asked.units.length === 0) return undefined;
  let sum = 0;
  for (const unit of asked.units) {
    const fit = wordsFit(folded, unit) ?? partFit(folded, unit) ?? guessFit(folded, guesses.get(unit));
    if (fit === undefined) return undefined;
    sum += fit;
  }
  return sum;
}

/** A unit of several words is worth as much as the one that fits least. */
function wordsFit(folded: Folded, { words }: Unit): number | undefined {
  let least: number | undefined;
  for (const word of words) {
    const fit = wordFit(folded, word);
    if (fit === undefined) return undefined;
    least = Math.min(least ?? fit, fit);
  }
  return least;
}

function wordFit(folded: Folded, word: string): number | undefined {
  const { titleWords } = folded;
  if (titleWords.includes(word)) return FIT.titleWord;
  if (titleWords[0]?.startsWith(word)) return FIT.titleStart;
  if (titleWords.some((known) => known.startsWith(word))) return FIT.titleBeginning;
  const { textWords } = folded;
  if (textWords.includes(word)) return FIT.textWord;
  if (textWords.some((known) => known.startsWith(word))) return FIT.textBeginning;
  return folded.numbers.some((number) => phoneWords(number).some((form) => form.startsWith(word)))
    ? FIT.textBeginning
    : undefined;
}

function partFit(folded: Folded, { text, anywhere }: Unit): number | undefined {
  if (!anywhere) return undefined;
  if (folded.title.includes(text)) return FIT.titlePart;
  return folded.parts.some((part) => plain(part).includes(text) || digitsOf(part).includes(text))
    ? FIT.part
    : undefined;
}

function guessFit(folded: Folded, near: readonly Near[] | undefined): number | undefined {
  if (near === undefined) return undefined;
  const terms = new Set(termsOf(folded.title));
  const found = near.find(({ term }) => terms.has(term));
  if (found === undefined) return undefined;
  return found.distance === 1 ? FIT.near : FIT.far;
}

function phraseFit(folded: Folded, { phrase, units }: Asked): number | undefined {
  if (phrase === undefined) return undefined;
  if (folded.title.includes(phrase)) return FIT.titlePart * Math.max(1, units.length);
  return folded.parts.some((part) => plain(part).includes(phrase))
    ? FIT.part * Math.max(1, units.length)
    : undefined;
}

function digitsFit(folded: Folded, { digits }: Asked): number | undefined {
  if (digits === undefined) return undefined;
  const forms = digitForms(digits);
  const begins = (word: string) => forms.some((form) => word.startsWith(form));
  if (folded.numbers.some((number) => phoneWords(number).some(begins))) return FIT.textBeginning;
  return folded.parts.some((part) => digitsOf(part).includes(digits)) ? FIT.part : undefined;
}
