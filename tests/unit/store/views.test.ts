import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredDoc, StoreEvent, ViewInfo, ViewQuery } from '../../../electron/store/contract.ts';
import type { Store } from '../../../electron/store/open.ts';
import { changed, fresh, id, paper, put, until } from './helpers.ts';

async function ids(store: Store, view: ViewInfo): Promise<string[]> {
  const page = await store.viewRows(view.viewId, 0, 10_000);
  return page.docs.map((doc) => doc.id);
}

const queries: ViewQuery[] = [
  { collection: 'papers', selector: {}, sort: [{ path: 'title', direction: 'asc' }] },
  { collection: 'papers', selector: { shelf: 's1' }, sort: [{ path: 'body.pages', direction: 'desc' }] },
  {
    collection: 'papers',
    selector: { $and: [{ 'body.pages': { $gte: 3 } }, { shelf: { $nin: [null, '', 's2'] } }] },
    sort: [
      { path: 'shelf', direction: 'desc' },
      { path: 'title', direction: 'asc' },
    ],
  },
  { collection: 'papers', selector: { title: { $contains: 'AN' } }, sort: [] },
  {
    collection: 'papers',
    selector: { 'body.abstract': { $contains: 'x' } },
    sort: [{ path: 'body.abstract', direction: 'asc' }],
  },
  {
    collection: 'papers',
    selector: { title: { $regex: 'an', $options: 'i' } },
    sort: [{ path: 'body.mood', direction: 'desc' }],
  },
  {
    collection: 'papers',
    selector: { $or: [{ 'body.lent': true }, { 'body.pages': 0 }] },
    sort: [{ path: 'body.pages', direction: 'asc' }],
  },
];

const fields = fc.record({
  title: fc.constantFrom('Anna', 'anna', 'Ännchen', 'Bob', 'Jan', 'jan', '', 'Zoë'),
  shelf: fc.constantFrom('s1', 's2', 's3', ''),
  body: fc.record(
    {
      pages: fc.nat({ max: 6 }),
      share: fc.constantFrom(-50, 0, 25, 50, 100),
      lent: fc.boolean(),
      abstract: fc.constantFrom('x1', 'X2', 'y', 'xy'),
      mood: fc.constantFrom('a', 'b'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
});
const step = fc.array(
  fc.record({ n: fc.nat({ max: 30 }), act: fc.constantFrom('write', 'write', 'write', 'delete'), fields }),
  { minLength: 1, maxLength: 6 },
);

describe('a view', () => {
  it('equals a fresh query after any sequence of changes, and its version moves with it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { store } = await fresh();
        const views = await Promise.all(queries.map((query) => store.openView(query)));
        const sums = (view: ViewInfo) => store.viewSum(view.viewId, 'body.pages', 'shelf', 'body.share');
        await Promise.all(views.map(sums));
        const held = new Map<string, StoredDoc>();
        for (const acts of steps) {
          const rows = [];
          for (const { n, act, fields: members } of acts) {
            const before = held.get(id(n));
            if (act === 'delete' && !before) continue;
            const doc = before
              ? changed(before, { ...members, _deleted: act === 'delete' })
              : paper(n, members);
            rows.push(put(doc, before));
            held.set(doc.id, doc);
          }
          await store.commit({ rows });
          for (const [i, view] of views.entries()) {
            const again = await store.openView(queries[i] as ViewQuery);
            // A column may have shown something new, for which the view is asked for anew a moment later.
            await until(
              async () => JSON.stringify(await ids(store, view)) === JSON.stringify(await ids(store, again)),
            );
            expect(await sums(view)).toEqual(await sums(again));
            await store.closeView(again.viewId);
          }
        }
        await store.close();
      }),
      { numRuns: Number(process.env.ROADBOOK_RUNS ?? 8), endOnFailure: true },
    );
  });

  it('gives any page, finds a row, and says how many there are', async () => {
    const { store } = await fresh();
    await store.commit({ rows: Array.from({ length: 500 }, (_, n) => put(paper(n))) });
    const view = await store.openView({
      collection: 'papers',
      selector: {},
      sort: [{ path: 'body.pages', direction: 'desc' }],
    });
    expect(view).toMatchObject({ count: 500, version: 1 });
    const page = await store.viewRows(view.viewId, 490, 50);
    expect(page).toMatchObject({ from: 490, count: 500 });
    expect(page.docs.map((doc) => doc.id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(id));
    expect(await store.viewIndexOf(view.viewId, id(9))).toBe(490);
    expect(await store.viewIndexOf(view.viewId, id(5000))).toBe(-1);
    expect((await store.viewRows(view.viewId, 600, 50)).docs).toEqual([]);
    await store.closeView(view.viewId);
    await expect(store.viewRows(view.viewId, 0, 1)).rejects.toThrow();
  });

  it('puts empty values first, folds case and accents, and breaks ties by the primary key', async () => {
    const { store } = await fresh();
    const titles = ['b', 'Ä', 'a', null, 'B', 'á'];
    await store.commit({ rows: titles.map((title, n) => put(paper(n, { title }))) });
    const order = async (direction: 'asc' | 'desc') =>
      ids(
        store,
        await store.openView({ collection: 'papers', selector: {}, sort: [{ path: 'title', direction }] }),
      );
    expect(await order('asc')).toEqual([3, 1, 2, 5, 0, 4].map(id));
    expect(await order('desc')).toEqual([3, 1, 2, 5, 0, 4].reverse().map(id));
  });

  it('says at most about twenty times a second that it changed, and ends with the truth', async () => {
    const { store } = await fresh();
    const view = await store.openView(queries[0] as ViewQuery);
    const heard: { at: number; view: ViewInfo }[] = [];
    store.on((event: StoreEvent) => {
      if (event.type === 'view') heard.push({ at: performance.now(), view: event.view });
    });
    const started = performance.now();
    for (let n = 0; n < 100; n += 1) await store.commit({ rows: [put(paper(n))] });
    await until(() => heard.at(-1)?.view.count === 100);
    const seconds = (performance.now() - started) / 1000;
    expect(heard.length).toBeLessThanOrEqual(Math.ceil(seconds * 20) + 1);
    expect(heard.at(-1)?.view).toMatchObject({ viewId: view.viewId, version: 101 });
  });

  it('follows a bulk of commits without being asked for each of them', async () => {
    const { store } = await fresh();
    const view = await store.openView(queries[0] as ViewQuery);
    let heard = 0;
    let count = 0;
    store.on((event) => {
      if (event.type !== 'view') return;
      heard += 1;
      count = event.view.count;
    });
    for (let part = 0; part < 10; part += 1) {
      const rows = Array.from({ length: 300 }, (_, n) => put(paper(part * 300 + n)));
      await store.commit({ rows, search: 'behind' });
      // Rows that the view already shows can be read all the time.
      await store.viewRows(view.viewId, 0, 50);
    }
    await until(() => count === 3000);
    expect(heard).toBeLessThanOrEqual(10);
    const again = await store.openView(queries[0] as ViewQuery);
    expect(await ids(store, view)).toEqual(await ids(store, again));
  });

  it('sums a number per group, weighted and rounded row by row, and follows changes', async () => {
    const { store } = await fresh();
    const docs = Array.from({ length: 60 }, (_, n) =>
      paper(n, { body: { pages: n * 11, weight: (n * 7) % 101, currency: n % 2 === 0 ? 'EUR' : 'USD' } }),
    );
    await store.commit({ rows: docs.map((doc) => put(doc)) });
    const expected = (members: readonly StoredDoc[]) => {
      const sums = new Map<string, { by: string; sum: number; weighted: number }>();
      for (const { body } of members as unknown as {
        body: { pages: number; weight: number; currency: string };
      }[]) {
        const entry = sums.get(body.currency) ?? { by: body.currency, sum: 0, weighted: 0 };
        entry.sum += body.pages;
        entry.weighted += Math.round((body.pages * body.weight) / 100);
        sums.set(body.currency, entry);
      }
      return { count: members.length, sums: [...sums.values()].sort((a, b) => (a.by < b.by ? -1 : 1)) };
    };
    for (const selector of [{ shelf: { $ne: 's3' } }, { title: { $regex: '[1-5]' } }]) {
      const view = await store.openView({ collection: 'papers', selector, sort: [] });
      const members = docs.filter((doc) =>
        'shelf' in selector ? doc.shelf !== 's3' : /[1-5]/.test(String(doc.title)),
      );
      const sum = () => store.viewSum(view.viewId, 'body.pages', 'body.currency', 'body.weight');
      expect(await sum()).toEqual(expected(members));
      const [first, ...others] = members as [StoredDoc, ...StoredDoc[]];
      const next = changed(first, { body: { pages: 1_000_000, weight: 33, currency: 'EUR' } });
      await store.commit({ rows: [put(next, first)] });
      expect(await sum()).toEqual(expected([next, ...others]));
      docs[docs.indexOf(first)] = next;
    }
  });
});
