import type { StoreApi, StoredDoc, ViewQuery } from './contract.ts';

/**
 * The rows of a list as they are at one moment, for who wants them once and does not follow them.
 * @param most rows from the start
 */
export async function readAll(
  store: Pick<StoreApi, 'openView' | 'viewRows' | 'closeView'>,
  query: ViewQuery,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly StoredDoc[]> {
  const { viewId, count } = await store.openView(query);
  try {
    if (count === 0) return [];
    // In one piece: between two of them rows may move from one into the other.
    return (await store.viewRows(viewId, 0, Math.min(count, most))).docs;
  } finally {
    await store.closeView(viewId);
  }
}
