import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb';
import type { StoreApi } from './contract.ts';
import { type Envelope, envelope } from './envelope.ts';
import { getRxStorage } from './rx-storage.ts';

export type Collections<Name extends string, Doc = Envelope> = Record<Name, RxCollection<Doc>>;

/**
 * RxDB over an open store: schemas, queries, documents and reactivity above the same rows that the store serves. A
 * commit of the store reaches its live queries, and what is written through RxDB is a commit of the store.
 *
 * The store belongs to one process (it is locked), so there are no other instances to tell. RxDB's free build opens
 * at most 13 collections in a process. Closing the database leaves the store open.
 * @param name one open database of a name in a process; opening another one closes the first
 */
export async function openDatabase<Name extends string, Doc = Envelope>(
  store: StoreApi,
  name: string,
  names: readonly Name[],
  schema: RxJsonSchema<Doc> = envelope as unknown as RxJsonSchema<Doc>,
): Promise<RxDatabase<Collections<Name, Doc>>> {
  const database = await createRxDatabase<Collections<Name, Doc>>({
    name,
    storage: getRxStorage(store),
    multiInstance: false,
    eventReduce: true,
    // After locking and unlocking, what lay over the closed store goes.
    closeDuplicates: true,
  });
  await addCollections(database, names, schema);
  return database;
}

/** More collections of an open database, for instance once something follows their changes. */
export async function addCollections<Name extends string, Doc = Envelope>(
  database: RxDatabase<Collections<Name, Doc>>,
  names: readonly Name[],
  schema: RxJsonSchema<Doc> = envelope as unknown as RxJsonSchema<Doc>,
): Promise<void> {
  const creators = Object.fromEntries(names.map((name) => [name, { schema }]));
  await database.addCollections(creators as never);
}
