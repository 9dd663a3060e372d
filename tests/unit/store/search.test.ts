import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../electron/store/engine/engine.ts';
import { changed, engineWith, folder, fresh, id, open, paper, put, until } from './helpers.ts';

/** A clock that goes forward by so many milliseconds whenever it is looked at. */
function ticks(by: number): () => number {
  let now = 0;
  return () => {
    now += by;
    return now;
  };
}

const rows = [
  put(
    paper(1, {
      title: 'Jürgen Müller',
      body: {
        abstract: 'Met at the fair in Zürich, likes sailing.',
        mails: [{ address: 'j.mueller@acme-tools.com' }],
        numbers: ['+49 (170) 555-1004'],
      },
    }),
  ),
  put(
    paper(2, {
      title: 'Anna Li',
      body: { abstract: 'Knows Müller from school.', numbers: ['0171 2223334'] },
    }),
  ),
  put(
    paper(3, {
      title: 'Linda Annasdottir',
      body: { abstract: `${'x'.repeat(400)} harbour ${'y'.repeat(400)}` },
    }),
  ),
  put({ ...paper(4), title: undefined, name: 'Annabel Müller' } as never, undefined, 'people'),
];

async function found(
  store: Awaited<ReturnType<typeof fresh>>['store'],
  text: string,
  collections?: string[],
) {
  const answer = await store.search({ text, limit: 10, ...(collections ? { collections } : {}) });
  return answer.hits.map((hit) => hit.doc.id);
}

describe('search', () => {
  it('finds beginnings of words in any order, without regard to case and accents, titles first, new before old', async () => {
    const { store } = await fresh();
    await store.commit({ rows });
    expect(await found(store, 'muller')).toEqual([id(4), id(1), id(2)]);
    expect(await found(store, 'MÜL jur')).toEqual([id(1)]);
    expect(await found(store, 'ann')).toEqual([id(4), id(2), id(3)]);
    expect(await found(store, 'li')).toEqual([id(2), id(3), id(1)]);
    expect(await found(store, 'ann', ['people'])).toEqual([id(4)]);
    expect(await found(store, 'nobody')).toEqual([]);
    expect(await found(store, ' .," ')).toEqual([]);
    expect(await found(store, 'title:anna OR "')).toEqual([]);
    // Letters of a script that came after the index's tables: no words, and no failure.
    expect(await found(store, 'a\u{1e900}b\u{1e901}')).toEqual([]);
  });

  it('finds an e-mail address while it is typed', async () => {
    const { store } = await fresh();
    await store.commit({ rows });
    const address = 'j.mueller@acme-tools.com';
    for (let length = 3; length <= address.length; length += 1) {
      expect(await found(store, address.slice(0, length)), address.slice(0, length)).toContain(id(1));
    }
  });

  it.each(['+49 170 5551004', '0170 555 1004', '01705551004', '1705551004', '0049170555', '170/555-10'])(
    'finds the phone number +49 (170) 555-1004 typed as %s',
    async (typed) => {
      const { store } = await fresh();
      await store.commit({ rows });
      expect(await found(store, typed)).toEqual([id(1)]);
    },
  );

  it('shows the text around the match in parts, odd ones being the match', async () => {
    const { store } = await fresh();
    await store.commit({ rows });
    const excerpts = async (text: string) =>
      (await store.search({ text, limit: 9 })).hits.map((hit) => hit.excerpt);
    expect(await excerpts('muller jurgen')).toEqual([['', 'Jürgen', ' ', 'Müller', '']]);
    expect((await excerpts('zurich'))[0]).toEqual(['Met at the fair in ', 'Zürich', ', likes sailing.']);
    expect((await excerpts('0170555'))[0]?.[1]).toBe('170) 555');
    const [long] = await excerpts('harb');
    expect(long?.[1]).toBe('harb');
    expect(long?.join('').length).toBeLessThan(130);
    expect(long?.[0]?.startsWith('…')).toBe(true);
    expect(long?.at(-1)?.endsWith('…')).toBe(true);
  });

  it('follows changes and deletions', async () => {
    const { store } = await fresh();
    const one = paper(1, { title: 'before' });
    await store.commit({ rows: [put(one)] });
    const two = changed(one, { title: 'after' });
    await store.commit({ rows: [put(two, one)] });
    expect([await found(store, 'before'), await found(store, 'after')]).toEqual([[], [id(1)]]);
    await store.commit({ rows: [put(changed(two, { _deleted: true }), two)] });
    expect(await found(store, 'after')).toEqual([]);
  });

  it('left behind is built by itself, and what is asked together with the commit is answered before that', async () => {
    const { store } = await fresh();
    const heard: string[] = [];
    store.on((event) => {
      if (event.type === 'search-complete') heard.push('complete');
    });
    const rows = Array.from({ length: 2000 }, (_, n) => put(paper(n)));
    const commit = store.commit({ rows, search: 'behind' });
    const answered = store.get('papers', [id(5)]).then((docs) => heard.push(`${docs.length} document`));
    await Promise.all([commit, answered]);
    await until(() => heard.includes('complete'));
    expect(heard).toEqual(['1 document', 'complete']);
    expect(await store.search({ text: 'about 1999', limit: 5 })).toMatchObject({
      complete: true,
      hits: [{ doc: { id: id(1999) } }],
    });
  });

  it('left behind is built in steps of bounded rows and time, and a search meanwhile says that it is not complete', () => {
    const count = 2000;
    const rows = Array.from({ length: count }, (_, n) => put(paper(n)));
    const stepsOf = (engine: Engine) => {
      let steps = 0;
      for (; !engine.find({ text: 'paper', limit: 1 }).complete; steps += 1) engine.behind.step();
      return steps;
    };
    // A clock that stands still leaves the bound of rows; one that ticks a millisecond a look, that of time.
    const [still, ticking] = [engineWith({ now: () => 0 }), engineWith({ now: ticks(1) })];
    for (const engine of [still, ticking]) {
      engine.commit({ rows, search: 'behind' });
      expect(engine.find({ text: 'about 1999', limit: 5 })).toMatchObject({ hits: [], complete: false });
    }
    expect(stepsOf(still)).toBeGreaterThanOrEqual(count / 400);
    expect(stepsOf(ticking)).toBeGreaterThanOrEqual(count / 10);
    for (const engine of [still, ticking]) {
      expect(engine.find({ text: 'about 1999', limit: 5 }).hits).toHaveLength(1);
      engine.close();
    }
  });

  it('left behind and changed before it is built shows only what is there now', async () => {
    const { store } = await fresh();
    const docs = Array.from({ length: 1500 }, (_, n) => paper(n));
    await store.commit({ rows: docs.map((doc) => put(doc)), search: 'behind' });
    const [first, last] = [docs[0], docs.at(-1)] as [ReturnType<typeof paper>, ReturnType<typeof paper>];
    const now = changed(last, { title: 'Renamed' });
    await store.commit({ rows: [put(now, last)] });
    await store.commit({ rows: [put(changed(now, { title: 'Twice' }), now)], search: 'behind' });
    await store.commit({ rows: [put(changed(first, { _deleted: true }), first)], search: 'behind' });
    await until(async () => (await store.search({ text: 'paper', limit: 1 })).complete);
    expect(await found(store, 'renamed')).toEqual([]);
    expect(await found(store, 'twice')).toEqual([last.id]);
    expect((await store.search({ text: 'paper', limit: 2000 })).hits.map((hit) => hit.doc.id)).not.toContain(
      first.id,
    );
    expect(await found(store, 'about 7 paper 7')).toContain(id(7));
  });

  it('left behind goes on where it was after a restart in the middle', async () => {
    const file = join(folder(), 'store.db');
    const engine = engineWith({ file });
    engine.commit({ rows: Array.from({ length: 2000 }, (_, n) => put(paper(n))), search: 'behind' });
    engine.commit({ rows: [put(paper(5000, { title: 'Gone' }))], search: 'behind' });
    engine.behind.step();
    expect(engine.find({ text: 'about 0 paper 0', limit: 9 }).hits).toHaveLength(1);
    engine.close();
    const half = engineWith({ file, create: false });
    expect(half.find({ text: 'paper', limit: 1 })).toMatchObject({ complete: false, hits: [{}] });
    half.close();
    const again = await open(file);
    await until(async () => (await again.search({ text: 'paper', limit: 1 })).complete);
    for (const n of [0, 777, 1999]) expect(await found(again, `about ${n} paper ${n}`)).toContain(id(n));
    expect(await found(again, 'gone')).toEqual([id(5000)]);
  });

  it('gives each collection its share of a common word', async () => {
    const { store } = await fresh();
    const common = Array.from({ length: 1000 }, (_, n) => put(paper(n, { title: `Common ${n}` })));
    await store.commit({
      rows: [...common, put({ ...paper(9000), name: 'Common person' } as never, undefined, 'people')],
    });
    const answer = await store.search({ text: 'com', limit: 1000 });
    expect(answer.hits.some((hit) => hit.collection === 'people')).toBe(true);
  });
});
