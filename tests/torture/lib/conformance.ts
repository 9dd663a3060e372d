import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  blobToString,
  createBlob,
  getChangedDocumentsSince,
  getQueryMatcher,
  getSortComparator,
  normalizeMangoQuery,
  prepareQuery,
  type RxStorage,
  type RxStorageInstance,
} from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { type Asking, type Data, type Doc, queries, type Schema, type Shape, shapes } from './shapes.ts';

/**
 * The same writes and questions go to a storage and to RxDB's memory storage, and the answers have to be the same:
 * errors in their order, events, documents, attachments, changes since a checkpoint, cleanup. Queries are judged by
 * RxDB's matcher and comparator over all documents; the memory storage's own query is asked too, where its indexes
 * can hold the data.
 */

type Instance = RxStorageInstance<Doc, unknown, unknown>;
type AnyStorage = RxStorage<unknown, unknown>;

interface Row {
  readonly document: Data;
  readonly previous?: Data;
}

/** What becomes of one document in a bulk. Numbers choose among what is there. */
interface Act {
  readonly what: 'insert' | 'update' | 'delete' | 'resurrect' | 'stale' | 'ghost';
  readonly on: number;
  readonly from: number;
  readonly attachments: readonly ('give' | 'keep' | 'drop' | 'stub')[];
}

export type Step =
  | { readonly do: 'write'; readonly acts: readonly Act[]; readonly sameTime: boolean }
  | { readonly do: 'query'; readonly asking: Asking }
  | { readonly do: 'changes'; readonly page: number }
  | { readonly do: 'cleanup'; readonly share: number }
  | { readonly do: 'reopen' }
  | { readonly do: 'find' };

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom(
    'insert',
    'insert',
    'insert',
    'update',
    'update',
    'delete',
    'resurrect',
    'stale',
    'ghost',
  ),
  on: fc.nat({ max: 13 }),
  from: fc.nat({ max: 13 }),
  attachments: fc.array(fc.constantFrom('give', 'give', 'keep', 'drop', 'stub'), { maxLength: 2 }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write'),
      acts: fc.array(act, { minLength: 1, maxLength: 8 }),
      sameTime: fc.boolean(),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('query'), asking: queries }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('changes'), page: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cleanup'), share: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('find') }) },
) as fc.Arbitrary<Step>;

/** Bulks long gone, so that a cleanup can tell old from new whatever the clock says. */
const START = 1_600_000_000_000;
const TICK = 60_000;

let cases = 0;

class Case {
  readonly #storage: AnyStorage;
  readonly #memory: AnyStorage = getRxStorageMemory() as unknown as AnyStorage;
  readonly #shape: Shape;
  readonly #name: string;
  readonly #opened: Instance[] = [];
  #ours!: Instance;
  #theirs!: Instance;
  #clock = START;
  #writes = 0;

  constructor(storage: AnyStorage, shape: Shape) {
    cases += 1;
    this.#storage = storage;
    this.#shape = shape;
    this.#name = `case${cases}`;
  }

  async run(steps: readonly Step[]): Promise<void> {
    const { schema, conforms } = this.#shape;
    // Indexes of the reference hold only what their schema says.
    const own = (schema.indexes ?? []).filter((index) =>
      ['_deleted,id', '_meta.lwt,id'].includes(String(index)),
    );
    this.#theirs = await this.#open(this.#memory, conforms ? schema : { ...schema, indexes: own as never });
    this.#ours = await this.#open(this.#storage);
    try {
      for (const one of steps) await this.#step(one);
    } finally {
      await this.#ours.remove();
      for (const one of this.#opened) await one.close();
    }
  }

  async #open(storage: AnyStorage, schema: Schema = this.#shape.schema): Promise<Instance> {
    const made = (await storage.createStorageInstance({
      databaseInstanceToken: 'token',
      databaseName: 'conformance',
      collectionName: this.#name,
      schema: schema as never,
      options: {},
      multiInstance: false,
      devMode: false,
    })) as unknown as Instance;
    this.#opened.push(made);
    return made;
  }

  async #step(one: Step): Promise<void> {
    if (one.do === 'write') await this.#write(one.acts, one.sameTime);
    else if (one.do === 'query') await this.#query(one.asking);
    else if (one.do === 'changes') await this.#changes(one.page);
    else if (one.do === 'cleanup') await this.#cleanup(one.share);
    // A second instance over the same rows; the first one stays open and hears of what is written through the other.
    else if (one.do === 'reopen') this.#ours = await this.#open(this.#storage);
    else await this.#find();
  }

  get #ids(): string[] {
    return this.#shape.docs.map((doc) => String(doc[this.#shape.primary]));
  }

  async #all(): Promise<Data[]> {
    return (await this.#theirs.findDocumentsById(this.#ids, true)) as Data[];
  }

  async #write(acts: readonly Act[], sameTime: boolean): Promise<void> {
    const stored = new Map((await this.#all()).map((doc) => [String(doc[this.#shape.primary]), doc]));
    const { docs, schema } = this.#shape;
    const rows = new Map<string, Row>();
    for (const { what, on, from, attachments } of acts) {
      const source = docs[on % docs.length] as Doc;
      const id = String(source[this.#shape.primary]);
      // RxDB never has a document twice in one bulk.
      if (rows.has(id)) continue;
      const here = stored.get(id);
      const body = { ...(docs[from % docs.length] as Doc) };
      for (const member of ['id', 'first']) if (member in source) body[member] = source[member];
      const second = (source.o as Doc | undefined)?.second;
      if (second !== undefined) body.o = { ...(body.o as Doc | undefined), second };
      if (!sameTime) this.#clock += TICK;
      this.#writes += 1;
      const height = Number.parseInt(here?._rev ?? '0', 10) + 1;
      const document = {
        ...body,
        _deleted: what === 'delete',
        _rev: `${height}-w${this.#writes}`,
        _meta: { lwt: this.#clock + (sameTime ? 0 : 0.01) },
        _attachments: schema.attachments ? this.#attachments(here, attachments, what === 'delete') : {},
      } as unknown as Data;
      const stale = { ...(here ?? document), _rev: '1-stale' } as Data;
      if (what === 'insert') rows.set(id, { document });
      else if (what === 'stale' || (what === 'ghost' && !here)) rows.set(id, { document, previous: stale });
      else rows.set(id, here ? { document, previous: here } : { document });
    }
    this.#clock += TICK;
    await this.#bulk([...rows.values()], stored);
  }

  #attachments(here: Data | undefined, asked: Act['attachments'], deleted: boolean): Data['_attachments'] {
    const out: Record<string, unknown> = {};
    const before = (here?._attachments ?? {}) as Record<string, { digest: string }>;
    for (const [index, kind] of asked.entries()) {
      const name = `file${index}`;
      const stub = { length: 5, type: 'text/plain', digest: before[name]?.digest ?? 'd0' };
      if (kind === 'give') {
        const text = `bytes ${this.#writes}`;
        const data = createBlob(text, 'text/plain');
        out[name] = { ...stub, length: text.length, digest: `d${this.#writes}`, data };
      } else if (kind === 'stub') out[name] = stub;
      else if (kind === 'keep' && before[name]) out[name] = before[name];
    }
    return (deleted ? {} : out) as Data['_attachments'];
  }

  async #bulk(rows: readonly Row[], stored: ReadonlyMap<string, Data>): Promise<void> {
    const [ourBulks, theirBulks]: [unknown[], unknown[]] = [[], []];
    const subscriptions = [
      this.#ours.changeStream().subscribe((bulk) => ourBulks.push(bulk)),
      this.#theirs.changeStream().subscribe((bulk) => theirBulks.push(bulk)),
    ];
    const ours = await this.#ours.bulkWrite(rows as never, 'context');
    // Heard before the answer: what comes later would be missing here.
    const heard = ourBulks.map(bulkOf);
    // A document whose attachment nobody gave is refused alone. The reference would announce it as a change, and
    // throws when a bulk holds nothing else, so what it would have to say is told apart.
    const lacking = new Map(rows.map((row, index) => [index, this.#lacks(row, stored)] as const));
    const rest = rows.filter((_, index) => lacking.get(index) === undefined);
    const theirs = rest.length > 0 ? await this.#theirs.bulkWrite(rest as never, 'context') : { error: [] };
    for (const one of subscriptions) one.unsubscribe();
    const conflicts = new Map(theirs.error.map((error) => [error.documentId, errorOf(error)]));
    const expected = rows.map(({ document }, index) => {
      const documentId = String(document[this.#shape.primary]);
      const attachmentId = lacking.get(index);
      if (attachmentId === undefined) return conflicts.get(documentId);
      const documentInDb = stored.get(documentId);
      return plain({ status: 510, documentId, documentInDb, attachmentId, context: 'context' });
    });
    assert.deepEqual(
      ours.error.map(errorOf),
      expected.filter((error) => error !== undefined),
      'errors of a bulk',
    );
    assert.deepEqual(heard, theirBulks.map(bulkOf), 'events of a bulk');
    await this.#find();
  }

  /** Name of an attachment that the document names, but that neither this write nor the store has. */
  #lacks({ document, previous }: Row, stored: ReadonlyMap<string, Data>): string | undefined {
    const here = stored.get(String(document[this.#shape.primary]));
    if (here ? here._rev !== previous?._rev || document._deleted : false) return undefined;
    const names = Object.entries(document._attachments);
    return names.find(([name, one]) => !('data' in one) && !here?._attachments[name])?.[0];
  }

  async #find(): Promise<void> {
    const ids = ['nobody', ...this.#ids];
    for (const withDeleted of [true, false]) {
      const ours = await this.#ours.findDocumentsById(ids, withDeleted);
      assert.deepEqual(ours, await this.#theirs.findDocumentsById(ids, withDeleted), 'documents by id');
    }
    if (!this.#shape.schema.attachments) return;
    for (const doc of await this.#all()) {
      const id = String(doc[this.#shape.primary]);
      for (const name of ['file0', 'file1']) {
        const digest = doc._attachments[name]?.digest ?? 'd0';
        const [ours, theirs] = [
          await bytesOf(this.#ours, id, name, digest),
          await bytesOf(this.#theirs, id, name, digest),
        ];
        assert.equal(ours, theirs, `bytes of ${name}`);
        assert.equal(await bytesOf(this.#ours, id, name, 'another'), 'none', 'bytes under a wrong digest');
      }
    }
  }

  async #query(asking: Asking): Promise<void> {
    const { schema, primary, conforms } = this.#shape;
    const { selector, sort, skip, limit, live } = asking;
    const asked = sort?.map(([path, direction]) => ({ [path]: direction }));
    const filled = normalizeMangoQuery(schema, {
      selector: live ? { $and: [selector, { _deleted: { $eq: false } }] } : selector,
      ...(asked ? { sort: asked } : {}),
      ...(skip === undefined ? {} : { skip }),
      ...(limit === undefined ? {} : { limit }),
    } as never);
    const compare = getSortComparator(schema, filled as never) as (a: unknown, b: unknown) => number;
    const matching = matchingOf(schema, filled, plain(await this.#all()));
    // What the reference itself cannot make sense of has no right answer.
    if (!matching) return;
    const byKey = (a: Data, b: Data) => (String(a[primary]) < String(b[primary]) ? -1 : 1);
    matching.sort((a, b) => compare(a, b) || byKey(a, b));
    const from = filled.skip ?? 0;
    const expected = matching.slice(from, filled.limit === undefined ? undefined : from + filled.limit);
    const said = JSON.stringify(filled);
    const prepared = prepareQuery(schema, filled as never);
    const ours = await this.#ours.query(prepared as never);
    const order = (a: Data, b: Data) => compare(a, b) || byKey(a, b);
    if (isOrder(matching, order)) assert.deepEqual(ours.documents, expected, `query ${said}`);
    else assert.equal(ours.documents.length, expected.length, `query ${said}`);
    assert.equal((await this.#ours.count(prepared as never)).count, expected.length, `count ${said}`);
    if (!conforms || !live) return;
    // Where no two documents are alike in the sort, the reference storage has to say the same.
    const theirs = (await this.#theirs.query(prepared as never)).documents as Data[];
    const keys = (docs: readonly Data[]) => docs.map((doc) => String(doc[primary])).sort();
    if (from === 0 && filled.limit === undefined)
      assert.deepEqual(keys(ours.documents as Data[]), keys(theirs), `reference ${said}`);
  }

  async #changes(page: number): Promise<void> {
    const walk = async (instance: Instance): Promise<Data[][]> => {
      const pages: Data[][] = [];
      let checkpoint: unknown;
      for (;;) {
        const answer = await getChangedDocumentsSince(instance as never, page, checkpoint as never);
        if (answer.documents.length === 0) return pages;
        pages.push(answer.documents as unknown as Data[]);
        checkpoint = answer.checkpoint;
      }
    };
    const [ours, theirs] = [(await walk(this.#ours)).flat(), (await walk(this.#theirs)).flat()];
    const times = ours.map((doc) => doc._meta.lwt);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      'order of changes',
    );
    const byKey = (docs: readonly Data[]) =>
      new Map(docs.map((doc) => [String(doc[this.#shape.primary]), doc]));
    assert.equal(byKey(ours).size, ours.length, 'no change twice');
    assert.deepEqual(sorted(byKey(ours)), sorted(byKey(theirs)), 'changes');
  }

  /** Tombstones up to one of the bulks so far. */
  async #cleanup(share: number): Promise<void> {
    const until = START + ((this.#clock - START) * share) / 4;
    for (const instance of [this.#ours, this.#theirs]) {
      assert.equal(await instance.cleanup(Date.now() - until), true, 'cleanup is done');
    }
    await this.#find();
  }
}

/** RxDB's comparator takes a list for equal to its least item, and goes round in circles then: no order is right. */
function isOrder(docs: readonly Data[], compare: (a: Data, b: Data) => number): boolean {
  return docs.every((a, i) => docs.every((b, j) => j <= i || compare(a, b) < 0));
}

function matchingOf(schema: Schema, filled: unknown, docs: readonly Data[]): Data[] | undefined {
  try {
    return docs.filter(getQueryMatcher(schema, filled as never) as (doc: unknown) => boolean);
  } catch {
    return undefined;
  }
}

function sorted(docs: ReadonlyMap<string, Data>): [string, Data][] {
  return [...docs].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function bytesOf(instance: Instance, id: string, name: string, digest: string): Promise<string> {
  try {
    return await blobToString(await instance.getAttachmentData(id, name, digest));
  } catch {
    return 'none';
  }
}

/** As it would cross a process: members without a value are no members. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function errorOf(error: { status: number; documentId: string }): unknown {
  const { status, documentId, documentInDb, attachmentId, context } = error as Record<string, unknown>;
  return plain({ status, documentId, documentInDb, attachmentId, context });
}

function bulkOf(bulk: unknown): { events: { documentId: string }[]; context: string; checkpoint: unknown } {
  const { events, context, checkpoint } = bulk as ReturnType<typeof bulkOf>;
  return plain({ events, context, checkpoint });
}

export interface Outcome {
  readonly runs: number;
  readonly failure: { readonly seed: number; readonly path: string; readonly report: string } | undefined;
}

/** Plays `runs` random lives of a collection; a failure is shrunk, and its seed and path play it again. */
export async function conform(
  storage: AnyStorage,
  { seed, runs, path }: { readonly seed: number; readonly runs: number; readonly path?: string },
): Promise<Outcome> {
  const property = fc.asyncProperty(
    shapes,
    fc.array(step, { minLength: 1, maxLength: 25 }),
    (shape, steps) => {
      const first: Step = { do: 'write', acts: everyDocument(shape), sameTime: false };
      return new Case(storage, shape).run([first, ...steps]);
    },
  );
  const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  if (!details.failed) return { runs: details.numRuns, failure: undefined };
  const { seed: failed, counterexamplePath, counterexample, errorInstance } = details;
  const [shape, steps] = counterexample as [Shape, Step[]];
  const { indexes, primaryKey, attachments } = shape.schema;
  const told = { indexes, primaryKey, attachments: attachments !== undefined, docs: shape.docs, steps };
  const why =
    errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return {
    runs: details.numRuns,
    failure: {
      seed: failed,
      path: counterexamplePath ?? '',
      report: `${why}\n${JSON.stringify(told, null, 1)}`,
    },
  };
}

/** A life begins with a bulk of about half of its documents. */
function everyDocument(shape: Shape): Act[] {
  return shape.docs.flatMap((_, on) =>
    on % 2 === 0 ? [{ what: 'insert' as const, on, from: on, attachments: ['give' as const] }] : [],
  );
}

export type { Schema };
