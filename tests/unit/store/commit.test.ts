import { describe, expect, it } from 'vitest';
import { RowConflictError } from '../../../electron/store/conflict.ts';
import { addDigest } from '../../../shared/sync/digest.ts';
import { changed, entry, fresh, id, open, paper, put } from './helpers.ts';

describe('a commit', () => {
  it('writes rows, words, history, outbox, memberships, bases and values together, and they survive a restart', async () => {
    const { store, file } = await fresh();
    await store.commit({
      rows: [put(paper(1)), put(paper(2))],
      bases: [{ collection: 'papers', id: id(1), base: { title: 'server' } }],
      history: [entry('m1')],
      outbox: [
        {
          id: 'm1',
          group: 'g1',
          collection: 'papers',
          record: id(1),
          field: 'title',
          mutation: { to: 'new' },
        },
      ],
      memberships: [
        { bucket: 'b', collection: 'papers', id: id(1), op: 'put', digest: `${'0'.repeat(31)}7` },
      ],
      values: { checkpoint: { number: 4 } },
    });
    await store.close();
    const again = await open(file);
    expect((await again.get('papers', [id(1), id(2), id(3)])).map((doc) => doc.title)).toEqual([
      'Paper 1',
      'Paper 2',
    ]);
    expect(await again.bases('papers', [id(1), id(2)])).toEqual({ [id(1)]: { title: 'server' } });
    expect(await again.historyRows({}, 0, 9)).toMatchObject([{ ...entry('m1'), seq: 1 }]);
    expect(await again.outbox('waiting', 9)).toMatchObject([
      { id: 'm1', group: 'g1', state: 'waiting', number: 0 },
    ]);
    expect(await again.bucketDigest('b')).toBe(`${'0'.repeat(31)}7`);
    expect(await again.members('b', 'papers')).toEqual([id(1)]);
    expect(await again.value('checkpoint')).toEqual({ number: 4 });
    expect((await again.search({ text: 'paper', limit: 9 })).hits).toHaveLength(2);
    expect(await again.counts()).toEqual({ papers: 2, people: 0 });
    expect(await again.lookup([id(2), id(9)], 'title')).toEqual({ [id(2)]: 'Paper 2' });
  });

  it('that meets a changed row writes nothing at all and names the row', async () => {
    const { store } = await fresh();
    const one = paper(1);
    await store.commit({ rows: [put(one)] });
    const view = await store.openView({ collection: 'papers', selector: {}, sort: [] });
    const refused = store.commit({
      rows: [put(paper(2)), put(changed(one, { title: 'x' }), { ...one, _rev: '9-z' })],
      history: [entry('m1')],
      values: { a: 1 },
      memberships: [{ bucket: 'b', collection: 'papers', id: id(2), op: 'put', digest: 'ff'.repeat(16) }],
    });
    await expect(refused).rejects.toBeInstanceOf(RowConflictError);
    await expect(refused).rejects.toMatchObject({ collection: 'papers', id: id(1), inStore: one });
    expect(await store.get('papers', [id(2)])).toEqual([]);
    expect(await store.historyCount({})).toEqual({ count: 0, total: 0 });
    expect(await store.value('a')).toBeUndefined();
    expect(await store.bucketDigest('b')).toBe('0'.repeat(32));
    expect((await store.viewRows(view.viewId, 0, 9)).docs).toEqual([one]);
    expect(await store.counts()).toMatchObject({ papers: 1 });
    // The next one goes on where the last good one stood.
    expect((await store.commit({ rows: [put(paper(2))], history: [entry('m1')] })).historyTotal).toBe(1);
    expect(await store.verifyHistory()).toMatchObject({ ok: true, entries: 1 });
  });

  it('refuses a new document where one is, and a change of one that is not there', async () => {
    const { store } = await fresh();
    await store.commit({ rows: [put(paper(1))] });
    await expect(store.commit({ rows: [put(paper(1))] })).rejects.toBeInstanceOf(RowConflictError);
    await expect(store.commit({ rows: [put(changed(paper(2), {}), paper(2))] })).rejects.toMatchObject({
      inStore: undefined,
    });
  });

  it('keeps a deleted row as a tombstone that no list, count or search shows', async () => {
    const { store } = await fresh();
    const one = paper(1);
    await store.commit({ rows: [put(one), put(paper(2))] });
    await store.commit({ rows: [put(changed(one, { _deleted: true }), one)] });
    expect(await store.get('papers', [id(1)])).toMatchObject([{ _deleted: true }]);
    expect(await store.counts()).toMatchObject({ papers: 1 });
    expect((await store.search({ text: 'Paper 1', limit: 9 })).hits).toEqual([]);
    const view = await store.openView({ collection: 'papers', selector: {}, sort: [] });
    expect(view.count).toBe(1);
  });

  it('settles mutations, tells history what became of them, and forgets what a backup holds', async () => {
    const { store } = await fresh();
    const out = (mutation: string, record: string) => ({
      id: mutation,
      group: 'g',
      collection: 'papers',
      record,
      field: 'title',
      mutation: { mutation },
    });
    await store.commit({
      history: [entry('m1'), entry('m2'), entry('m3')],
      outbox: [out('m1', id(1)), out('m2', id(2)), out('m3', id(1))],
    });
    expect((await store.outboxOf([id(1)])).map((found) => found.id)).toEqual(['m1', 'm3']);
    await store.commit({
      settle: [
        { id: 'm1', state: 'accepted', number: 7, history: 'sent' },
        { id: 'm2', state: 'refused', number: 0, history: 'refused' },
      ],
    });
    expect(await store.outboxCount()).toBe(1);
    expect((await store.historyRows({}, 0, 9)).map((row) => row.state)).toEqual(['saved', 'refused', 'sent']);
    await store.commit({ durableThrough: 6 });
    expect(await store.outbox('accepted', 9)).toHaveLength(1);
    await store.commit({ durableThrough: 7 });
    expect(await store.outbox('accepted', 9)).toEqual([]);
    expect(await store.outbox('refused', 9)).toHaveLength(1);
    expect(await store.verifyHistory()).toMatchObject({ ok: true, entries: 3 });
  });

  it('does not write an entry of a mutation twice', async () => {
    const { store } = await fresh();
    await store.commit({ history: [entry('m1'), entry(''), entry('')] });
    await store.commit({ history: [entry('m1', { to: 'again' }), entry('m2')] });
    expect((await store.historyRows({}, 0, 9)).map((row) => row.mutation)).toEqual(['m2', '', '', 'm1']);
  });

  it('keeps each bucket digest equal to the sum over its memberships, whatever comes and goes', async () => {
    const { store } = await fresh();
    const digest = (n: number) => n.toString(16).padStart(2, '0').repeat(16);
    const write = (n: number, op: 'put' | 'remove', value = n) => ({
      bucket: `b${n % 3}`,
      collection: 'papers',
      id: id(n),
      op,
      digest: op === 'put' ? digest(value) : '',
    });
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    await store.commit({ memberships: numbers.map((n) => write(n, 'put')) });
    await store.commit({
      memberships: numbers.filter((n) => n % 4 === 0).map((n) => write(n, 'put', 255 - n)),
    });
    await store.commit({ memberships: numbers.filter((n) => n % 5 === 0).map((n) => write(n, 'remove')) });
    await store.commit({ memberships: [write(999, 'remove')] });
    for (const bucket of [0, 1, 2]) {
      const left = numbers.filter((n) => n % 3 === bucket && n % 5 !== 0);
      const sum = left.map((n) => digest(n % 4 === 0 ? 255 - n : n)).reduce(addDigest, '0'.repeat(32));
      expect(await store.bucketDigest(`b${bucket}`)).toBe(sum);
      expect(await store.recomputeDigest(`b${bucket}`)).toBe(sum);
      expect((await store.members(`b${bucket}`, 'papers')).sort()).toEqual(left.map(id).sort());
    }
  });

  it('tells listeners which rows changed before it is answered', async () => {
    const { store } = await fresh();
    const heard: unknown[] = [];
    store.on((event) => heard.push(event));
    await store.commit({ rows: [put(paper(1)), put(paper(2))], history: [entry('m1')] });
    expect(heard).toEqual([
      { type: 'rows', collection: 'papers', ids: [id(1), id(2)] },
      { type: 'history', total: 1 },
    ]);
  });

  it('is refused with store.closed once the store is closed', async () => {
    const { store } = await fresh();
    await store.close();
    await expect(store.commit({ values: { a: 1 } })).rejects.toMatchObject({ code: 'store.closed' });
  });
});
