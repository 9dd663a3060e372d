import { describe, expect, it } from 'vitest';
import { changed, fresh, id, open, paper, put, until } from './helpers.ts';

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
  it('finds beginnings of words in any order, without regard to case and accents, titles first', async () => {
    const { store } = await fresh();
    await store.commit({ rows });
    expect(await found(store, 'muller')).toEqual([id(1), id(4), id(2)]);
    expect(await found(store, 'MÜL jur')).toEqual([id(1)]);
    expect(await found(store, 'ann')).toEqual([id(2), id(4), id(3)]);
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

  it('left behind is built by itself, says so, and other requests are answered meanwhile', async () => {
    const { store } = await fresh();
    let complete = 0;
    store.on((event) => {
      if (event.type === 'search-complete') complete += 1;
    });
    for (let part = 0; part < 4; part += 1) {
      await store.commit({
        rows: Array.from({ length: 500 }, (_, n) => put(paper(part * 500 + n))),
        search: 'behind',
      });
    }
    const early = await store.search({ text: 'paper', limit: 1 });
    expect(early.complete).toBe(false);
    let answered = 0;
    while (complete === 0) {
      await store.get('papers', [id(5)]);
      answered += 1;
    }
    expect(answered).toBeGreaterThan(5);
    expect(await store.search({ text: 'about 1999', limit: 5 })).toMatchObject({
      complete: true,
      hits: [{ doc: { id: id(1999) } }],
    });
    expect(complete).toBe(1);
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
    const { store, file } = await fresh();
    await store.commit({ rows: Array.from({ length: 2000 }, (_, n) => put(paper(n))), search: 'behind' });
    await store.commit({ rows: [put(paper(5000, { title: 'Gone' }))], search: 'behind' });
    expect((await store.search({ text: 'paper', limit: 1 })).complete).toBe(false);
    await store.close();
    const again = await open(file);
    expect((await again.search({ text: 'paper', limit: 1 })).complete).toBe(false);
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
