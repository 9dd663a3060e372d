import { describe, expect, it } from 'vitest';
import { OF_MUTATION } from '../../../electron/store/engine/history.ts';
import { genesis, leafHash, linkHash, verifyChain } from '../../../shared/audit/chain.ts';
import { entry, fresh, id, open } from './helpers.ts';
import { raw } from './raw.ts';

const many = Array.from({ length: 1200 }, (_, n) =>
  entry(`m${n}`, {
    kind: n % 5 === 0 ? 'create' : 'change',
    user: `u${n % 3}`,
    offline: n % 2 === 0,
    record: id(n % 10),
    collection: n % 4 === 0 ? 'people' : 'papers',
    to: n === 777 ? 'Crème brûlée' : `value ${n}`,
  }),
);

describe('the history', () => {
  it('answers every filter, page and count as a plain search through all entries would, newest first', async () => {
    const { store } = await fresh();
    await store.commit({ history: many.slice(0, 1000) });
    const filters = [
      {},
      { kinds: ['create'] },
      { user: 'u1' },
      { offline: true },
      { collection: 'people', offline: false },
      { record: id(3) },
      { record: id(3), kinds: ['change'], user: 'u0' },
      { text: 'creme' },
      { text: 'VALUE 77' },
      { text: 'nowhere' },
    ];
    const asked = (upTo: number) => (filter: (typeof filters)[number]) => {
      const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
      return many
        .slice(0, upTo)
        .filter((one) => !filter.kinds || filter.kinds.includes(one.kind))
        .filter((one) => filter.user === undefined || one.user === filter.user)
        .filter((one) => filter.offline === undefined || one.offline === filter.offline)
        .filter((one) => filter.collection === undefined || one.collection === filter.collection)
        .filter((one) => filter.record === undefined || one.record === filter.record)
        .filter(
          (one) =>
            !filter.text ||
            fold(`${one.name}\n${one.field}\n${one.from}\n${one.to}`).includes(fold(filter.text)),
        )
        .reverse();
    };
    for (const upTo of [1000, 1200]) {
      if (upTo === 1200) await store.commit({ history: many.slice(1000) });
      for (const filter of filters) {
        const expected = asked(upTo)(filter);
        expect(await store.historyCount(filter)).toEqual({ count: expected.length, total: upTo });
        for (const [from, count] of [
          [0, 20],
          [15, 7],
          [expected.length - 3, 50],
          [expected.length + 5, 5],
        ] as const) {
          const rows = await store.historyRows(filter, Math.max(0, from), count);
          const page = expected.slice(Math.max(0, from), Math.max(0, from) + count);
          expect(rows.map((row) => row.mutation)).toEqual(page.map((one) => one.mutation));
        }
      }
    }
  });

  it('is a chain that anyone with its entries can verify, bound to the device and the store', async () => {
    const { store, file } = await fresh();
    await store.commit({ history: many.slice(0, 900) });
    await store.close();
    const again = await open(file);
    await again.commit({ history: many.slice(900, 950) });
    const verdict = await again.verifyHistory();
    expect(verdict).toMatchObject({ ok: true, entries: 950, fault: null });
    const [newest] = await again.historyRows({}, 0, 1);
    expect(newest?.hash).toBe(verdict.head);
  });

  it('opened for another device does not verify', async () => {
    const { store, file } = await fresh();
    await store.commit({ history: many.slice(0, 3) });
    await store.close();
    const other = await open(file, { owner: 'device-2' });
    expect(await other.verifyHistory()).toMatchObject({ ok: false, fault: { seq: 1, reason: 'link' } });
  });

  it('that was changed, cut or bent under the hood does not verify, and the place is named', async () => {
    const wrong = [
      [
        "UPDATE history_values SET entry = replace(entry, 'value 5', 'value 6') WHERE seq = 6",
        { seq: 6, reason: 'leaf' },
      ],
      ["UPDATE history SET user = 'u9' WHERE seq = 4", { seq: 4, reason: 'leaf' }],
      ['UPDATE history SET leaf = hash WHERE seq = 3', { seq: 3, reason: 'link' }],
      ['DELETE FROM history WHERE seq = 5', { seq: 5, reason: 'gap' }],
      ['DELETE FROM history WHERE seq > 8', { seq: 9, reason: 'gap' }],
    ] as const;
    for (const [sql, fault] of wrong) {
      const { store, file } = await fresh();
      await store.commit({ history: many.slice(0, 10) });
      await store.close();
      raw(file, (db) => db.exec(sql));
      expect(await (await open(file)).verifyHistory()).toMatchObject({ ok: false, fault });
    }
  });

  it('finds the entry of a mutation by index, however long it has become', async () => {
    const { store, file } = await fresh();
    await store.close();
    raw(file, (db) => {
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN UPDATE history SET state = 'x' WHERE ${OF_MUTATION}`)
        .all('m');
      expect(JSON.stringify(plan)).toContain('SEARCH history USING');
    });
  });

  it('still verifies where values were erased', async () => {
    const { store, file } = await fresh();
    await store.commit({ history: many.slice(0, 10) });
    await store.close();
    raw(file, (db) => db.exec('DELETE FROM history_values WHERE seq = 3'));
    const again = await open(file);
    expect(await again.verifyHistory()).toMatchObject({ ok: true, entries: 10 });
    expect((await again.historyRows({}, 7, 1))[0]).toMatchObject({ seq: 3, kind: 'erased', name: '' });
  });

  it('uses the chain of the shared contract', () => {
    const start = genesis('owner', 'incarnation');
    const leaf = leafHash('00', { a: 1 });
    const link = { seq: 1, leaf, hash: linkHash(start, leaf), salt: '00', values: { a: 1 } };
    expect(verifyChain([link], { hash: start, seq: 1 })).toBeNull();
    expect(verifyChain([{ ...link, values: { a: 2 } }], { hash: start, seq: 1 })).toEqual({
      seq: 1,
      reason: 'leaf',
    });
  });
});
