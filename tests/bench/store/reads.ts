import type { Store } from '../../../electron/store/open.ts';
import { type Bed, openRx } from '../lib/bed.ts';
import { typedPrefixes } from '../lib/contacts.ts';
import type { Report } from '../lib/figure.ts';
import { type Pair, percentile, sampled } from '../lib/measure.ts';
import { seeded, whole } from '../lib/random.ts';
import type { RawStore } from '../lib/raw-store.ts';

const READS = 2_000;
const MANY_IDS = 1_000;
const MANY = 30;
const PAGES = 200;
const PAGE = 50;
const PEOPLE = 40;
const COUNTS = 200;

const quantiles = { p50: 0.5, p95: 0.95 } as const;

/** Reads a second, one after another, by id: straight from the store and through RxDB. */
export async function pointReads(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  const { contacts, close } = await openRx(store);
  const random = seeded(bed.ids.length);
  const idOf = () => bed.ids[whole(random, bed.ids.length)] ?? '';
  const ids = () => Array.from({ length: READS }, idOf);
  const rate = (samples: readonly number[]) =>
    (samples.length / samples.reduce((sum, one) => sum + one, 0)) * 1000;
  const ways = {
    get: async (id: string) => (await store.get('contacts', [id]))[0],
    find_one: (id: string) => contacts.findOne(id).exec(),
  };
  for (const [name, way] of Object.entries(ways)) {
    const { ours, theirs } = await sampled(
      ids(),
      async (id) => {
        if (!(await way(id))) throw new Error('A contact is missing.');
      },
      (id) => raw.get(id),
    );
    report.add({
      name: `store.point_read.${name}`,
      value: rate(ours),
      unit: 'reads/s',
      better: 'higher',
      yardstick: rate(theirs),
      yardstickName: 'raw aegis',
      runs: ours.length,
    });
  }
  const lists = Array.from({ length: MANY }, () => [...new Set(Array.from({ length: MANY_IDS }, idOf))]);
  const many = await sampled(
    lists,
    (some) => contacts.storageInstance.findDocumentsById(some, false),
    (some) => some.map((id) => raw.get(id)),
    { warmUp: 2, block: 5 },
  );
  report.add(
    {
      name: 'store.find_by_ids_1000.p50',
      value: percentile(many.ours, 0.5),
      unit: 'ms',
      better: 'lower',
      yardstick: percentile(many.theirs, 0.5),
      yardstickName: 'raw aegis, one after another',
      runs: many.ours.length,
    },
    // 0.7 of its reads a second.
    { of: 'ratio', atMost: 1 / 0.7 },
  );
  await close();
}

/** A page of fifty by name, as a list asks for it, near the start, the middle and the end. */
export async function listPages(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  const { viewId, count } = await store.openView({
    collection: 'contacts',
    selector: {},
    sort: [{ path: 'name', direction: 'asc' }],
  });
  if (count !== bed.ids.length) throw new Error(`The list has ${count} contacts.`);
  const random = seeded(count);
  const span = Math.max(1, Math.floor(count / 20));
  const places = { start: 0, middle: Math.floor(count / 2), end: Math.max(0, count - span - PAGE) };
  for (const [place, from] of Object.entries(places)) {
    const offsets = Array.from({ length: PAGES }, () => from + whole(random, span));
    const pair = await sampled(
      offsets,
      (offset) => store.viewRows(viewId, offset, PAGE),
      (offset) => raw.page(offset),
    );
    add(report, `store.list_page.${place}`, pair, 'raw aegis, LIMIT and OFFSET', { p95: 5 });
  }
  await store.closeView(viewId);
}

/** Search as you type: the beginnings of names, one letter more each time. */
export async function searches(report: Report, store: Store, raw: RawStore, seed: number): Promise<void> {
  const pair = await sampled(
    typedPrefixes(seed, PEOPLE),
    (text) => store.search({ text, limit: 20 }),
    (text) => raw.search(text),
  );
  add(report, 'store.search', pair, 'raw aegis, first 20 hits, not ranked', { p95: 30 });
}

/** How many contacts one person has. */
export async function counts(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  const { contacts, close } = await openRx(store);
  const owners = Array.from(
    { length: COUNTS },
    (_, index) => bed.company.users[index % bed.company.users.length] ?? '',
  );
  const pair = await sampled(
    owners,
    // RxDB keeps answers of equal queries: asking the storage itself keeps this a measurement.
    (owner) => contacts.storageInstance.count(prepared(owner) as never),
    (owner) => raw.countOf(owner),
  );
  add(report, 'store.count', pair, 'raw aegis');
  await close();
}

function prepared(owner: string) {
  const query = {
    selector: { _deleted: { $eq: false }, owner: { $eq: owner } },
    sort: [{ id: 'asc' }],
    skip: 0,
  };
  return { query, queryPlan: {} };
}

const OPENED = 8;

/** Opening a list: ordered by a column, filtered and ordered by columns, and by what no column holds. */
export async function viewOpens(bed: Bed, report: Report, store: Store, raw: RawStore): Promise<void> {
  const owner = bed.company.users[3] ?? '';
  const by = (path: string) => [{ path, direction: 'asc' as const }];
  const lists = {
    indexed: {
      query: { selector: {}, sort: by('name') },
      sql: raw.inOrder('@name'),
    },
    filtered: {
      query: { selector: { owner: { $eq: owner } }, sort: by('name') },
      sql: raw.inOrder('@name', `AND r.@owner = '${owner}'`),
    },
    not_indexed: {
      query: { selector: {}, sort: by('body.description') },
      sql: raw.inOrder("json_extract(d.doc, '$.body.description')"),
    },
  };
  for (const [name, { query, sql }] of Object.entries(lists)) {
    const pair = await sampled(
      Array.from({ length: OPENED }),
      async () => store.closeView((await store.openView({ collection: 'contacts', ...query })).viewId),
      () => sql.all(),
      { warmUp: 1, block: 1 },
    );
    add(report, `store.view_open.${name}`, pair, 'raw aegis, row numbers in order');
  }
}

function add(
  report: Report,
  name: string,
  { ours, theirs }: Pair,
  yardstickName: string,
  atMost: Partial<Record<keyof typeof quantiles, number>> = {},
): void {
  for (const [quantile, share] of Object.entries(quantiles) as [keyof typeof quantiles, number][]) {
    const bound = atMost[quantile];
    report.add(
      {
        name: `${name}.${quantile}`,
        value: percentile(ours, share),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(theirs, share),
        yardstickName,
        runs: ours.length,
      },
      bound === undefined ? undefined : { of: 'value', atMost: bound },
    );
  }
}
