import { RowConflictError } from '../store/conflict.ts';
import type { Commit, CommitResult, StoreApi } from '../store/contract.ts';

/** Others write too: the sync client while a person edits. More rounds than this mean something else is wrong. */
const ROUNDS = 50;

/**
 * Reads, decides and commits until nobody changed the rows in between. `build` runs anew each round, so that it
 * decides on what is in the store now; null means that there is nothing to do.
 */
export async function commitFresh<T>(
  store: StoreApi,
  build: () => Promise<{ commit: Commit | null; value: T }>,
): Promise<{ value: T; result: CommitResult | null }> {
  for (let round = 1; ; round += 1) {
    const { commit, value } = await build();
    if (commit === null) return { value, result: null };
    try {
      return { value, result: await store.commit(commit) };
    } catch (error) {
      if (!isRowConflict(error) || round === ROUNDS) throw error;
    }
  }
}

/** True for the refusal of a commit whose rows are not what its writer saw. */
export function isRowConflict(error: unknown): boolean {
  return error instanceof RowConflictError;
}
