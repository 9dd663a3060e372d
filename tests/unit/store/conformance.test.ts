import { describe, expect, it } from 'vitest';
import { getRxStorage } from '../../../electron/store/rx-storage.ts';
import { conform } from '../../torture/lib/conformance.ts';
import { fresh } from './helpers.ts';

/** Seeds that once failed, with the path that fast-check gave for the smallest case. */
const REGRESSIONS: readonly { readonly seed: number; readonly path: string }[] = [];
const RUNS = 120;

describe('the storage beside RxDB’s own', () => {
  it('gives the same answers, errors and events over random schemas, documents, writes and queries', async () => {
    const { store } = await fresh();
    const seed = Date.now() % 2 ** 31;
    const { failure } = await conform(getRxStorage(store) as never, { seed, runs: RUNS });
    expect(failure?.report, `npm run torture -- conformance --seed ${seed}`).toBeUndefined();
  });

  it.each(REGRESSIONS)('stays right where it once was not: $seed $path', async (once) => {
    const { store } = await fresh();
    const { failure } = await conform(getRxStorage(store) as never, { ...once, runs: 1 });
    expect(failure?.report).toBeUndefined();
  });
});
