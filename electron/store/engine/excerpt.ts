import type { StoredDoc } from '../contract.ts';
import type { Collection } from './collection.ts';
import { fold, textsAt } from './values.ts';
import { splitWords } from './words.ts';

/** Characters of a long text that are shown around the first match. */
const WINDOW = 120;
const BEFORE = 40;

/** How well a document answers: see score() below. */
export interface Judged {
  readonly score: number;
  readonly titleLength: number;
}

/** Words that a person typed, folded; the index splits e-mail addresses the same way. */
export function queryWords(text: string): string[] {
  return splitWords(fold(text)).map(({ word }) => word);
}

/**
 * Per word asked: 4 for the same word in the title, 3 for one that begins so at the very start of the title, 2 for
 * one elsewhere in it, 1 for the rest (the index has already said that it is somewhere).
 */
export function judge(collection: Collection, doc: StoredDoc, asked: readonly string[]): Judged {
  const titles: string[] = [];
  for (const path of collection.title) textsAt(doc, path, titles);
  const title = fold(titles.join(' '));
  const words = splitWords(title).map(({ word }) => word);
  let score = 0;
  for (const word of asked) {
    if (words.includes(word)) score += 4;
    else if (words[0]?.startsWith(word)) score += 3;
    else score += words.some((known) => known.startsWith(word)) ? 2 : 1;
  }
  return { score, titleLength: title.length };
}

/** The text that shows best why a document was found, in parts; odd parts are the match. */
export function excerptOf(
  collection: Collection,
  doc: StoredDoc,
  asked: readonly string[],
  digits?: string,
): string[] {
  const texts: string[] = [];
  for (const path of collection.title) textsAt(doc, path, texts);
  // Title members are one name to a person.
  const candidates = [texts.join(' ')];
  for (const path of collection.text) textsAt(doc, path, candidates);
  let best = candidates[0] ?? '';
  let found: Span[] = [];
  let most = 0;
  for (const text of candidates) {
    const spans = digits === undefined ? matchesIn(text, asked) : digitsIn(text, digits);
    const different = new Set(spans.map((span) => span.asked)).size;
    if (different > most) {
      most = different;
      best = text;
      found = spans;
    }
  }
  return cut(best, found);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly asked: string;
}

function matchesIn(text: string, asked: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const { word, at } of splitWords(text)) {
    const folded = fold(word);
    const hit = asked.find((wanted) => folded.startsWith(wanted));
    if (hit === undefined) continue;
    // Accents that are characters of their own make the folded word shorter than the written one.
    const length = folded.length === word.length ? hit.length : word.length;
    const last = spans.at(-1);
    const joined = last !== undefined && at - last.to === 1 && text[last.to] !== ' ';
    // An address is one match to the eye, whatever signs are in it.
    if (joined) spans[spans.length - 1] = { ...last, to: at + length };
    else spans.push({ from: at, to: at + length, asked: hit });
  }
  return spans;
}

function digitsIn(text: string, digits: string): Span[] {
  const places: number[] = [];
  let written = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char < '0' || char > '9') continue;
    written += char;
    places.push(i);
  }
  for (const wanted of [0, 1, 2, 3].map((from) => digits.slice(from)).filter((part) => part.length >= 5)) {
    const at = written.indexOf(wanted);
    if (at < 0) continue;
    return [
      { from: places[at] as number, to: (places[at + wanted.length - 1] as number) + 1, asked: digits },
    ];
  }
  return [];
}

function cut(text: string, spans: readonly Span[]): string[] {
  const first = spans[0]?.from ?? 0;
  const long = text.length > WINDOW;
  const start = long && first > BEFORE ? first - BEFORE : 0;
  const end = long ? Math.min(text.length, start + WINDOW) : text.length;
  const parts: string[] = [];
  let at = start;
  for (const { from, to } of spans) {
    if (from >= end) break;
    const stop = Math.min(to, end);
    parts.push(text.slice(at, from), text.slice(from, stop));
    at = stop;
  }
  parts.push(text.slice(at, end));
  if (start > 0) parts[0] = `…${parts[0]}`;
  if (end < text.length) parts.push(`${parts.pop()}…`);
  return parts;
}
