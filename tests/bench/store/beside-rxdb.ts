import { createRxDatabase, type RxCollection, type RxJsonSchema, type RxStorage } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { StoredDoc } from '../../../electron/store/contract.ts';
import { type Envelope, envelope } from '../../../electron/store/envelope.ts';
import { getRxStorage } from '../../../electron/store/rx-storage.ts';
import { type Bed, openOurs, settled } from '../lib/bed.ts';
import type { Report, Target } from '../lib/figure.ts';
import { type Pair, percentile, sampled, timed } from '../lib/measure.ts';
import { seeded, whole } from '../lib/random.ts';

const BULK = 500;
const SINGLES = 200;
const READS = 1_000;
const MANY_IDS = 1_000;
const MANY = 30;
const QUERY = 3_000;
const YARDSTICK = 'RxDB in memory, nothing encrypted or kept';

/** Sorted by what both sides have an index for. */
const schema: RxJsonSchema<Envelope> = { ...envelope };

/** What an application has; RxDB adds the rest itself. */
export function bareOf({ _deleted, _rev, _meta, _attachments, ...doc }: StoredDoc): Envelope {
  return doc as unknown as Envelope;
}

const freshId = (n: number) => `0190f000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

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
    const bare = bed.docs.map(bareOf);
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

    const fresh = Array.from({ length: SINGLES }, (_, n) => ({ ...(bare[n] as Envelope), id: freshId(n) }));
    const single = (side: Side) => (doc: Envelope) => side.contacts.insert(doc);
    add('single_insert', await sampled(fresh, single(ours), single(theirs), { warmUp: 0, block: 20 }));

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
    const places = { start: 0, middle: Math.floor(bare.length / 2), end: bare.length - 50 - MANY };
    for (const [place, from] of Object.entries(places)) {
      const offsets = Array.from({ length: MANY }, (_, n) => from + n);
      add(`page_${place}`, await sampled(offsets, page(ours), page(theirs), { warmUp: 2, block: 5 }));
    }
    const filtered = (side: Side) => (owner: string) =>
      side.contacts.find({ selector: { owner }, sort: [{ updatedAt: 'desc' }], limit: 50 }).exec();
    const owners = [...bed.company.users];
    add('filtered_sort', await sampled(owners, filtered(ours), filtered(theirs), { warmUp: 0, block: 5 }));

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
