import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb';
import { type Envelope, envelope } from './envelope.ts';
import type { Store } from './open.ts';
import { getRxStorage } from './rx-storage.ts';

export type Collections<Name extends string, Doc = Envelope> = Record<Name, RxCollection<Doc>>;

/**
 * RxDB over an open store: schemas, queries, documents and reactivity above the same rows that the store serves. A
 * commit of the store reaches its live queries, and what is written through RxDB is a commit of the store.
 *
 * The store belongs to one process (it is locked), so there are no other instances to tell. RxDB's free build opens
 * at most 13 collections in a process. Closing the database leaves the store open.
 */
export async function openDatabase<Name extends string, Doc = Envelope>(
  store: Store,
  names: readonly Name[],
  schema: RxJsonSchema<Doc> = envelope as unknown as RxJsonSchema<Doc>,
): Promise<RxDatabase<Collections<Name, Doc>>> {
  const database = await createRxDatabase<Collections<Name, Doc>>({
    name: 'roadbook',
    storage: getRxStorage(store),
    multiInstance: false,
    eventReduce: true,
    // After locking and unlocking, what lay over the closed store goes; RxDB allows one database of a name.
    closeDuplicates: true,
  });
  const creators = Object.fromEntries(names.map((name) => [name, { schema }]));
  await database.addCollections(creators as never);
  return database;
}
