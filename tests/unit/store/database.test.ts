import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../electron/store/database.ts';
import { type Envelope, envelope } from '../../../electron/store/envelope.ts';
import type { Store } from '../../../electron/store/open.ts';
import { fresh, id, open, until } from './helpers.ts';

const spec = {
  name: 'things',
  columns: [
    { name: 'name', path: 'name', type: 'text' as const },
    { name: 'owner', path: 'owner', type: 'key' as const },
    { name: 'updatedAt', path: 'updatedAt', type: 'key' as const },
  ],
  search: { title: ['name'], text: ['body.note'] },
};

function thing(n: number, members: Partial<Envelope> = {}): Envelope {
  const at = `2026-01-01T00:00:${String(n % 60).padStart(2, '0')}.000Z`;
  const empty = {
    tenant: 't',
    team: '',
    territory: '',
    createdBy: '',
    updatedBy: '',
    createdAt: at,
    updatedAt: at,
  };
  return {
    id: id(n),
    rev: 0,
    owner: `o${n % 2}`,
    name: `Thing ${n}`,
    body: { note: `note ${n}` },
    ...empty,
    ...members,
  };
}

/** The same as a commit of the domain writes it. */
function row(n: number, members: Partial<Envelope> = {}, previous?: string) {
  const height = previous === undefined ? 1 : Number.parseInt(previous, 10) + 1;
  const doc = {
    ...thing(n, members),
    _deleted: false,
    _rev: `${height}-d`,
    _meta: { lwt: Date.now() },
    _attachments: {},
  };
  return { collection: 'things', doc, previous };
}

async function withDatabase(): Promise<{
  store: Store;
  file: string;
  things: Awaited<ReturnType<typeof collection>>;
}> {
  const { store, file } = await fresh({ collections: [spec] });
  return { store, file, things: await collection(store) };
}

async function collection(store: Store) {
  const database = await openDatabase(store, 'roadbook', ['things']);
  return database.collections.things;
}

describe('RxDB over the store', () => {
  it('has live queries that follow what the domain commits', async () => {
    const { store, things } = await withDatabase();
    const seen: string[][] = [];
    const query = things.find({ selector: { owner: 'o1' }, sort: [{ updatedAt: 'desc' }] });
    query.$.subscribe((docs) => seen.push(docs.map((doc) => doc.name)));
    await until(() => seen.length === 1);
    await store.commit({ rows: [row(1), row(2), row(3)] });
    await until(() => seen.length === 2);
    const [before] = await store.get('things', [id(1)]);
    await store.commit({
      rows: [row(1, { updatedAt: '2026-02-01T00:00:00.000Z', name: 'Moved' }, before?._rev)],
    });
    await until(() => seen.length === 3);
    const [third] = await store.get('things', [id(3)]);
    const gone = row(3, {}, third?._rev);
    await store.commit({ rows: [{ ...gone, doc: { ...gone.doc, _deleted: true } }] });
    await until(() => seen.length === 4);
    expect(seen).toEqual([[], ['Thing 3', 'Thing 1'], ['Moved', 'Thing 3'], ['Moved']]);
  });

  it('writes that go through RxDB are commits of the store: in views, words and counts, and after a restart', async () => {
    const { store, file, things } = await withDatabase();
    const view = await store.openView({
      collection: 'things',
      selector: {},
      sort: [{ path: 'name', direction: 'asc' }],
    });
    await things.insert(thing(1));
    await things.bulkInsert(Array.from({ length: 80 }, (_, n) => thing(n + 2)));
    const one = await things.findOne(id(1)).exec();
    await one?.incrementalPatch({ name: 'A new name' });
    await one?.getLatest().incrementalPatch({ body: { note: 'rewritten' } });
    await until(async () => (await store.search({ text: 'x', limit: 1 })).complete);
    expect((await store.search({ text: 'rewritten new', limit: 5 })).hits.map((hit) => hit.doc.id)).toEqual([
      id(1),
    ]);
    expect((await store.viewRows(view.viewId, 0, 1)).docs[0]).toMatchObject({ name: 'A new name' });
    expect(await store.counts()).toEqual({ things: 81 });
    expect(await things.count().exec()).toBe(81);
    await things.findOne(id(2)).remove();
    expect(await store.counts()).toEqual({ things: 80 });
    await store.close();
    const again = await collection(await open(file, { collections: [spec] }));
    expect((await again.findOne(id(1)).exec())?.body).toEqual({ note: 'rewritten' });
    expect(await again.count({ selector: { owner: 'o1' } }).exec()).toBe(41);
  });

  it('many edits of one document at once all arrive', async () => {
    const { things } = await withDatabase();
    const doc = await things.insert(thing(1, { body: { n: 0 } }));
    await Promise.all(
      Array.from({ length: 30 }, () =>
        doc.incrementalModify((old) => ({ ...old, body: { n: Number(old.body.n) + 1 } })),
      ),
    );
    expect((await things.findOne(id(1)).exec())?.body).toEqual({ n: 30 });
  });

  it('refuses a second document with the same key, and lets a deleted one come back', async () => {
    const { things } = await withDatabase();
    const first = await things.insert(thing(1));
    await expect(things.insert(thing(1))).rejects.toMatchObject({ code: 'CONFLICT' });
    await first.remove();
    await things.insert(thing(1, { name: 'Back' }));
    expect((await things.find().exec()).map((doc) => doc.name)).toEqual(['Back']);
  });

  it('has a frozen schema: another shape of the envelope would need a migration that RxDB must not make', () => {
    expect(envelope.version).toBe(0);
    expect(Object.keys(envelope.properties)).toEqual(envelope.required);
  });
});
