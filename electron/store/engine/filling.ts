import { setImmediate as othersFirst } from 'node:timers/promises';
import { RowList } from './rowlist.ts';
import type { CompiledView } from './viewquery.ts';

/** Milliseconds between two reports of how far it is. */
const TELL_EVERY = 100;
/** Rows that are put back between two looks at what others want, about 5 ms. */
const PUT_AT_ONCE = 20;
/** More rows than this that changed meanwhile, and the list has to be asked for again. */
const MOST_PUT_BACK = 5000;

/** A list whose order is being found by reading documents, while commits and other requests go on. */
export class Filling {
  /** Rows that changed since it began, counted from the collection's first. */
  readonly changed = new Set<number>();
  ended = false;
}

export interface Filled {
  readonly rows: RowList;
  /** True when too much changed meanwhile: the list shows what was there, not where it belongs. */
  readonly stale: boolean;
}

/** @returns undefined when it was ended from outside */
export async function fill(
  compiled: CompiledView,
  filling: Filling,
  tell: ((share: number) => void) | undefined,
): Promise<Filled | undefined> {
  let told = performance.now();
  const steps = compiled.steps();
  let step = steps.next();
  while (!step.done) {
    if (tell && performance.now() - told >= TELL_EVERY) {
      told = performance.now();
      tell(step.value);
    }
    await othersFirst();
    if (filling.ended) {
      steps.return(new Uint32Array());
      return undefined;
    }
    step = steps.next();
  }
  const rows = new RowList(step.value);
  if (filling.changed.size > MOST_PUT_BACK || !compiled.isCurrent()) return { rows, stale: true };
  return (await putBack(compiled, rows, filling)) ? { rows, stale: false } : undefined;
}

/** Rows that changed meanwhile go out and come back where they belong, until none is left. */
async function putBack(compiled: CompiledView, rows: RowList, filling: Filling): Promise<boolean> {
  const waiting = new Set<number>();
  for (;;) {
    // All of them go out first: the search for a place then sees only rows that stand right.
    if (filling.changed.size > 0) rows.removeAll(filling.changed);
    for (const row of filling.changed) waiting.add(row);
    filling.changed.clear();
    if (waiting.size === 0) return true;
    for (const row of [...waiting].slice(0, PUT_AT_ONCE)) {
      waiting.delete(row);
      const key = compiled.keyOf(row);
      if (key) rows.insertAt(placeOf(compiled, rows, key), row);
    }
    if (waiting.size === 0) return true;
    await othersFirst();
    if (filling.ended) return false;
  }
}

/** Binary search over sort keys: about 17 row reads in a list of 100,000. */
export function placeOf(compiled: CompiledView, rows: RowList, key: unknown[]): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = compiled.keyOf(rows.at(middle));
    if (other && compiled.compare(other, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
