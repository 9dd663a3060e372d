import { expect, test } from 'vitest';
import { company, newDeal } from './support/company.ts';
import { until } from './support/until.ts';

const money = (minor: number) => ({ minor, currency: 'USD' });

test('two people who edit different fields offline both keep their edit', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await Promise.all([a.goOffline(), b.goOffline()]);

  await a.update('deals', deal.id, { closeDate: '2027-01-15' });
  await b.update('deals', deal.id, { nextStep: 'Send the drawing' });
  const note = await b.workspace.pages.create('activities', {
    type: 'note',
    text: 'They want the quote in writing',
    regarding: deal.id,
    regardingCollection: 'deals',
  });
  await a.goOnline();
  await b.goOnline();
  await a.sync();

  for (const side of [a, b]) {
    const { body } = await side.get('deals', deal.id);
    expect(body).toMatchObject({ closeDate: '2027-01-15', nextStep: 'Send the drawing' });
    expect((await side.get('activities', note.id)).body.text).toBe('They want the quote in writing');
    const { entries } = await side.workspace.audit.ofRecord('deals', deal.id, 50);
    const told = entries.filter((entry) => entry.field === 'closeDate' || entry.field === 'nextStep');
    expect(told.map(({ field, state, offline }) => ({ field, state, offline }))).toEqual(
      expect.arrayContaining([
        { field: 'closeDate', state: 'sent', offline: true },
        { field: 'nextStep', state: 'sent', offline: true },
      ]),
    );
    expect(told).toHaveLength(2);
    expect(side.workspace.sync.status()).toMatchObject({ state: 'online', waiting: 0 });
  }
});

test('of two amounts one stands and the other is kept in the inbox, and choosing it settles the conflict', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await Promise.all([a.goOffline(), b.goOffline()]);
  await a.update('deals', deal.id, { amount: money(2_000_000) });
  await b.update('deals', deal.id, { amount: money(3_000_000) });
  await b.goOnline();
  await a.goOnline();
  await b.sync();

  for (const side of [a, b]) {
    expect((await side.get('deals', deal.id)).body.amount).toEqual(money(3_000_000));
    const [item] = await side.all('inbox');
    expect(item?.body).toMatchObject({
      kind: 'conflict',
      status: 'open',
      field: 'amount',
      record: deal.id,
      base: money(1_000_000),
    });
    expect(item?.body.device).toMatchObject({ value: money(2_000_000), offline: true });
    expect(item?.body.server).toMatchObject({ value: money(3_000_000) });
  }
  await until('the owner sees that a person is needed', () => a.workspace.sync.status().needYou === 1);
  expect((await a.get('deals', deal.id)).mark).toBe('needs-you');
  const detail = await a.workspace.pages.get('deals', deal.id);
  expect(Object.keys(detail.inbox)).toEqual(['amount']);

  const [item] = await a.all('inbox');
  await a.workspace.inbox.resolve(String(item?.id), 'device');
  await a.sync();
  await b.sync();
  for (const side of [a, b]) {
    expect((await side.get('deals', deal.id)).body.amount).toEqual(money(2_000_000));
    expect((await side.all('inbox'))[0]?.body.status).toBe('resolved');
  }
  await until('nobody is needed any more', () => a.workspace.sync.status().needYou === 0);
});

/** A conflict over one deal's amount: 30,000 stands, Ada's 20,000 is kept in her inbox. */
async function twoAmounts() {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await Promise.all([a.goOffline(), b.goOffline()]);
  await a.update('deals', deal.id, { amount: money(2_000_000) });
  await b.update('deals', deal.id, { amount: money(3_000_000) });
  await b.goOnline();
  await a.goOnline();
  const [item] = await a.all('inbox');
  const amount = async (side: typeof a) => (await side.get('deals', deal.id)).body.amount;
  const state = async (side: typeof a) => (await side.all('inbox'))[0]?.body;
  return { a, b, deal, item: String(item?.id), amount, state };
}

test.each(['before', 'after'] as const)(
  'a choice that is undone %s it was sent opens the conflict again, with both values, on every device',
  async (when) => {
    const { a, b, item, amount, state } = await twoAmounts();
    await a.workspace.inbox.resolve(item, 'device');
    if (when === 'after') await a.sync();
    expect(await amount(a)).toEqual(money(2_000_000));
    await a.workspace.inbox.reopen(item);
    await a.sync();
    await b.sync();
    for (const side of [a, b]) {
      expect(await amount(side)).toEqual(money(3_000_000));
      expect(await state(side)).toMatchObject({
        status: 'open',
        device: { value: money(2_000_000) },
        server: { value: money(3_000_000) },
      });
      expect(await state(side)).not.toHaveProperty('resolution');
    }
    await until('it needs a person again', () => a.workspace.sync.status().needYou === 1);
    // And it can be settled once more, the other way.
    await a.workspace.inbox.resolve(item, 'other', money(2_500_000));
    await a.sync();
    await b.sync();
    expect(await amount(b)).toEqual(money(2_500_000));
    expect(await state(b)).toMatchObject({ status: 'resolved', resolution: { choice: 'other' } });
  },
);

test('undoing a choice leaves a value alone that somebody has set since', async () => {
  const { a, b, deal, item, amount, state } = await twoAmounts();
  await a.workspace.inbox.resolve(item, 'device');
  await a.sync();
  await b.sync();
  await b.update('deals', deal.id, { amount: money(5_000_000) });
  await b.sync();
  await a.sync();
  await a.workspace.inbox.reopen(item);
  await a.sync();
  expect(await amount(a)).toEqual(money(5_000_000));
  expect(await state(a)).toMatchObject({ status: 'open' });
});

test('a refusal that was taken back can be opened again, here alone', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await b.goOffline();
  await b.update('deals', deal.id, { stage: 'won' });
  await a.update('deals', deal.id, { closeDate: null });
  await a.sync();
  await b.goOnline();
  const [item] = await b.all('inbox');
  await b.workspace.inbox.resolve(String(item?.id), 'server');
  await b.workspace.inbox.reopen(String(item?.id));
  expect((await b.all('inbox'))[0]?.body).toEqual(item?.body);
  expect(await b.store.outboxCount()).toBe(0);
});

test('keeping what stands closes a conflict without touching the record, and can be undone', async () => {
  const { a, item, amount, state } = await twoAmounts();
  await a.workspace.inbox.resolve(item, 'server');
  await a.sync();
  expect(await amount(a)).toEqual(money(3_000_000));
  expect(await state(a)).toMatchObject({ status: 'resolved', resolution: { choice: 'server' } });
  await a.workspace.inbox.reopen(item);
  await a.sync();
  expect(await amount(a)).toEqual(money(3_000_000));
  expect(await state(a)).toMatchObject({ status: 'open' });
});

test('tags that two people add and remove offline are merged', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a, { tags: ['north', 'urgent'] });
  await b.sync();
  await Promise.all([a.goOffline(), b.goOffline()]);
  await a.update('deals', deal.id, { tags: ['north', 'urgent', 'racks'] });
  await b.update('deals', deal.id, { tags: ['north', 'vip'] });
  await a.goOnline();
  await b.goOnline();
  await a.sync();
  for (const side of [a, b]) {
    const { tags } = (await side.get('deals', deal.id)).body;
    expect([...(tags as string[])].sort()).toEqual(['north', 'racks', 'vip']);
  }
});

test('a record that was deleted elsewhere can be restored with its values', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a, { nextStep: 'Call' });
  await b.sync();
  await b.workspace.pages.remove('deals', deal.id);
  await b.sync();
  await a.sync();
  expect((await a.get('deals', deal.id)).deleted).toBe(true);
  expect(await a.all('deals')).toHaveLength(0);
  await a.workspace.pages.restore('deals', deal.id);
  await a.sync();
  await b.sync();
  for (const side of [a, b]) {
    expect(await side.get('deals', deal.id)).toMatchObject({ deleted: false, body: { nextStep: 'Call' } });
  }
});

test('a second edit of a field keeps the base of the first, so that another value is not overwritten unseen', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await a.goOffline();
  await b.update('deals', deal.id, { amount: money(3_000_000) });
  await b.sync();
  let edits = 0;
  a.network.before(async (url) => {
    // The first edit is made on the old value; while it waits, the pull moves the row's base past it.
    if (url.endsWith('/pull') && edits === 0) {
      edits = 1;
      await a.update('deals', deal.id, { amount: money(2_000_000) });
    } else if (url.endsWith('/report') && edits === 1) {
      edits = 2;
      await a.update('deals', deal.id, { amount: money(2_500_000) });
    }
  });
  await a.goOnline();
  expect(edits).toBe(2);
  await a.sync();
  await until('both edits were sent', () => a.workspace.sync.status().waiting === 0);
  await a.sync();
  expect((await a.get('deals', deal.id)).body.amount).toEqual(money(3_000_000));
  expect((await a.all('inbox'))[0]?.body.device).toMatchObject({ value: money(2_500_000) });
});
