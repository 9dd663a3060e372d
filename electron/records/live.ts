import type { RxCollection, RxDatabase } from 'rxdb';
import type { CollectionName } from '../../shared/model/index.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Collections } from '../store/database.ts';
import type { Envelope } from '../store/envelope.ts';

type Kit = typeof import('../store/database.ts');

interface Opened {
  readonly kit: Kit;
  readonly database: RxDatabase<Collections<CollectionName>>;
}

/**
 * RxDB over the open records, for what follows changes. What an act decides by is read from the store itself: a live
 * query hears of a commit a moment after it.
 *
 * Its code is loaded, and a collection opened, when something follows it: so the first list does not wait for it, and
 * a first sync of a hundred thousand rows does not raise an event for each in a place where nobody listens.
 */
export class Live {
  readonly #store: StoreApi;
  readonly #device: string;
  readonly #collections = new Map<CollectionName, Promise<RxCollection<Envelope>>>();
  #opened: Promise<Opened> | undefined;

  /** @param device names the database: a process that has several devices open keeps them apart */
  constructor(store: StoreApi, device: string) {
    this.#store = store;
    this.#device = device;
  }

  collection(name: CollectionName): Promise<RxCollection<Envelope>> {
    const opened = this.#collections.get(name) ?? this.#add(name);
    this.#collections.set(name, opened);
    return opened;
  }

  async #add(name: CollectionName): Promise<RxCollection<Envelope>> {
    const { kit, database } = await this.#open();
    await kit.addCollections(database, [name]);
    return database[name] as RxCollection<Envelope>;
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#load();
    return this.#opened;
  }

  async #load(): Promise<Opened> {
    const kit = await import('../store/database.ts');
    const database = await kit.openDatabase<CollectionName>(this.#store, `roadbook-${this.#device}`, []);
    return { kit, database };
  }

  /** One that never opened has told whoever wanted it. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.database.close();
  }
}
