import fc from 'fast-check';
import type { RxDocumentData, RxJsonSchema, RxStorageInstance } from 'rxdb';
import {
  blobToString,
  createBlob,
  fillWithDefaultSettings,
  getQueryMatcher,
  getSortComparator,
  normalizeMangoQuery,
  prepareQuery,
} from 'rxdb';
import { describe, expect, it } from 'vitest';
import type { ColumnSpec } from '../../../electron/store/contract.ts';
import type { Store } from '../../../electron/store/open.ts';
import { getRxStorage } from '../../../electron/store/rx-storage.ts';
import { fresh, open, paper, put } from './helpers.ts';
import { papers, people } from './options.ts';

interface Thing {
  id: string;
  k?: unknown;
  n?: unknown;
  b?: unknown;
  body?: Record<string, unknown>;
}
type Data = RxDocumentData<Thing>;

const schema = (attachments = false): RxJsonSchema<Data> =>
  fillWithDefaultSettings<Thing>({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 40 },
      k: { type: 'string', maxLength: 40 },
      n: { type: 'number' },
      b: { type: 'boolean' },
      body: { type: 'object', properties: { x: { type: 'string', maxLength: 40 }, y: { type: 'number' } } },
    },
    indexes: ['k', 'n', 'b', 'body.x', 'body.y'],
    ...(attachments ? { attachments: {} } : {}),
  } as never) as RxJsonSchema<Data>;

let names = 0;

async function instance(
  store: Store,
  more: Partial<{ name: string; attachments: boolean; schema: RxJsonSchema<Data> }> = {},
) {
  names += 1;
  return getRxStorage(store).createStorageInstance<Thing>({
    databaseInstanceToken: 'token',
    databaseName: 'db',
    collectionName: more.name ?? `things${names}`,
    schema: more.schema ?? schema(more.attachments),
    options: {},
    multiInstance: false,
    devMode: false,
  }) as Promise<RxStorageInstance<Thing, unknown, unknown>>;
}

let clock = 1000;

function data(members: Partial<Thing> & { id: string }, more: Record<string, unknown> = {}): Data {
  clock += 0.01;
  return {
    _deleted: false,
    _attachments: {},
    _rev: '1-a',
    _meta: { lwt: clock },
    ...members,
    ...more,
  } as unknown as Data;
}

function next(doc: Data, members: Record<string, unknown>): Data {
  return data({ ...doc, ...members } as Data, { _rev: `${Number.parseInt(doc._rev, 10) + 1}-a`, ...members });
}

const uuid = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Values that a field may hold, mostly of one kind: what a column can take over, and what it must not. */
const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', 'b', 'ab', 'B', 'é', 'ﬀ', '😀', '', 'a.b') },
  { weight: 6, arbitrary: fc.constantFrom(-1, 0, 1, 1.5, 2, 10, 1e15) },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
);
const odd = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc.record({ z: scalar }, { noNullPrototype: true }),
);
const text = fc.constantFrom('', 'a', 'b', 'ab', 'B', 'é', 'abc', 'a b');
const number = fc.constantFrom(-1, 0, 1, 1.5, 2, 10);

function things(
  value: { k: fc.Arbitrary<unknown>; n: fc.Arbitrary<unknown>; b: fc.Arbitrary<unknown> },
  ids: fc.Arbitrary<string>,
) {
  const one = fc.record(
    {
      id: ids,
      k: value.k,
      n: value.n,
      b: value.b,
      body: fc.record({ x: value.k, y: value.n }, { requiredKeys: [], noNullPrototype: true }),
    },
    { requiredKeys: ['id'], noNullPrototype: true },
  );
  return fc.uniqueArray(one, { selector: (thing) => thing.id, maxLength: 25 });
}

const uuids = fc.nat({ max: 60 }).map(uuid);
const plainIds = fc.constantFrom(...'abcdefghij'.split(''), 'A', 'Z', 'é', '', '😀', 'aa', 'ab');
/** Tidy data goes through SQL, odd data through the matcher, mixed keys through both. */
const population = fc.oneof(
  things({ k: text, n: number, b: fc.boolean() }, uuids),
  things(
    { k: fc.oneof(text, fc.constant(null)), n: fc.oneof(number, fc.constant(null)), b: fc.boolean() },
    plainIds,
  ),
  things({ k: scalar, n: scalar, b: scalar }, uuids),
  things({ k: odd, n: odd, b: odd }, fc.oneof(uuids, plainIds)),
);

const path = fc.constantFrom('k', 'n', 'b', 'body.x', 'body.y', 'id', '_meta.lwt');
const operand = fc.oneof(scalar, plainIds, uuids);
const operators = fc.oneof(
  fc.record({ op: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value: operand }),
  fc.record({ op: fc.constantFrom('$in', '$nin'), value: fc.array(operand, { maxLength: 3 }) }),
  fc.record({ op: fc.constant('$exists'), value: fc.boolean() }),
  fc.record({ op: fc.constant('$regex'), value: fc.constantFrom('a', '^a', 'b$', 'A', 'a\\.b', '.') }),
);
const field = fc
  .tuple(path, fc.array(operators, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([name, list, negate]) => {
    const wanted = Object.fromEntries(list.map(({ op, value }) => [op, value]));
    return { [name]: negate ? { $not: wanted } : wanted };
  });
const { selector } = fc.letrec<{ selector: Record<string, unknown>; part: Record<string, unknown> }>(
  (tie) => ({
    selector: fc.oneof(
      { maxDepth: 2 },
      field,
      fc.tuple(field, field).map(([a, b]) => ({ ...a, ...b })),
      fc
        .record({
          join: fc.constantFrom('$and', '$or', '$nor'),
          parts: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
        })
        .map(({ join, parts }) => ({ [join]: parts })),
    ),
    part: tie('selector') as fc.Arbitrary<Record<string, unknown>>,
  }),
);
const query = fc.record(
  {
    selector,
    sort: fc.uniqueArray(fc.tuple(path, fc.constantFrom('asc', 'desc')), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 2,
    }),
    skip: fc.nat({ max: 3 }),
    limit: fc.nat({ max: 6 }),
  },
  { requiredKeys: ['selector'], noNullPrototype: true },
);

describe("RxDB's queries", () => {
  it('find exactly what its own matcher and comparator would, whatever the data', async () => {
    const { store } = await fresh();
    await fc.assert(
      fc.asyncProperty(
        population,
        fc.array(query, { minLength: 12, maxLength: 12 }),
        fc.nat(),
        async (docs, queries, seed) => {
          const made = await instance(store);
          const rows = docs.map((doc, i) =>
            data(doc as Thing, (seed + i) % 5 === 0 ? { _deleted: true } : {}),
          );
          if (rows.length > 0)
            expect(
              (
                await made.bulkWrite(
                  rows.map((document) => ({ document })),
                  'test',
                )
              ).error,
            ).toEqual([]);
          for (const { sort, ...rest } of queries) {
            const order = sort?.map(([name, direction]) => ({ [name as string]: direction }));
            const live = { ...rest, selector: { $and: [rest.selector, { _deleted: { $eq: false } }] } };
            const filled = normalizeMangoQuery(made.schema, {
              ...live,
              ...(order ? { sort: order } : {}),
            } as never);
            const matches = getQueryMatcher(made.schema, filled as never);
            const compare = getSortComparator(made.schema, filled as never) as (
              a: unknown,
              b: unknown,
            ) => number;
            const all = rows
              .filter((row) => matches(row))
              .sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : 1));
            const skip = filled.skip;
            const expected = all.slice(skip, filled.limit === undefined ? undefined : skip + filled.limit);
            const prepared = prepareQuery(made.schema, filled as never);
            const found = await made.query(prepared as never);
            expect(
              found.documents.map((doc) => doc.id),
              JSON.stringify(filled),
            ).toEqual(expected.map((doc) => doc.id));
            expect(found.documents).toEqual(expected);
            expect((await made.count(prepared as never)).count, JSON.stringify(filled)).toBe(expected.length);
          }
          await made.remove();
        },
      ),
      { numRuns: Number(process.env.ROADBOOK_RUNS ?? 40), endOnFailure: true },
    );
  });

  it('over columns alone never look into documents', async () => {
    const { store } = await fresh();
    const made = await instance(store);
    await made.bulkWrite(
      [1, 2, 3].map((n) => ({
        document: data({ id: uuid(n), k: `k${n}`, n, b: true, body: { x: 'x', y: n } }),
      })),
      'test',
    );
    const run = async (wanted: Record<string, unknown>, sort: Record<string, string>[]) => {
      const filled = normalizeMangoQuery(made.schema, {
        selector: { _deleted: { $eq: false }, ...wanted },
        sort,
      } as never);
      return (await made.query(prepareQuery(made.schema, filled as never) as never)).documents.map(
        (doc) => doc.n,
      );
    };
    expect(await run({ k: { $in: ['k1', 'k3'] }, n: { $gte: 1 } }, [{ 'body.y': 'desc' }])).toEqual([3, 1]);
    expect(await run({ $or: [{ b: false }, { 'body.y': { $lt: 3 } }] }, [{ k: 'asc' }])).toEqual([1, 2]);
    expect(await store.stats()).toMatchObject({ fallbacks: 0 });
    expect(await run({ k: { $regex: '^k[12]' } }, [{ n: 'asc' }])).toEqual([1, 2]);
    expect(await store.stats()).toMatchObject({ fallbacks: 1 });
  });
});

describe("RxDB's storage instance", () => {
  it('fills the columns of a store that was opened with the same columns in another order', async () => {
    const { store, file } = await fresh();
    await store.close();
    // Two columns of texts change places: one taken for the other would go unnoticed until somebody asks.
    const [title, shelf, ...others] = papers.columns as [ColumnSpec, ColumnSpec, ...ColumnSpec[]];
    const swapped = { ...papers, columns: [shelf, title, ...others] };
    const again = await open(file, { collections: [swapped, people] });
    const things = await instance(again, { name: 'papers' });
    const document = paper(1, { shelf: 'upper' });
    expect(await things.bulkWrite([{ document: document as never }], 'test')).toEqual({ error: [] });
    const view = await again.openView({
      collection: 'papers',
      selector: { shelf: { $eq: 'upper' }, 'body.pages': { $eq: 1 } },
      sort: [],
    });
    expect(view.count).toBe(1);
  });

  it('answers a write per document: what fits is written, what does not is 409 with the document that is there', async () => {
    const { store } = await fresh();
    const made = await instance(store);
    const [a, b, c] = [1, 2, 3].map((n) => data({ id: uuid(n), n })) as [Data, Data, Data];
    await made.bulkWrite([{ document: a }, { document: b }], 'one');
    const a2 = next(a, { n: 10 });
    const stale = next(b, { n: 20 });
    const answer = await made.bulkWrite(
      [
        { previous: a, document: a2 },
        { previous: next(b, {}), document: stale },
        { document: c },
        { document: data({ id: a.id }) },
      ],
      'two',
    );
    expect(answer.error.map((error) => [error.status, error.documentId])).toEqual([
      [409, b.id],
      [409, a.id],
    ]);
    expect(answer.error[0]).toMatchObject({ documentInDb: b, isError: true, context: 'two' });
    expect(await made.findDocumentsById([a.id, b.id, c.id, uuid(9)], false)).toEqual([a2, b, c]);
  });

  it('has told its change stream before the write is answered, in RxDB’s own words', async () => {
    const { store } = await fresh();
    const made = await instance(store);
    const heard: string[][] = [];
    let checkpoint: unknown;
    made.changeStream().subscribe((bulk) => {
      checkpoint = bulk.checkpoint;
      heard.push(bulk.events.map((event) => `${event.operation} ${event.documentId} ${bulk.context}`));
    });
    const a = data({ id: 'a' });
    const gone = data({ id: 'gone' }, { _deleted: true });
    await made.bulkWrite([{ document: a }, { document: gone }], 'c1');
    expect(heard).toEqual([['INSERT a c1']]);
    const a2 = next(a, { n: 1 });
    await made.bulkWrite([{ previous: a, document: a2 }], 'c2');
    const a3 = next(a2, { _deleted: true });
    await made.bulkWrite([{ previous: a2, document: a3 }], 'c3');
    const a4 = next(a3, { _deleted: false });
    await made.bulkWrite([{ previous: a3, document: a4 }], 'c4');
    await made.bulkWrite([{ document: data({ id: 'a' }) }], 'conflict');
    expect(heard.slice(1)).toEqual([['UPDATE a c2'], ['DELETE a c3'], ['INSERT a c4']]);
    expect(checkpoint).toEqual({ id: 'a', lwt: a4._meta.lwt });
  });

  it('gives changed documents in order and never twice, also where many share one time', async () => {
    const { store } = await fresh();
    const made = await instance(store);
    const rows = Array.from({ length: 50 }, (_, n) =>
      data({ id: uuid((n * 7) % 50) }, { _meta: { lwt: 5000 + Math.floor(n / 20) } }),
    );
    await made.bulkWrite(
      rows.map((document) => ({ document })),
      'test',
    );
    const since = made.getChangedDocumentsSince?.bind(made);
    const seen: string[] = [];
    let checkpoint: unknown;
    for (;;) {
      const page = await since?.(7, checkpoint);
      if (!page || page.documents.length === 0) break;
      seen.push(...page.documents.map((doc) => doc.id));
      checkpoint = page.checkpoint;
    }
    const expected = [...rows]
      .sort((a, b) => a._meta.lwt - b._meta.lwt || (a.id < b.id ? -1 : 1))
      .map((doc) => doc.id);
    expect(seen).toEqual(expected);
  });

  it('keeps attachments in the store and refuses one whose bytes were never given (510)', async () => {
    const { store, file } = await fresh();
    const made = await instance(store, { name: 'files', attachments: true });
    const attachment = {
      length: 5,
      type: 'text/plain',
      digest: 'd1',
      data: createBlob('hello', 'text/plain'),
    };
    const stub = { length: 5, type: 'text/plain', digest: 'd1' };
    const a = data({ id: 'a' }, { _attachments: { note: attachment } });
    const b = data({ id: 'b' }, { _attachments: { note: stub } });
    const answer = await made.bulkWrite([{ document: a }, { document: b }] as never, 'test');
    expect(answer.error).toMatchObject([{ status: 510, documentId: 'b', attachmentId: 'note' }]);
    const [stored] = await made.findDocumentsById(['a', 'b'], true);
    expect(stored?._attachments).toEqual({ note: stub });
    await store.close();
    const again = await instance(await open(file), { name: 'files', attachments: true });
    const blob = await again.getAttachmentData('a', 'note', 'd1');
    expect([await blobToString(blob), blob.type]).toEqual(['hello', 'text/plain']);
    const kept = next(stored as Data, { n: 2 });
    expect(
      (await again.bulkWrite([{ previous: stored as Data, document: kept }] as never, 'test')).error,
    ).toEqual([]);
    expect(await blobToString(await again.getAttachmentData('a', 'note', 'd1'))).toBe('hello');
    await again.bulkWrite(
      [{ previous: kept, document: next(kept, { _deleted: true, _attachments: {} }) }] as never,
      'test',
    );
    await expect(again.getAttachmentData('a', 'note', 'd1')).rejects.toThrow();
  });

  it('cleans up tombstones that are old enough, and removes a whole collection', async () => {
    const { store } = await fresh();
    const made = await instance(store, { name: 'kept' });
    const now = Date.now();
    const dead = (id: string, age: number) => data({ id }, { _deleted: true, _meta: { lwt: now - age } });
    await made.bulkWrite(
      [{ document: dead('old', 10_000) }, { document: dead('new', 10) }, { document: data({ id: 'live' }) }],
      'test',
    );
    expect(await made.cleanup(5000)).toBe(true);
    expect((await made.findDocumentsById(['old', 'new', 'live'], true)).map((doc) => doc.id)).toEqual([
      'new',
      'live',
    ]);
    await made.remove();
    await expect(made.findDocumentsById(['live'], true)).rejects.toThrow();
    const anew = await instance(store, { name: 'kept' });
    expect(await anew.findDocumentsById(['live'], true)).toEqual([]);
  });

  it('removes the documents of a collection that the store was opened with, and leaves the collection', async () => {
    const { store } = await fresh();
    const [one, two] = [paper(1), paper(2)];
    await store.commit({ rows: [put(one), put(two)], search: 'behind' });
    const view = await store.openView({ collection: 'papers', selector: {}, sort: [] });
    const made = await instance(store, { name: 'papers' });
    await made.remove();
    expect(await store.counts()).toMatchObject({ papers: 0 });
    expect(await store.viewRows(view.viewId, 0, 9)).toMatchObject({ count: 0, docs: [] });
    await store.commit({ rows: [put(two)] });
    expect(await store.viewRows(view.viewId, 0, 9)).toMatchObject({ count: 1, docs: [two] });
    await expect.poll(async () => (await store.search({ text: 'paper', limit: 9 })).hits.length).toBe(1);
    const again = await instance(store, { name: 'papers' });
    expect(await again.findDocumentsById([one.id, two.id], true)).toEqual([two]);
  });

  it.each([
    ['UT5', { keyCompression: true }],
    ['UT6', { encrypted: ['k'] }],
    ['UT7', { attachments: { compression: 'gzip' } }],
  ])('refuses with %s what only a wrapper may bring', async (code, more) => {
    const { store } = await fresh();
    const asked = instance(store, { schema: { ...schema(), ...more } as never });
    await expect(asked).rejects.toMatchObject({ code });
  });
});
