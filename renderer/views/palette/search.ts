import type { SearchResult } from '../../../shared/ipc.ts';

export interface SearchRequest {
  readonly text: string;
  /** Collections to look in; absent = everything that has a list. */
  readonly collections?: readonly string[] | undefined;
}

export type Ask = (request: SearchRequest) => Promise<SearchResult>;

/**
 * Search as you type: one question under way at a time, then the newest. Answers to older questions are dropped, so
 * that what is shown always belongs to what is written.
 */
export class LatestSearch {
  private readonly ask: Ask;
  private readonly show: (request: SearchRequest, result: SearchResult) => void;
  private readonly fail: (request: SearchRequest, error: unknown) => void;
  private wanted: SearchRequest | null = null;
  private running: SearchRequest | null = null;

  constructor(
    ask: Ask,
    show: (request: SearchRequest, result: SearchResult) => void,
    fail: (request: SearchRequest, error: unknown) => void,
  ) {
    this.ask = ask;
    this.show = show;
    this.fail = fail;
  }

  want(request: SearchRequest | null): void {
    this.wanted = request;
    if (this.running === null) this.next();
  }

  private next(): void {
    const request = this.wanted;
    if (request === null) return;
    this.running = request;
    this.ask(request).then(
      (result) => this.done(request, () => this.show(request, result)),
      (error: unknown) => this.done(request, () => this.fail(request, error)),
    );
  }

  private done(request: SearchRequest, act: () => void): void {
    this.running = null;
    if (this.wanted === request) {
      this.wanted = null;
      act();
    } else this.next();
  }
}

/**
 * A text in parts where every odd one is what was looked for: case, accents and the order of the words do not matter.
 * "Isdom GTX", "isd" -> ["", "Isd", "om GTX"]
 */
export function highlight(text: string, query: string): readonly string[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const folded = fold(text);
  // Folding may change lengths (ß, ligatures): then nothing is marked rather than the wrong letters.
  if (words.length === 0 || folded.length !== text.length) return [text];
  const marks: [number, number][] = [];
  for (const word of words) {
    const at = wordStart(folded, word);
    if (at >= 0) marks.push([at, at + word.length]);
  }
  marks.sort((a, b) => a[0] - b[0]);
  const parts: string[] = [];
  let end = 0;
  for (const [from, to] of marks) {
    if (from < end) continue;
    parts.push(text.slice(end, from), text.slice(from, to));
    end = to;
  }
  parts.push(text.slice(end));
  return parts;
}

/**
 * A found record's name in parts, odd ones being the match. The store knows more ways to find a name than its letters:
 * where it has marked the name itself, that is shown.
 */
export function titleParts(
  hit: { readonly name: string; readonly excerpt: readonly string[] },
  text: string,
): readonly string[] {
  const marked = hit.excerpt.length > 1 && hit.excerpt.join('') === hit.name;
  return marked ? hit.excerpt : highlight(hit.name, text);
}

/** The first place where a word starts with it, otherwise the first place at all. */
function wordStart(folded: string, word: string): number {
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1] ?? '')) return at;
  }
  return folded.indexOf(word);
}

export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
