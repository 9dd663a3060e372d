import type { Selector } from './mango.ts';

type Rx = typeof import('rxdb');

let rx: Promise<Rx> | undefined;
let loaded: Rx | undefined;

/** RxDB decides what a selector means. It is loaded when a selector first says more than columns can. */
export async function loadMatcher(): Promise<void> {
  rx ??= import('rxdb');
  loaded = await rx;
}

/** @throws when loadMatcher() was not awaited before */
export function matcherFor(selector: Selector): (doc: unknown) => boolean {
  if (!loaded) throw new TypeError('the matcher is not loaded yet');
  const query = { selector, sort: [], skip: 0 };
  return loaded.getQueryMatcher({} as never, query as never) as (doc: unknown) => boolean;
}

export type RxSort = readonly Readonly<Record<string, 'asc' | 'desc'>>[];

export function comparatorFor(sort: RxSort): (a: unknown, b: unknown) => number {
  if (!loaded) throw new TypeError('the matcher is not loaded yet');
  const compare = loaded.getSortComparator({} as never, { selector: {}, sort, skip: 0 } as never);
  // It answers nothing at all for two documents that are the same.
  return (a, b) => (compare as (a: unknown, b: unknown) => number | undefined)(a, b) ?? 0;
}
