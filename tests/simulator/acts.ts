import { Act } from '../../electron/records/acts.ts';
import type { Context } from '../../electron/records/context.ts';
import type { Inbox } from '../../electron/records/inbox.ts';
import type { Records } from '../../electron/records/records.ts';
import { fromDoc, type Held } from '../../electron/records/rows.ts';
import type { StoreApi } from '../../electron/store/contract.ts';
import { type Body, type CollectionName, entityOf, type Row } from '../../shared/model/index.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { type Counts, count } from './history.ts';
import type { Chance } from './random.ts';

/** What a person has before them. */
export interface Desk {
  readonly store: StoreApi;
  readonly context: Context;
  readonly records: Records;
  readonly inbox: Inbox;
}

/** One act of one person, through the same doors as the window's. @throws errors of the catalogue */
export async function act(desk: Desk, chance: Chance, counts: Counts): Promise<void> {
  const [name, work] = chance.pick(weighted);
  count(counts, `act ${name}`);
  await work(desk, chance);
}

type Work = (desk: Desk, chance: Chance) => Promise<unknown>;
const objects = ['deals', 'deals', 'deals', 'accounts', 'contacts', 'activities', 'leads'] as const;
type Made = (typeof objects)[number];

const acts: readonly (readonly [weight: number, name: string, work: Work])[] = [
  [6, 'create', create],
  [12, 'edit', edit],
  [4, 'edit of what is agreed on', editAgreed],
  [3, 'edit of a list', editList],
  [3, 'hand over', handOver],
  [2, 'delete', remove],
  [2, 'restore', restore],
  [3, 'many records at once', many],
  [4, 'settle an inbox item', settle],
  [1, 'open an inbox item again', reopen],
  [1, 'price', price],
  [3, 'field of a later version', later],
  [1, 'record of a later version', createLater],
];
const weighted = acts.flatMap(([weight, name, work]) =>
  Array.from({ length: weight }, () => [name, work] as const),
);

/** A word that is nowhere else: whoever has it has it from here. */
const word = (chance: Chance): string =>
  `t${chance.below(2 ** 31).toString(36)}${chance.below(2 ** 20).toString(36)}`;
const money = (chance: Chance) => ({ minor: chance.between(1, 2 ** 40), currency: 'USD' });

async function all(store: StoreApi, collection: string): Promise<Held[]> {
  const view = await store.openView({ collection, selector: {}, sort: [{ path: 'id', direction: 'asc' }] });
  try {
    const { docs } = await store.viewRows(view.viewId, 0, view.count);
    return docs.map(fromDoc);
  } finally {
    await store.closeView(view.viewId);
  }
}

/** A row of some object, the newest ones more often: that is where people meet. */
async function some(desk: Desk, chance: Chance, collection: string): Promise<Row | undefined> {
  const rows = await all(desk.store, collection);
  if (rows.length === 0) return undefined;
  const newest = rows.slice(chance.happens(0.7) ? -3 : 0);
  return chance.pick(newest).row;
}

async function somebody(desk: Desk, chance: Chance): Promise<string> {
  const people = (await all(desk.store, 'directory')).filter(({ row }) => row.body.kind === 'user');
  return people.length === 0 ? desk.context.user.id : chance.pick(people).row.id;
}

async function newValues(desk: Desk, chance: Chance, collection: Made): Promise<Body> {
  const owner = chance.happens(0.25) ? { owner: await somebody(desk, chance) } : {};
  switch (collection) {
    case 'deals': {
      const account = chance.happens(0.4) ? await some(desk, chance, 'accounts') : undefined;
      return {
        name: `Racks ${word(chance)}`,
        amount: money(chance),
        closeDate: '2027-03-01',
        ...(account === undefined ? {} : { account: account.id }),
        ...owner,
      };
    }
    case 'accounts':
      return { name: `Mill ${word(chance)}`, tags: [word(chance)], ...owner };
    case 'contacts':
      return { lastName: `Poe ${word(chance)}`, emails: [email(desk, chance)], ...owner };
    case 'leads':
      return { lastName: `Roe ${word(chance)}`, company: `Forge ${word(chance)}`, ...owner };
    case 'activities': {
      const about = chance.happens(0.6) ? await some(desk, chance, 'deals') : undefined;
      return {
        type: chance.pick(['note', 'task', 'call']),
        text: `Told ${word(chance)}`,
        ...(about === undefined ? {} : { regarding: about.id, regardingCollection: 'deals' }),
      };
    }
  }
}

function email({ context }: Desk, chance: Chance) {
  const id = uuidv7(context.now(), context.random);
  return { id, type: 'work', address: `${word(chance)}@example.com` };
}

async function create(desk: Desk, chance: Chance) {
  const collection = chance.pick(objects);
  await desk.records.create(collection, await newValues(desk, chance, collection));
}

/** A field where the later edit stands. */
function plain(collection: Made, chance: Chance): Body {
  switch (collection) {
    case 'deals':
      return chance.pick([
        { nextStep: `Call ${word(chance)}` },
        { competitor: word(chance) },
        { name: `Racks ${word(chance)}` },
        { nextStep: `Send ${word(chance)}`, description: word(chance) },
      ]);
    case 'accounts':
      return chance.pick([{ industry: word(chance) }, { name: `Mill ${word(chance)}` }]);
    case 'contacts':
      return chance.pick([{ title: word(chance) }, { city: word(chance) }]);
    case 'leads':
      return { company: `Forge ${word(chance)}` };
    case 'activities':
      return { text: `Told ${word(chance)}` };
  }
}

async function edit(desk: Desk, chance: Chance) {
  const collection = chance.pick(objects);
  const row = await some(desk, chance, collection);
  if (row !== undefined) await desk.records.update(collection, row.id, plain(collection, chance));
}

async function editAgreed(desk: Desk, chance: Chance) {
  const row = await some(desk, chance, 'deals');
  if (row === undefined) return;
  const values = chance.pick<Body>([
    { amount: money(chance) },
    { amount: money(chance) },
    { stage: chance.pick(['qualification', 'proposal', 'negotiation', 'won']) },
    { stage: 'lost', lostReason: word(chance) },
  ]);
  await desk.records.update('deals', row.id, values);
}

async function editList(desk: Desk, chance: Chance) {
  const collection = chance.pick(['accounts', 'contacts', 'deals'] as const);
  const row = await some(desk, chance, collection);
  if (row === undefined) return;
  const field = collection === 'contacts' && chance.happens(0.6) ? 'emails' : 'tags';
  const list = Array.isArray(row.body[field]) ? [...(row.body[field] as unknown[])] : [];
  if (list.length > 0 && chance.happens(0.4)) list.splice(chance.below(list.length), 1);
  if (list.length === 0 || chance.happens(0.7))
    list.push(field === 'emails' ? email(desk, chance) : word(chance));
  await desk.records.update(collection, row.id, { [field]: list });
}

async function handOver(desk: Desk, chance: Chance) {
  const collection = chance.pick(objects);
  const row = await some(desk, chance, collection);
  if (row !== undefined)
    await desk.records.update(collection, row.id, { owner: await somebody(desk, chance) });
}

async function remove(desk: Desk, chance: Chance) {
  const collection = chance.pick(objects);
  const row = await some(desk, chance, collection);
  if (row !== undefined) await desk.records.remove(collection, row.id);
}

/** What was deleted here before; the history knows it. */
async function restore(desk: Desk, chance: Chance) {
  const entries = await desk.store.historyRows({ kinds: ['delete'] }, 0, 20);
  if (entries.length === 0) return;
  const { collection, record } = chance.pick(entries);
  await desk.records.restore(collection as CollectionName, record);
}

/** A new record and edits of others, as one act. */
async function many(desk: Desk, chance: Chance) {
  const { context, records, store } = desk;
  const act = new Act(context);
  const touched = new Set<string>();
  const made = await newValues(desk, chance, 'activities');
  await records.make(act, entityOf('activities'), uuidv7(context.now(), context.random), made);
  for (let left = chance.between(1, 4); left > 0; left -= 1) {
    const collection = chance.pick(objects);
    const row = await some(desk, chance, collection);
    if (row === undefined || touched.has(row.id)) continue;
    touched.add(row.id);
    await records.edit(act, entityOf(collection), row.id, plain(collection, chance));
  }
  await store.commit(act.commit());
}

async function settle(desk: Desk, chance: Chance) {
  const items = (await all(desk.store, 'inbox')).filter(({ row }) => row.body.status === 'open');
  if (items.length === 0) return;
  const { row } = chance.pick(items);
  const choice = chance.pick(['device', 'server', 'other'] as const);
  const value = row.body.field === 'amount' ? money(chance) : word(chance);
  await desk.inbox.resolve(row.id, choice, choice === 'other' ? value : undefined);
}

async function reopen(desk: Desk, chance: Chance) {
  const items = (await all(desk.store, 'inbox')).filter(({ row }) => row.body.status === 'resolved');
  if (items.length > 0) await desk.inbox.reopen(chance.pick(items).row.id);
}

async function price(desk: Desk, chance: Chance) {
  const row = await some(desk, chance, 'products');
  if (row !== undefined)
    await desk.records.update('products', row.id, { cost: money(chance), code: word(chance) });
}

/** Fields of versions to come: the rules of this one know nothing of them, on neither side. */
const laterFields = ['laterGrade', 'laterTerms'];

function laterValue(chance: Chance): unknown {
  return chance.pick([word(chance), { word: word(chance), since: chance.below(100) }, [word(chance), null]]);
}

/** As the next version's form saves it: what a form of this one would refuse is left out of the way. */
async function later(desk: Desk, chance: Chance) {
  const { context, records, store } = desk;
  const collection = chance.pick(objects);
  const row = await some(desk, chance, collection);
  if (row === undefined) return;
  const act = new Act(context);
  const value = chance.happens(0.15) ? null : laterValue(chance);
  const known = chance.happens(0.3) ? plain(collection, chance) : {};
  await records.edit(act, entityOf(collection), row.id, { ...known, [chance.pick(laterFields)]: value });
  if (!act.isEmpty) await store.commit(act.commit());
}

async function createLater(desk: Desk, chance: Chance) {
  const { context, records, store } = desk;
  const collection = chance.pick(objects);
  const act = new Act(context);
  const values = { ...(await newValues(desk, chance, collection)), laterTerms: laterValue(chance) };
  await records.make(act, entityOf(collection), uuidv7(context.now(), context.random), values);
  await store.commit(act.commit());
}
