import { join } from 'node:path';
import leveldb from 'pouchdb-adapter-leveldb';
import PouchDB from 'pouchdb-core';
import find from 'pouchdb-find';
import { type Bed, openOurs, openRx, settled } from '../lib/bed.ts';
import type { Report, Target } from '../lib/figure.ts';
import { type Pair, percentile, sampled, timed } from '../lib/measure.ts';
import { seeded, whole } from '../lib/random.ts';
import { bareOf } from './beside-rxdb.ts';

const BULK = 500;
const SINGLES = 200;
const READS = 500;
/** Its pages far down, and its counts, take seconds each. */
const FEW = 5;
const PAGE = 50;
const YARDSTICK = 'PouchDB 9 (leveldb), nothing encrypted or fsynced';

/** Twenty times as fast. */
const AHEAD: Target = { of: 'ratio', atMost: 1 / 20 };

/** The whole stack of RxDB over our storage, and PouchDB over LevelDB, with the same documents and indexes. */
export async function besidePouchdb(bed: Bed, report: Report): Promise<void> {
  PouchDB.plugin(leveldb).plugin(find);
  const pouch = new PouchDB(join(bed.folder, 'pouchdb'), { adapter: 'leveldb' });
  const store = await openOurs(bed.file(), bed.key, true);
  const { contacts, close } = await openRx(store);
  const add = (name: string, pair: Pair, target?: Target) =>
    report.add(
      {
        name: `store.pouchdb.${name}`,
        value: percentile(pair.ours, 0.5),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(pair.theirs, 0.5),
        yardstickName: YARDSTICK,
        runs: pair.ours.length,
      },
      target,
    );
  try {
    const bare = bed.docs.map(bareOf);
    const kept = bare.slice(0, -SINGLES);
    const parts = Array.from({ length: Math.ceil(kept.length / BULK) }, (_, part) =>
      kept.slice(part * BULK, (part + 1) * BULK),
    );
    const named = ({ id, ...doc }: (typeof bare)[number]) => ({ _id: id, ...doc });
    const sides = { warmUp: 0, block: 4 };
    add(
      'bulk_insert_500',
      await sampled(
        parts,
        async (docs) => {
          const { error } = await contacts.bulkInsert(docs);
          if (error.length > 0) throw new Error(`${error.length} contacts were refused.`);
        },
        async (docs) => {
          const told = await pouch.bulkDocs(docs.map(named));
          if (!told.every(({ ok }) => ok)) throw new Error('PouchDB refused contacts.');
        },
        sides,
      ),
    );
    await settled(store);
    add(
      'single_insert',
      await sampled(
        bare.slice(-SINGLES),
        (doc) => contacts.insert(doc),
        (doc) => pouch.put(named(doc)),
        { warmUp: 0, block: 20 },
      ),
    );
    // Both have these before anything is read; PouchDB fills an index with the first question to it.
    for (const fields of [['updatedAt'], ['owner', 'updatedAt'], ['owner']]) {
      await pouch.createIndex({ index: { fields } });
      await pouch.find({
        selector: Object.fromEntries(fields.map((field) => [field, { $gt: null }])),
        limit: 1,
      });
    }

    const random = seeded(bare.length);
    const ids = Array.from({ length: READS }, () => bare[whole(random, bare.length)]?.id ?? '');
    add(
      'find_one',
      await sampled(
        ids,
        async (id) => {
          if (!(await contacts.findOne(id).exec())) throw new Error('A contact is missing.');
        },
        (id) => pouch.get(id),
      ),
    );

    const places = { start: 0, middle: Math.floor(bare.length / 2), end: bare.length - PAGE - FEW };
    for (const [place, from] of Object.entries(places)) {
      const few = { warmUp: 1, block: 1 };
      // RxDB keeps results of a query: each of these is another one.
      const offsets = Array.from({ length: FEW }, (_, n) => from + n);
      const theirs = async (skip: number) => {
        const sort = [{ updatedAt: 'asc' as const }];
        const { docs } = await pouch.find({
          selector: { updatedAt: { $gt: null } },
          sort,
          skip,
          limit: PAGE,
        });
        if (docs.length !== PAGE) throw new Error(`PouchDB has ${docs.length} contacts on a page.`);
      };
      const ours = async (skip: number) => {
        const sort = [{ updatedAt: 'asc' as const }];
        const docs = await contacts.find({ selector: {}, sort, skip, limit: PAGE }).exec();
        if (docs.length !== PAGE) throw new Error(`RxDB has ${docs.length} contacts on a page.`);
      };
      add(`page_${place}`, await sampled(offsets, ours, theirs, few), AHEAD);
    }

    const owners = bed.company.users.slice(0, FEW);
    add(
      'filtered_sort',
      await sampled(
        owners,
        (owner) => contacts.find({ selector: { owner }, sort: [{ updatedAt: 'desc' }], limit: PAGE }).exec(),
        (owner) =>
          pouch.find({
            selector: { owner, updatedAt: { $gt: null } },
            sort: [{ owner: 'desc' }, { updatedAt: 'desc' }],
            limit: PAGE,
          }),
        { warmUp: 1, block: 1 },
      ),
      AHEAD,
    );
    add(
      'count',
      await sampled(
        owners,
        async (owner) => timed(() => contacts.count({ selector: { owner } }).exec()),
        // It has no count: the documents themselves have to come.
        (owner) => pouch.find({ selector: { owner }, limit: bare.length }),
        { warmUp: 1, block: 1 },
      ),
      AHEAD,
    );
  } finally {
    await close();
    await store.close();
    await pouch.close();
  }
}
