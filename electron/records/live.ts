import type { RxCollection, RxDatabase } from 'rxdb';
import type { CollectionName } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Collections } from '../store/database.ts';
import type { Envelope } from '../store/envelope.ts';

type Database = RxDatabase<Collections<CollectionName>>;
type Kit = typeof import('../store/database.ts');

/** Records will be opened soon: loads RxDB's code while a key is being stretched, which leaves this thread idle. */
export async function prepareLive(): Promise<void> {
  await import('../store/database.ts');
}

/**
 * RxDB over the open records, for what follows changes. What an act decides by is read from the store itself: a live
 * query hears of a commit a moment after it.
 *
 * A collection is opened when something follows it, so that a first sync of a hundred thousand rows does not raise an
 * event for each in a place where nobody listens.
 */
export class Live {
  readonly #kit: Kit;
  readonly #database: Database;
  readonly #opened = new Map<CollectionName, Promise<RxCollection<Envelope>>>();

  private constructor(kit: Kit, database: Database) {
    this.#kit = kit;
    this.#database = database;
  }

  /** @param device names the database: a process that has several devices open keeps them apart */
  static async open(store: StoreApi, device: string): Promise<Live> {
    const kit = await import('../store/database.ts');
    return new Live(kit, await kit.openDatabase<CollectionName>(store, `roadbook-${device}`, []));
  }

  collection(name: CollectionName): Promise<RxCollection<Envelope>> {
    const opened =
      this.#opened.get(name) ??
      this.#kit
        .addCollections(this.#database, [name])
        .then(() => this.#database[name] as RxCollection<Envelope>);
    this.#opened.set(name, opened);
    return opened;
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
