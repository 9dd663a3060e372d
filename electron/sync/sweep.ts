import { collectionNames } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Leaving } from './leaving.ts';

/** After everything was fetched anew: what the server did not name leaves, with buckets that it named not at all. */
export async function sweep(
  store: StoreApi,
  leaving: Leaving,
  isNamed: (bucket: string, id: string) => boolean,
): Promise<void> {
  for (const bucket of await store.buckets()) {
    for (const collection of collectionNames) {
      const members = await store.members(bucket, collection);
      const gone = members.filter((id) => !isNamed(bucket, id));
      await leaving.from([bucket], collection, gone, false);
    }
  }
}
