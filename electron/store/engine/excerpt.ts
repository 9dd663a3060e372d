import type { StoredDoc } from '../contract.ts';
import type { Asked } from './asked.ts';
import type { Collection } from './collection.ts';
import { type Guesses, NO_GUESSES } from './judge.ts';
import { digitForms, digitsOf, plain, splitWords, textsOf, titleOf } from './words.ts';

/** Characters of a long text that are shown around the first match. */
const WINDOW = 120;
const BEFORE = 40;
const DIGITS = /^[0-9]+$/;

/** The text that shows best why a document was found, in parts; odd parts are the match. */
export function excerptOf(
  collection: Collection,
  doc: StoredDoc,
  asked: Asked,
  guesses: Guesses = NO_GUESSES,
): string[] {
  const candidates = [titleOf(collection, doc), ...textsOf(doc, collection.text)];
  let best = candidates[0] ?? '';
  let found: Span[] = [];
  let most = 0;
  for (const text of candidates) {
    const { spans, different } = matchesIn(text, asked, guesses);
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
}

/** Matches in the text as it is written, and how much of the query they show. */
function matchesIn(text: string, asked: Asked, guesses: Guesses): { spans: Span[]; different: number } {
  const folded = foldWithPlaces(text);
  const spans: Span[] = [];
  const shown = new Set<unknown>();
  const mark = (what: unknown, from: number, length: number) => {
    shown.add(what);
    spans.push({ from: folded.from[from] as number, to: folded.to[from + length - 1] as number });
  };
  const digits = asked.digits === undefined ? undefined : digitsIn(text, digitForms(asked.digits));
  if (digits) {
    shown.add('digits');
    spans.push(digits);
  }
  const words = splitWords(folded.text);
  for (const unit of asked.units) {
    // A unit that begins words is not looked for inside of others.
    let begins = false;
    for (const { word, at } of words) {
      const hit = longest(unit.words.filter((wanted) => word.startsWith(wanted)));
      if (hit === undefined) continue;
      mark(hit, at, hit.length);
      begins = true;
    }
    if (begins) continue;
    const places = unit.anywhere ? placesOf(folded.text, unit.text) : [];
    for (const at of places) mark(unit, at, unit.text.length);
    if (places.length > 0) continue;
    // A few digits may lie on both sides of a sign.
    const numbers = [unit.text, ...unit.words].filter((part) => DIGITS.test(part));
    const few = numbers.length > 0 && digitsOf(text) !== '' ? digitsIn(text, numbers) : undefined;
    if (few) {
      shown.add(unit);
      spans.push(few);
      continue;
    }
    const meant = new Set(guesses.get(unit)?.map(({ term }) => term));
    for (const { word, at } of words) if (meant.has(word)) mark(unit, at, word.length);
  }
  if (shown.size < asked.units.length && asked.phrase !== undefined) {
    const at = folded.text.indexOf(asked.phrase);
    if (at >= 0) {
      for (const unit of asked.units) shown.add(unit);
      mark(asked, at, asked.phrase.length);
    }
  }
  return { spans: joined(text, spans), different: shown.size };
}

function longest(words: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const word of words) if (best === undefined || word.length > best.length) best = word;
  return best;
}

function placesOf(text: string, part: string): number[] {
  const out: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) out.push(at);
  return out;
}

/** In order, without overlaps; an address is one match to the eye, whatever signs are in it. */
function joined(text: string, spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    const isNext = last !== undefined && (from <= last.to || (from - last.to === 1 && text[last.to] !== ' '));
    if (isNext) out[out.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else out.push({ from, to });
  }
  return out;
}

interface WithPlaces {
  readonly text: string;
  /** Where in the written text each sign of the folded one begins, and where it ends with all its marks. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function foldWithPlaces(written: string): WithPlaces {
  let text = '';
  const from: number[] = [];
  const to: number[] = [];
  let at = 0;
  for (const sign of written) {
    const folded = plain(sign);
    const end = at + sign.length;
    // A mark of its own belongs to the letter before it.
    if (folded === '') {
      const start = from.at(-1);
      for (let i = to.length - 1; i >= 0 && from[i] === start; i -= 1) to[i] = end;
    }
    for (let i = 0; i < folded.length; i += 1) {
      from.push(at);
      to.push(end);
    }
    text += folded;
    at = end;
  }
  return { text, from, to };
}

/** Where the first of these numbers is, whatever signs are between its digits. */
function digitsIn(text: string, numbers: readonly string[]): Span | undefined {
  const places: number[] = [];
  let written = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char < '0' || char > '9') continue;
    written += char;
    places.push(i);
  }
  for (const wanted of numbers) {
    const at = written.indexOf(wanted);
    if (at < 0) continue;
    return { from: places[at] as number, to: (places[at + wanted.length - 1] as number) + 1 };
  }
  return undefined;
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
