import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3-multiple-ciphers';
import type { StoredDoc } from '../../../electron/store/contract.ts';
import { Engine } from '../../../electron/store/engine/engine.ts';
import { headKey, readHead } from '../../../electron/store/engine/head.ts';
import { KEY, options } from '../../unit/store/options.ts';
import { advance, id, type Model } from './plan.ts';

export interface Told {
  /** Commits that were acknowledged: not one may be missing. */
  readonly acknowledged: number;
  /** Commits that were begun: the last of them may be there, whole. */
  readonly started: number;
}

/** A power cut may take back the head file, which is not fsynced; a killed process may not. */
export type Harm = 'kill' | 'power cut';

/**
 * Opens the store as its harm left it and compares every part of it with what the plan says: documents, indexes,
 * words and their parts, history and its chain, outbox, bases, memberships and their digest, head. Everything of a commit, or nothing.
 * @param model as it was at an earlier look; it is moved on
 * @returns the last commit that is there
 */
export async function check(file: string, told: Told, model: Model, harm: Harm): Promise<number> {
  const before = readHead(file, headKey(KEY));
  const { workerUrl: _, ...rest } = options(file);
  const engine = new Engine({ ...rest, acceptOlder: false, nativeBinding: undefined }, () => {});
  try {
    const last = (engine.value('last') as number | undefined) ?? 0;
    assert.ok(
      last >= told.acknowledged,
      `commit ${told.acknowledged} was acknowledged, ${last} is the last one here`,
    );
    assert.ok(last <= told.started, `commit ${last} is here, but only ${told.started} was begun`);
    advance(model, last);
    documents(engine, model);
    await queries(engine, model);
    words(engine, model);
    await history(engine, model);
    remainder(engine, model);
  } finally {
    engine.close();
  }
  heads(file, before, harm);
  tables(file);
  return model.last;
}

function documents(engine: Engine, model: Model): void {
  const ids = Array.from({ length: 2 * model.last + 6 }, (_, n) => id(n + 2));
  const found = engine.get('papers', ids).map((text) => JSON.parse(text) as StoredDoc);
  same(
    found,
    ids.flatMap((one) => model.papers.get(one) ?? []),
    'documents',
  );
  same(
    engine.get('people', [id(1)]).map((text) => JSON.parse(text)),
    model.person ? [model.person] : [],
    'person',
  );
  assert.equal(engine.counts().papers, live(model).length, 'count of live documents');
}

function live(model: Model): StoredDoc[] {
  return [...model.papers.values()].filter((doc) => !doc._deleted);
}

/** By indexed columns, in both directions. */
async function queries(engine: Engine, model: Model): Promise<void> {
  const papers = engine.catalog.get('papers');
  for (const shelf of ['moved', 's1']) {
    const selector = { shelf: { $eq: shelf }, _deleted: { $eq: false } };
    const expected = live(model)
      .filter((doc) => doc.shelf === shelf)
      .map((doc) => doc.id)
      .sort();
    const asked = { selector, sort: [{ id: 'asc' as const }], skip: 0 };
    const found = (await engine.queries.find(papers, asked)).map(
      (text) => (JSON.parse(text) as StoredDoc).id,
    );
    same(found, expected, `documents on shelf ${shelf}`);
    assert.equal(await engine.queries.count(papers, asked), expected.length);
  }
  const view = await engine.openView({
    collection: 'papers',
    selector: {},
    sort: [{ path: 'body.pages', direction: 'desc' }],
  });
  const pages = (doc: StoredDoc) => (doc.body as { pages: number }).pages;
  const expected = live(model)
    .sort((a, b) => pages(b) - pages(a))
    .map((doc) => doc.id);
  const rows = engine.views.page(view.viewId, 0, expected.length + 1).texts;
  same(
    rows.map((text) => (JSON.parse(text) as StoredDoc).id),
    expected,
    'list by pages',
  );
  engine.views.close(view.viewId);
}

/** The words of the newest documents and of some older ones, once what was left behind is made up. */
function words(engine: Engine, model: Model): void {
  for (let steps = 0; engine.behind.due() === 0; steps += 1) {
    assert.ok(steps < 10_000, 'the work behind comes to an end');
    engine.behind.step();
  }
  assert.ok(engine.search.complete, 'words are complete');
  const newest = 2 * model.last + 1;
  for (let back = 0; back < 24; back += 1) {
    const n = back < 16 ? newest - back : (back * 7919) % newest;
    const doc = model.papers.get(id(n));
    const moved = doc?.shelf === 'moved';
    const there = doc !== undefined && !doc._deleted;
    const hits = (text: string) =>
      engine.find({ text, limit: 5 }).hits.map((hit) => (JSON.parse(hit.text) as StoredDoc).id);
    same(hits(`word${n}z paper`), there && !moved ? [id(n)] : [], `word of document ${n}`);
    same(hits(`text${n}z other${n}z`), there && moved ? [id(n)] : [], `new word of document ${n}`);
    // No word begins so, and a part with digits is never guessed: only the index of parts knows these.
    same(hits(`rd${n}z`), there && !moved ? [id(n)] : [], `part of a word of document ${n}`);
    same(hits(`ther${n}z`), there && moved ? [id(n)] : [], `part of the new word of document ${n}`);
  }
}

async function history(engine: Engine, model: Model): Promise<void> {
  const { size } = model.history;
  same(engine.history.count({}), { count: size, total: size }, 'count of history');
  const entries = engine.history.rows({}, 0, size + 1).reverse();
  same(
    entries.map(({ mutation, state }) => [mutation, state]),
    [...model.history],
    'history',
  );
  const verdict = await engine.history.verify(async () => {});
  assert.ok(verdict.ok && verdict.entries === size, `chain of history: ${JSON.stringify(verdict)}`);
}

function remainder(engine: Engine, model: Model): void {
  const states = ['waiting', 'accepted'] as const;
  const outbox = states.flatMap((state) => engine.outbox.list(state, 1_000_000));
  const expected = [...model.outbox].map(([mutation, { state, number }]) => [mutation, state, number]);
  const byName = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  same(outbox.map((one) => [one.id, one.state, one.number]).sort(byName), expected.sort(byName), 'outbox');
  const ids = Array.from({ length: 2 * model.last + 6 }, (_, n) => id(n + 2));
  same(engine.bases('papers', ids), Object.fromEntries(model.bases), 'bases');
  if (model.last === 0) return;
  assert.equal(engine.memberships.digest('b'), model.digest, 'digest of the bucket');
  assert.equal(engine.memberships.recompute('b'), model.digest, 'digest computed anew');
  same(engine.memberships.members('b', 'papers').sort(), [...model.members.keys()].sort(), 'members');
}

/** After the open, the head says what the database says; before it, it may lag, by one commit after a kill. */
function heads(file: string, before: ReturnType<typeof readHead>, harm: Harm): void {
  const after = readHead(file, headKey(KEY));
  assert.ok('head' in after && 'head' in before, 'head files can be read');
  const lag = after.head.counter - before.head.counter;
  assert.ok(lag >= 0 && (harm === 'power cut' || lag <= 1), `the head lagged by ${lag} commits`);
}

/** Sound page by page, and both indexes of search hold the live rows and no other. */
function tables(file: string): void {
  const db = new Database(file);
  try {
    db.pragma("cipher = 'aegis'");
    db.pragma(`key = 'raw:${Buffer.from(KEY).toString('hex')}'`);
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok', 'integrity of the file');
    const numbers = db.prepare<[], number>('SELECT number FROM collections').pluck().all();
    for (const number of numbers) {
      const live = db.prepare(`SELECT row FROM rows_${number} WHERE deleted = 0 ORDER BY row`).pluck().all();
      for (const index of ['words', 'parts']) {
        const held = db.prepare(`SELECT id FROM ${index}_${number}_docsize ORDER BY id`).pluck().all();
        same(held, live, `rows in ${index}_${number}`);
      }
    }
  } finally {
    db.close();
  }
}

/** Names the first difference only: what is compared may be large, and a whole diff of it takes minutes. */
function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  if (!Array.isArray(actual) || !Array.isArray(expected)) {
    throw new assert.AssertionError({ message: `${what}: ${short(actual)} instead of ${short(expected)}` });
  }
  const at = expected.findIndex((one, index) => !isDeepStrictEqual(one, actual[index]));
  const from = at < 0 ? expected.length : at;
  throw new assert.AssertionError({
    message: `${what}: ${actual.length} instead of ${expected.length}; at ${from} ${short(actual[from])} instead of ${short(expected[from])}`,
  });
}

function short(value: unknown): string {
  return String(JSON.stringify(value)).replaceAll(/x{9,}/g, 'x…').slice(0, 300);
}
