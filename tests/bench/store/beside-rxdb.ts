import { createRxDatabase, type RxCollection, type RxJsonSchema, type RxStorage } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { type Envelope, envelope } from '../../../electron/store/envelope.ts';
import { getRxStorage } from '../../../electron/store/rx-storage.ts';
import { type Bed, openOurs, settled } from '../lib/bed.ts';
import type { Report, Target } from '../lib/figure.ts';
import { type Pair, percentile, sampled, timed } from '../lib/measure.ts';
import { seeded, whole } from '../lib/random.ts';

const BULK = 500;
const READS = 1_000;
const MANY_IDS = 1_000;
const MANY = 30;
const QUERY = 3_000;
const YARDSTICK = 'RxDB in memory, nothing encrypted or kept';

/** Sorted by what both sides have an index for. */
const schema: RxJsonSchema<Envelope> = { ...envelope };

interface Side {
  readonly contacts: RxCollection<Envelope>;
  close(): Promise<void>;
}

async function open(name: string, storage: RxStorage<unknown, Record<string, never>>): Promise<Side> {
  const database = await createRxDatabase({ name, storage, multiInstance: false, eventReduce: true });
  const { contacts } = await database.addCollections({ contacts: { schema } });
  return {
    contacts: contacts as RxCollection<Envelope>,
    close: async () => {
      await database.close();
    },
  };
}

/** The whole stack of RxDB over our storage and over the fastest one that RxDB has, which keeps nothing. */
export async function besideRxdb(bed: Bed, report: Report): Promise<void> {
  const store = await openOurs(bed.file(), bed.key, true);
  const ours = await open('ours', getRxStorage(store) as never);
  const theirs = await open('memory', getRxStorageMemory() as never);
  const add = (name: string, pair: Pair, target?: Target) => {
    for (const [part, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      report.add(
        {
          name: `store.rxdb.${name}.${part}`,
          value: percentile(pair.ours, share),
          unit: 'ms',
          better: 'lower',
          yardstick: percentile(pair.theirs, share),
          yardstickName: YARDSTICK,
          runs: pair.ours.length,
        },
        part === 'p50' ? target : undefined,
      );
    }
  };
  try {
    const bare = bed.docs.map(
      ({ _deleted, _rev, _meta, _attachments, ...doc }) => doc as unknown as Envelope,
    );
    const parts = Array.from({ length: Math.ceil(bare.length / BULK) }, (_, part) =>
      bare.slice(part * BULK, (part + 1) * BULK),
    );
    const insert = async (side: Side, docs: Envelope[]) => {
      const { error } = await side.contacts.bulkInsert(docs);
      if (error.length > 0) throw new Error(`${error.length} contacts were refused.`);
    };
    add(
      'bulk_insert_500',
      await sampled(
        parts,
        (docs) => insert(ours, docs),
        (docs) => insert(theirs, docs),
        { warmUp: 0, block: 4 },
      ),
      // RxDB's published table of storages, 500 documents, without encryption.
      { of: 'value', atMost: 8.6 },
    );

    // The words are indexed behind; reads are measured on a store that has come to rest.
    await settled(store);
    const random = seeded(bare.length);
    const idOf = () => bare[whole(random, bare.length)]?.id ?? '';
    const one = (side: Side) => async (id: string) => {
      if (!(await side.contacts.findOne(id).exec())) throw new Error('A contact is missing.');
    };
    const ids = Array.from({ length: READS }, idOf);
    // Half of what memory reaches: twice its time.
    add('find_one', await sampled(ids, one(ours), one(theirs)), { of: 'ratio', atMost: 2 });

    const many = (side: Side) => async (some: string[]) => {
      const found = await side.contacts.storageInstance.findDocumentsById(some, false);
      if (found.length !== some.length) throw new Error('Contacts are missing.');
    };
    const lists = Array.from({ length: MANY }, () => [...new Set(Array.from({ length: MANY_IDS }, idOf))]);
    add('find_by_ids_1000', await sampled(lists, many(ours), many(theirs), { warmUp: 2, block: 5 }));

    const page = (side: Side) => async (skip: number) => {
      // RxDB keeps results of a query; each of these asks the storage.
      const query = { selector: {}, sort: [{ updatedAt: 'asc' as const }], skip, limit: 50 };
      const docs = await side.contacts.find(query).exec();
      if (docs.length === 0) throw new Error('A page is empty.');
    };
    const middle = Math.floor(bare.length / 2);
    const places = Array.from({ length: MANY }, (_, n) => middle + n);
    add('page_middle', await sampled(places, page(ours), page(theirs), { warmUp: 2, block: 5 }));

    const query = (side: Side) => (skip: number) =>
      timed(() =>
        side.contacts.find({ selector: {}, sort: [{ updatedAt: 'asc' }], skip, limit: QUERY }).exec(),
      );
    add(
      'query_3000',
      await sampled(
        Array.from({ length: MANY }, (_, n) => n),
        query(ours),
        query(theirs),
        { warmUp: 2, block: 5 },
      ),
      { of: 'value', atMost: 20 },
    );
  } finally {
    await ours.close();
    await theirs.close();
    await store.close();
  }
}
