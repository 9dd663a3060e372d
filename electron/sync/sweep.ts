import { collectionNames } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import { evict } from './page.ts';

/** Rows that one commit takes away. */
const SWEEP_ROWS = 500;

interface SweepContext {
  readonly store: StoreApi;
  readonly now: () => number;
}

/** After buckets were fetched anew: takes away what the server did not name any more. */
export async function sweep(
  context: SweepContext,
  buckets: readonly string[],
  isNamed: (bucket: string, id: string) => boolean,
): Promise<void> {
  for (const bucket of buckets) {
    for (const collection of collectionNames) {
      const members = await context.store.members(bucket, collection);
      const gone = members.filter((id) => !isNamed(bucket, id));
      for (let at = 0; at < gone.length; at += SWEEP_ROWS) {
        await takeAway(context, bucket, collection, gone.slice(at, at + SWEEP_ROWS));
      }
    }
  }
}

/** A row that people edit meanwhile keeps its edits; the server will answer them. */
async function takeAway(
  { store, now }: SweepContext,
  bucket: string,
  collection: string,
  ids: readonly string[],
): Promise<void> {
  const edited = new Set((await store.outboxOf(ids)).map((entry) => entry.record));
  const docs = await store.get(collection, ids);
  await store.commit({
    rows: docs.filter((doc) => !edited.has(doc.id)).map((doc) => evict(collection, doc, now())),
    memberships: ids.map((id) => ({ bucket, collection, id, op: 'remove', digest: '' })),
  });
}
