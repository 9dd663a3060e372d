import type { StoredDoc } from '../contract.ts';
import type { Collection } from './collection.ts';
import { type Path, textsAt } from './values.ts';

/** What a document gives to the indexes of search, folded by plain(). */
export interface Words {
  readonly title: string;
  readonly text: string;
  /** What is found by any part of it, one value a line. */
  readonly parts: string;
}

const ASCII = /^[\x20-\x7e]*$/;
const MARKS = /\p{M}+/gu;
/** The file cannot hold it. */
const HALF_A_PAIR = /\p{Cs}/gu;
/** Letters that are no base letter with a mark to Unicode, but to whoever types them without. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  // The sign of a last letter depends on what follows; while a word is typed, nothing does yet.
  ς: 'σ',
};
const LETTERS = new RegExp(`[${Object.keys(letters).join('')}]`, 'g');

/** How search compares texts: lower case, without accents. plain(a + b) is plain(a) + plain(b). */
export function plain(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(HALF_A_PAIR, '\ufffd')
    .normalize('NFD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(LETTERS, (letter) => letters[letter] ?? letter);
}

const PHONE = /^[\d\s()+\-./]{5,40}$/;
/** Fewest digits of a number that are worth finding. */
const FEWEST_DIGITS = 5;

export function wordsOf(collection: Collection, doc: StoredDoc): Words {
  const title = plain(titleOf(collection, doc));
  const text = textsOf(doc, collection.text);
  const parts = partsOf(collection, doc);
  return {
    title,
    text: plain([...text, ...text.flatMap(phoneWords)].join(' ')),
    // The index ends a text at a zero.
    parts: [title, ...parts.map(plain), ...parts.map(digitsOf)]
      .filter(Boolean)
      .join('\n')
      .replaceAll('\0', ' '),
  };
}

/** The members of a title are one name to a person. */
export function titleOf(collection: Collection, doc: StoredDoc): string {
  return textsOf(doc, collection.title).join(' ');
}

/** Values beside the title that are found by any part of them. */
export function partsOf(collection: Collection, doc: StoredDoc): string[] {
  return textsOf(doc, collection.parts);
}

export function textsOf(doc: StoredDoc, paths: readonly Path[]): string[] {
  const out: string[] = [];
  for (const path of paths) textsAt(doc, path, out);
  return out;
}

/** The digits of a text that reads like a phone number; '' for other texts. */
export function digitsOf(value: string): string {
  return PHONE.test(value) ? value.replaceAll(/\D/g, '') : '';
}

/**
 * A number is written with spaces, brackets or dots, with or without country code and leading zero, and looked for in
 * any of these ways: so its digits are indexed as one word, also without the first one to three of them.
 */
export function phoneWords(value: string): string[] {
  return digitForms(digitsOf(value).replace(/^0+/, ''));
}

/** Digits as they are, and without a country code that the other side may lack. */
export function digitForms(digits: string): string[] {
  return [0, 1, 2, 3].map((from) => digits.slice(from)).filter((part) => part.length >= FEWEST_DIGITS);
}

/** The digits of a query that reads like a phone number, without the zeros in front; undefined for other queries. */
export function phoneDigits(text: string): string | undefined {
  const digits = digitsOf(text.trim()).replace(/^0+/, '');
  return digits.length >= FEWEST_DIGITS ? digits : undefined;
}

const WORD = /[\p{L}\p{N}\p{Co}]+/gu;

/** The words of a folded text as the index splits them, with their places. */
export function splitWords(text: string): { word: string; at: number }[] {
  const out: { word: string; at: number }[] = [];
  for (const match of text.matchAll(WORD)) out.push({ word: match[0], at: match.index });
  return out;
}

export function onlyWords(text: string): string[] {
  return text.match(WORD) ?? [];
}
