import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredDoc, ViewInfo, ViewQuery } from '../../../electron/store/contract.ts';
import { Catalog } from '../../../electron/store/engine/catalog.ts';
import { DocSort } from '../../../electron/store/engine/docsort.ts';
import { loadMatcher } from '../../../electron/store/engine/matcher.ts';
import { Statements } from '../../../electron/store/engine/sqlite.ts';
import { fold, parsePath } from '../../../electron/store/engine/values.ts';
import { viewMatcher } from '../../../electron/store/engine/viewquery.ts';
import type { Store } from '../../../electron/store/open.ts';
import { changed, codeOf, fresh, id, paper, put, until } from './helpers.ts';
import { raw } from './raw.ts';

const MANY = 12_000;
/** No column holds it, so that documents have to be read. */
const byMood = (direction: 'asc' | 'desc' = 'asc'): ViewQuery => ({
  collection: 'papers',
  selector: {},
  sort: [{ path: 'body.mood', direction }],
});

const mood = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    '',
    'a',
    'A',
    'á',
    'b',
    'zz',
    '10',
    '9',
    '\u{1f600}',
  ),
  fc.constantFrom(
    [],
    ['a'],
    { a: 1 },
    'x'.repeat(90),
    `${'x'.repeat(90)}y`,
    'quoted "text"',
    'line\nbreak',
    '\\',
  ),
  fc.integer(),
  fc.string({ maxLength: 5 }),
);

/** Nothing, numbers with truth values as 0 and 1, folded texts by byte; lists and objects count as nothing. */
function rank(value: unknown): [number, number, Buffer] {
  const none = Buffer.alloc(0);
  if (typeof value === 'boolean') return [1, Number(value), none];
  if (typeof value === 'number') return [1, value, none];
  return typeof value === 'string' ? [2, 0, Buffer.from(fold(value))] : [0, 0, none];
}

function inOrder(docs: readonly StoredDoc[], signs: readonly [first: number, second: number]): string[] {
  const values = (doc: StoredDoc) => doc.body as { mood?: unknown; other?: unknown };
  const compare = (a: unknown, b: unknown) => {
    const [kindA, numberA, textA] = rank(a);
    const [kindB, numberB, textB] = rank(b);
    return kindA - kindB || Math.sign(numberA - numberB) || Buffer.compare(textA, textB);
  };
  return [...docs]
    .sort(
      (a, b) =>
        signs[0] * compare(values(a).mood, values(b).mood) ||
        signs[1] * compare(values(a).other, values(b).other) ||
        signs[1] * (a.id < b.id ? -1 : 1),
    )
    .map((doc) => doc.id);
}

async function ids(store: Store, view: ViewInfo): Promise<string[]> {
  const page = await store.viewRows(view.viewId, 0, 50_000);
  return page.docs.map((doc) => doc.id);
}

async function many(store: Store): Promise<StoredDoc[]> {
  const docs = Array.from({ length: MANY }, (_, n) =>
    paper(n, { body: { mood: `mood ${(n * 7919) % MANY}` } }),
  );
  for (let from = 0; from < MANY; from += 2000) {
    const rows = docs.slice(from, from + 2000).map((doc) => put(doc));
    await store.commit({ rows, search: 'behind' });
  }
  return docs;
}

describe('a list sorted by what no column holds', () => {
  it('puts values of any kind in one order: nothing, numbers, texts, then the key', async () => {
    const directions = fc.constantFrom('asc' as const, 'desc' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ mood, other: mood }, { noNullPrototype: true }), { maxLength: 40 }),
        directions,
        directions,
        async (bodies, first, second) => {
          const { store } = await fresh();
          const docs = bodies.map((body, n) => paper((n * 17) % 41, { body }));
          await store.commit({ rows: docs.map((doc) => put(doc)) });
          const view = await store.openView({
            collection: 'papers',
            selector: {},
            sort: [
              { path: 'body.mood', direction: first },
              { path: 'body.other', direction: second },
            ],
          });
          const signs = [first === 'asc' ? 1 : -1, second === 'asc' ? 1 : -1] as const;
          expect(await ids(store, view)).toEqual(inOrder(docs, signs));
          // Row by row it comes to the same order.
          const moved = docs.map((doc, n) =>
            n % 3 === 0 ? changed(doc, { body: bodies[(n + 1) % bodies.length] }) : doc,
          );
          const rows = moved.flatMap((doc, n) => (doc === docs[n] ? [] : [put(doc, docs[n])]));
          await store.commit({ rows });
          expect(await ids(store, view)).toEqual(inOrder(moved, signs));
          await store.close();
        },
      ),
      { numRuns: Number(process.env.ROADBOOK_RUNS ?? 15), endOnFailure: true },
    );
  });

  it('comes to the same order with next to no memory for keys, with and without the matcher', async () => {
    await loadMatcher();
    const { store, file } = await fresh();
    const text = (n: number) => `${'far the same '.repeat(n % 4 === 0 ? 40 : 3)}${(n * 31) % 97}`;
    const docs = Array.from({ length: 3000 }, (_, n) => paper((n * 7) % 3000, { body: { mood: text(n) } }));
    await store.commit({ rows: docs.map((doc) => put(doc)) });
    await store.close();
    const some = docs.filter(({ shelf }) => shelf === 's1' || shelf === 's2');
    raw(file, (db) => {
      const sql = new Statements(db);
      const collection = new Catalog(sql).get('papers');
      const order = (matcher: boolean, budget: number | undefined) => {
        const steps = new DocSort(sql, {
          collection,
          condition: { sql: matcher ? 'c1 <> ?' : '1', params: matcher ? ['s3'] : [], exact: !matcher },
          parts: [{ path: parsePath('body.mood'), direction: 'asc', type: undefined }],
          keyDirection: 'asc',
          matches: matcher ? viewMatcher({ shelf: { $regex: '[1-3]$' } }) : undefined,
          budget,
        }).run();
        let step = steps.next();
        while (!step.done) step = steps.next();
        const one = sql.values(`SELECT doc FROM ${collection.docs} WHERE row = ?`);
        return [...step.value].map((row) => JSON.parse(one.get(collection.base + row) as string).id);
      };
      expect(order(false, 20_000)).toEqual(inOrder(docs, [1, 1]));
      expect(order(true, 20_000)).toEqual(inOrder(some, [1, 1]));
      expect(order(true, undefined)).toEqual(inOrder(some, [1, 1]));
    });
  });

  it('lets others have their turn, follows their commits, and says how far it is', async () => {
    const { store } = await fresh();
    const docs = await many(store);
    const held = new Map(docs.map((doc) => [doc.id, doc]));
    const shares: number[] = [];
    let open = false;
    const opening = store
      .openView(byMood('desc'), { progress: (share) => shares.push(share) })
      .then((view) => {
        open = true;
        return view;
      });
    let commits = 0;
    const commit = async () => {
      const n = (commits * 601) % MANY;
      const before = held.get(id(n)) as StoredDoc;
      const members =
        commits % 5 === 4 ? { _deleted: !before._deleted } : { body: { mood: `moved ${commits}` } };
      const doc = changed(before, members);
      const added = paper(MANY + commits, { body: { mood: `mood ${commits}x` } });
      for (const one of [doc, added]) held.set(one.id, one);
      commits += 1;
      await store.commit({ rows: [put(doc, before), put(added)] });
    };
    // Asked for behind it, all at once, so that it does not hang on how soon this thread has its turn.
    await Promise.all(Array.from({ length: 6 }, commit));
    expect(open).toBe(false);
    while (!open) await commit();
    const view = await opening;
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    const live = [...held.values()].filter((doc) => !doc._deleted);
    const wanted = inOrder(live, [-1, -1]);
    expect(await ids(store, view)).toEqual(wanted);
  });

  it('shows all of a bulk that came in while it was opened', async () => {
    const { store } = await fresh();
    const docs = await many(store);
    const opening = store.openView(byMood());
    const more = Array.from({ length: 6000 }, (_, n) =>
      paper(MANY + n, { body: { mood: `bulk ${n % 50}` } }),
    );
    await store.commit({ rows: more.map((doc) => put(doc)), search: 'behind' });
    const view = await opening;
    const wanted = inOrder([...docs, ...more], [1, 1]);
    await until(async () => JSON.stringify(await ids(store, view)) === JSON.stringify(wanted));
  });

  it('ends when it is not wanted any more, and others go on', async () => {
    const { store } = await fresh();
    await many(store);
    const stop = new AbortController();
    const ended = codeOf(store.openView(byMood(), { signal: stop.signal }));
    const other = store.openView(byMood('desc'));
    stop.abort();
    expect(await ended).toBe('store.closed');
    expect((await other).count).toBe(MANY);
    expect(await codeOf(store.openView(byMood(), { signal: stop.signal }))).toBe('store.closed');
  });

  it('ends when its store is closed', async () => {
    const { store } = await fresh();
    await many(store);
    const opening = codeOf(store.openView(byMood()));
    const second = codeOf(store.openView(byMood('desc')));
    await store.get('papers', [id(1)]);
    await store.close();
    expect([await opening, await second]).toEqual(['store.closed', 'store.closed']);
  });
});
