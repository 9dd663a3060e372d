import type { StoredDoc } from '../contract.ts';
import type { Collection } from './collection.ts';
import { textsAt } from './values.ts';

/** What a document gives to the word index. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const PHONE = /^[\d\s()+\-./]{5,40}$/;
/** Fewest digits of a number that are worth finding. */
const FEWEST_DIGITS = 5;

export function wordsOf(collection: Collection, doc: StoredDoc): Words {
  const title: string[] = [];
  for (const path of collection.title) textsAt(doc, path, title);
  const text: string[] = [];
  for (const path of collection.text) textsAt(doc, path, text);
  const phones = text.filter((value) => PHONE.test(value)).flatMap(phoneWords);
  return { title: title.join(' '), text: [...text, ...phones].join(' ') };
}

/**
 * A number is written with spaces, brackets or dots, with or without country code and leading zero, and looked for in
 * any of these ways: so its digits are indexed as one word, also without the first one to three of them.
 */
function phoneWords(value: string): string[] {
  const digits = value.replaceAll(/\D/g, '').replace(/^0+/, '');
  return [0, 1, 2, 3].map((from) => digits.slice(from)).filter((word) => word.length >= FEWEST_DIGITS);
}

/** The digits of a query that reads like a phone number, without the zeros in front; undefined for other queries. */
export function phoneDigits(text: string): string | undefined {
  if (!PHONE.test(text.trim())) return undefined;
  const digits = text.replaceAll(/\D/g, '').replace(/^0+/, '');
  return digits.length >= FEWEST_DIGITS ? digits : undefined;
}

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

/** The words of a text as the index splits them, with their places. */
export function splitWords(text: string): { word: string; at: number }[] {
  const out: { word: string; at: number }[] = [];
  for (const match of text.matchAll(WORD)) out.push({ word: match[0], at: match.index });
  return out;
}
