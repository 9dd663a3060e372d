import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StoreEvent } from '../../../electron/store/contract.ts';
import type { Store } from '../../../electron/store/open.ts';
import { packDocs } from '../../../electron/store/packed.ts';
import { changed, codeOf, engineWith, entry, folder, fresh, id, open, paper, put, until } from './helpers.ts';
import { raw } from './raw.ts';

const WORDS = {
  title: 'Xylophonbauer Quittungsblock',
  abstract: 'Nachtwanderweg hinter Glockenspielturm',
  mail: 'canary@quokkaland.example',
  from: 'Vorherigerwert',
  draft: 'Ungesendeteswort',
  file: 'Anhangsinhalt',
} as const;

const canary = (n: number, members: Record<string, unknown> = {}) =>
  paper(n, {
    title: `${WORDS.title} ${n}`,
    body: { pages: n, lent: true, abstract: WORDS.abstract, mails: [{ address: WORDS.mail }] },
    ...members,
  });

/** Everything that the file and its log say to who has the key, clear. The log is told apart by its size. */
function clearText(file: string): string {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
  let bytes: Buffer | undefined;
  raw(copy, (db) => {
    bytes = db.serialize();
  });
  return String(bytes?.toString('latin1')).toLowerCase();
}

const pieces = Object.values(WORDS).flatMap((words) => words.toLowerCase().split(/[ @.]/));
const found = (text: string) => pieces.filter((piece) => piece !== 'example' && text.includes(piece));

async function settled(store: Store, file: string): Promise<void> {
  await until(async () => (await store.stats()).settled);
  await until(() => statSync(`${file}-wal`).size === 0);
}

async function plant(store: Store, numbers: readonly number[]): Promise<void> {
  await store.commit({
    rows: numbers.map((n) => put(canary(n))),
    bases: numbers.map((n) => ({ collection: 'papers', id: id(n), base: { was: WORDS.from } })),
    history: numbers.map((n) => entry(`m${n}`, { record: id(n), name: WORDS.title, from: WORDS.from })),
    outbox: numbers.map((n) => ({
      id: `m${n}`,
      group: `g${n}`,
      collection: 'papers',
      record: id(n),
      field: 'title',
      mutation: { value: WORDS.draft },
    })),
  });
}

const purgeOf = (n: number, previous = '1-a') => ({ collection: 'papers', id: id(n), previous });

test('of a purged row nothing is left: not in rows, words, history, outbox, bases, free pages or the log', async () => {
  const { store, file } = await fresh();
  const others = Array.from({ length: 3000 }, (_, n) => put(paper(n + 1000)));
  const planted = Array.from({ length: 60 }, (_, n) => n * 3 + 1);
  for (let at = 0; at < others.length; at += 100) {
    await store.commit({ rows: others.slice(at, at + 100) });
    const some = planted.slice(at / 50, at / 50 + 2);
    if (some.length > 0) await plant(store, some);
  }
  // Longer than before, so that pages are split and rows move.
  const [first] = planted;
  const grown = changed(canary(first as number), {
    body: { pages: 1, abstract: `${WORDS.abstract} `.repeat(80) },
  });
  await store.commit({ rows: [{ collection: 'papers', doc: grown, previous: '1-a' }] });
  await until(async () => (await store.stats()).settled);
  expect(found(clearText(file)).sort()).toEqual(
    [...new Set(pieces)].filter((piece) => piece !== 'example' && piece !== 'anhangsinhalt').sort(),
  );

  for (const n of planted) {
    await store.commit({ purge: [purgeOf(n, n === first ? grown._rev : '1-a')] });
  }
  expect(await store.get('papers', planted.map(id))).toEqual([]);
  expect(await store.outboxCount()).toBe(0);
  expect(await store.bases('papers', planted.map(id))).toEqual({});
  expect((await store.search({ text: 'xylophonbauer', limit: 10 })).hits).toEqual([]);
  expect((await store.historyRows({ record: id(first as number) }, 0, 9)).map(({ kind }) => kind)).toEqual([
    'erased',
  ]);
  expect(await store.historyCount({ text: WORDS.from })).toMatchObject({ count: 0 });
  expect(await store.verifyHistory()).toMatchObject({ ok: true, entries: planted.length });
  expect(await store.counts()).toMatchObject({ papers: 3000 });
  await settled(store, file);
  expect(found(clearText(file))).toEqual([]);
  await store.close();
  expect(found(clearText(file))).toEqual([]);
});

test('words that were not yet forgotten when the app ended are forgotten after the next start', async () => {
  const { store, file } = await fresh();
  await plant(store, [1]);
  await store.commit({ purge: [purgeOf(1)] });
  await store.close();
  const again = await open(file);
  await settled(again, file);
  await again.close();
  expect(found(clearText(file))).toEqual([]);
});

test('words of rows that leave while those of others are being forgotten are forgotten too', () => {
  const file = join(folder(), 'store.db');
  const engine = engineWith({ file });
  const numbers = Array.from({ length: 1500 }, (_, n) => n);
  const planted = numbers.filter((n) => n % 50 === 7);
  for (let at = 0; at < numbers.length; at += 30) {
    const rows = numbers.slice(at, at + 30).map((n) => put(n % 50 === 7 ? canary(n) : paper(n)));
    engine.commit({ rows });
  }
  for (const n of planted) {
    engine.commit({ purge: [purgeOf(n)] });
    // One step of many: the index is half merged when the next row leaves.
    engine.behind.step();
  }
  let steps = 0;
  for (; engine.behind.due() !== undefined; steps += 1) engine.behind.step();
  expect(steps).toBeGreaterThan(2);
  engine.close();
  expect(found(clearText(file))).toEqual([]);
});

test('attachments of a purged row go with it', async () => {
  const engine = engineWith();
  const data = Buffer.from(WORDS.file);
  const doc = canary(1, { _attachments: { note: { length: data.length, type: 'text/plain', digest: 'd' } } });
  engine.commit(
    {},
    {
      collection: 'papers',
      docs: packDocs([doc], 'id', []),
      previous: [undefined],
      attached: true,
      attachments: [{ id: id(1), name: 'note', type: 'text/plain', digest: 'd', data }],
    },
  );
  const papers = engine.catalog.get('papers');
  expect(engine.attachments.read(papers, id(1), 'note', 'd')).toBeDefined();
  engine.commit({ purge: [purgeOf(1)] });
  expect(engine.attachments.read(papers, id(1), 'note', 'd')).toBeUndefined();
  engine.close();
});

test('a row that was edited since it was read is not purged, and nothing of that commit is written', async () => {
  const { store } = await fresh();
  const doc = canary(1);
  await store.commit({ rows: [put(doc)] });
  await store.commit({ rows: [put(changed(doc, { title: 'Edited' }), doc)] });
  const refused = store.commit({ purge: [purgeOf(1)], values: { checkpoint: 7 } });
  await expect(refused).rejects.toMatchObject({ id: id(1) });
  expect(await store.value('checkpoint')).toBeUndefined();
  expect((await store.get('papers', [id(1)]))[0]).toMatchObject({ title: 'Edited' });
  expect(await codeOf(store.commit({ purge: [{ ...purgeOf(2), previous: undefined }] }))).toBe('no error');
});

test('open lists and live queries hear that the row is gone, and of nothing that it said', async () => {
  const { store } = await fresh();
  const heard: StoreEvent[] = [];
  await store.commit({ rows: [put(canary(1)), put(paper(2))] });
  const view = await store.openView({ collection: 'papers', selector: {}, sort: [] });
  store.on((event) => heard.push(event));
  await store.commit({ purge: [purgeOf(1)] });
  expect(heard).toContainEqual({ type: 'rows', collection: 'papers', ids: [id(1)] });
  const { docs, count } = await store.viewRows(view.viewId, 0, 10);
  expect([docs.map((doc) => doc.id), count]).toEqual([[id(2)], 1]);
  // The row may come back as a new one.
  await store.commit({ rows: [put(canary(1))] });
  expect((await store.search({ text: 'xylophonbauer', limit: 10 })).hits).toHaveLength(1);
});

test('a row is told in which buckets it is, and a bucket without rows is none', async () => {
  const { store } = await fresh();
  const member = (bucket: string, op: 'put' | 'remove', digest = '') => ({
    bucket,
    collection: 'papers',
    id: id(1),
    op,
    digest,
  });
  const digest = 'ab'.repeat(16);
  await store.commit({ rows: [put(paper(1))], memberships: [member('a', 'put', digest)] });
  await store.commit({ memberships: [member('b', 'put', digest)] });
  expect(await store.memberships('papers', [id(1), id(2)])).toEqual({
    [id(1)]: [
      { bucket: 'a', digest },
      { bucket: 'b', digest },
    ],
  });
  await store.commit({ memberships: [member('a', 'remove')] });
  expect(await store.buckets()).toEqual(['b']);
  expect(await store.memberships('papers', [id(1)])).toEqual({ [id(1)]: [{ bucket: 'b', digest }] });
});
