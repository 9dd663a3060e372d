import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RxCollection } from 'rxdb';
import { collections } from '../../../electron/records/collections.ts';
import { fromWire, toDoc } from '../../../electron/records/rows.ts';
import type { CollectionSpec, StoredDoc } from '../../../electron/store/contract.ts';
import { openDatabase } from '../../../electron/store/database.ts';
import type { Envelope } from '../../../electron/store/envelope.ts';
import { openStore, type Store } from '../../../electron/store/open.ts';
import { wiringOf } from '../../../electron/store/wiring.ts';
import { type Company, makeCompany, makeContacts } from './contacts.ts';
import { type Layout, layoutOf, RawStore } from './raw-store.ts';

export const BATCH = 500;
/** Contacts that are kept as documents: a million of them would be most of the memory that is measured. */
const KEPT = 100_000;
/** Contacts from which on the store makes column indexes. */
const ENOUGH = 2_500;
/** Milliseconds between two looks at the store. */
const LOOK = 5;

const bundled = new URL('../../../out/app/main/worker.js', import.meta.url);
/** The worker as the app carries it; its source where the app was not built. */
export const workerUrl = existsSync(bundled)
  ? bundled
  : new URL('../../../electron/store/worker.ts', import.meta.url);

export const contactsSpec: CollectionSpec = (() => {
  const found = collections.find(({ name }) => name === 'contacts');
  if (!found) throw new Error('There are no contacts in the model.');
  return found;
})();

/** Opens one of our stores as the app does. */
export function openOurs(file: string, key: Uint8Array, create: boolean): Promise<Store> {
  return openStore({ file, key, create, collections, owner: 'bench', workerUrl });
}

/** Both sides of the store's figures: a folder, a key, the same contacts, and a counter for fresh files. */
export class Bed {
  readonly folder: string;
  readonly key: Uint8Array = randomBytes(32);
  readonly company: Company;
  /** Of all contacts. */
  readonly ids: readonly string[];
  /** The first contacts, all of them up to 100,000: what is written while a clock runs. */
  readonly docs: readonly StoredDoc[];
  readonly #seed: number;
  #layout: Layout | undefined;
  #files = 0;

  constructor(folder: string, rows: number, seed: number) {
    this.folder = folder;
    this.#seed = seed;
    this.company = makeCompany(seed);
    const ids: string[] = [];
    const docs: StoredDoc[] = [];
    for (const doc of this.#made(rows)) {
      ids.push(doc.id);
      if (docs.length < KEPT) docs.push(doc);
    }
    this.ids = ids;
    this.docs = docs;
  }

  *#made(rows: number): Generator<StoredDoc> {
    let at = Date.UTC(2026, 0, 5);
    for (const wire of makeContacts(this.#seed, rows, this.company)) {
      yield toDoc(fromWire(wire, this.company.tenant), undefined, at);
      at += 1;
    }
  }

  /** What is kept, in transactions of 500. */
  *batches(): Generator<StoredDoc[]> {
    for (let from = 0; from < this.docs.length; from += BATCH) yield this.docs.slice(from, from + BATCH);
  }

  /** All contacts; those that are not kept are made again. */
  *allBatches(): Generator<StoredDoc[]> {
    if (this.ids.length === this.docs.length) {
      yield* this.batches();
      return;
    }
    let batch: StoredDoc[] = [];
    for (const doc of this.#made(this.ids.length)) {
      batch.push(doc);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  file(): string {
    this.#files += 1;
    return join(this.folder, `${this.#files}.store`);
  }

  /** How the store lays contacts out, read from one with enough of them for column indexes. */
  async layout(): Promise<Layout> {
    if (this.#layout) return this.#layout;
    const file = this.file();
    const store = await openOurs(file, this.key, true);
    const rows = [...makeContacts(1, ENOUGH, this.company)].map((wire) => ({
      collection: 'contacts',
      doc: toDoc(fromWire(wire, this.company.tenant), undefined, 1),
      previous: undefined,
    }));
    await store.commit({ rows });
    await settled(store);
    await store.close();
    this.#layout = layoutOf(file, this.key, contactsSpec);
    return this.#layout;
  }

  async openRaw(file: string, create: boolean): Promise<RawStore> {
    return new RawStore(file, this.key, await this.layout(), create);
  }
}

/** Megabytes on the disk; the write-ahead log counts as long as it is there. */
export function megabytes(file: string): number {
  const sizes = [file, `${file}-wal`, `${file}.head`].map(
    (name) => statSync(name, { throwIfNoEntry: false })?.size,
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / 1e6;
}

/** Resolves when nothing is left to be made behind the commits: every word and every column index is there. */
export async function settled(store: Store): Promise<void> {
  const { channel } = wiringOf(store);
  while (!(await channel.request('stats', [])).settled) await delay(LOOK);
}

/** RxDB over an open store, as the app has it. */
export async function openRx(
  store: Store,
): Promise<{ contacts: RxCollection<Envelope>; close(): Promise<void> }> {
  const database = await openDatabase(store, 'roadbook', ['contacts']);
  return {
    contacts: database.contacts,
    close: async () => {
      await database.close();
    },
  };
}
