import { expect, test } from 'vitest';
import { company, newDeal } from './support/company.ts';
import { until } from './support/until.ts';

const money = (minor: number) => ({ minor, currency: 'USD' });

test('a push whose answer was lost is sent again and changes nothing more', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  await a.goOffline();
  await a.update('deals', deal.id, { nextStep: 'Visit' });
  const { rev } = await a.get('deals', deal.id);
  a.network.loseAnswer('/push');
  a.network.mend();
  await until('the change was sent in the end', () => a.workspace.sync.status().waiting === 0);
  await a.sync();
  expect(await a.get('deals', deal.id)).toMatchObject({ rev: rev + 1, body: { nextStep: 'Visit' } });
  const { entries } = await a.workspace.audit.ofRecord('deals', deal.id, 50);
  expect(entries.filter((entry) => entry.field === 'nextStep')).toHaveLength(1);
  const stored = await server.store.db
    .selectFrom('audit_values')
    .select('json')
    .where('tenant', '=', tenant)
    .execute();
  expect(stored.filter(({ json }) => json.includes('"Visit"'))).toHaveLength(1);
});

test('a refused change falls back and lands in the inbox, and the others go through', async () => {
  const { device, server } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const parent = await a.workspace.pages.create('accounts', { name: 'Upper Mill' });
  const child = await a.workspace.pages.create('accounts', { name: 'Lower Mill' });
  await a.sync();
  await b.sync();
  await Promise.all([a.goOffline(), b.goOffline()]);
  // Each is fine on its own device; together they would make a circle.
  await a.update('accounts', child.id, { parent: parent.id });
  await b.update('accounts', parent.id, { parent: child.id, industry: 'Paper' });
  await b.update('accounts', child.id, { website: 'https://lower-mill.example' });
  await a.goOnline();
  await b.goOnline();
  await b.sync();

  expect((await b.get('accounts', parent.id)).body).not.toHaveProperty('parent');
  expect((await b.get('accounts', parent.id)).body).not.toHaveProperty('industry');
  expect((await b.get('accounts', child.id)).body).toMatchObject({ website: 'https://lower-mill.example' });
  const [item] = await b.all('inbox');
  expect(item).toMatchObject({ rev: 0, name: 'Upper Mill', owner: b.session.user.id });
  expect(item?.body).toMatchObject({
    kind: 'refusal',
    status: 'open',
    code: 'integrity.cycle',
    collection: 'accounts',
    record: parent.id,
    field: 'parent',
    others: { industry: 'Paper' },
  });
  expect(item?.body.device).toMatchObject({ value: child.id, offline: true });
  const { entries } = await b.workspace.audit.ofRecord('accounts', parent.id, 50);
  expect(
    entries
      .filter(({ state }) => state === 'refused')
      .map(({ field }) => field)
      .sort(),
  ).toEqual(['industry', 'parent']);
  expect(b.workspace.sync.status()).toMatchObject({ waiting: 0, state: 'online', needYou: 1 });
  await a.sync();
  expect(await a.all('inbox')).toHaveLength(0);

  // The circle is gone, so what was refused can be sent again: both fields, as one act.
  await a.update('accounts', child.id, { parent: null });
  await a.sync();
  await b.sync();
  await b.workspace.inbox.resolve(String(item?.id), 'device');
  await b.sync();
  await a.sync();
  expect((await a.get('accounts', parent.id)).body).toMatchObject({ parent: child.id, industry: 'Paper' });
  expect(b.workspace.sync.status().needYou).toBe(0);
  expect(server.store).toBeDefined();
});

test('taking a refusal back leaves the server value and closes the item on this device alone', async () => {
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
  expect((await b.get('deals', deal.id)).body).toMatchObject({ stage: 'prospecting', probability: 10 });
  const [item] = await b.all('inbox');
  expect(item?.body).toMatchObject({ code: 'stage.close_date_required' });
  await b.workspace.inbox.resolve(String(item?.id), 'server');
  await b.sync();
  expect((await b.all('inbox'))[0]?.body.status).toBe('resolved');
  expect(b.workspace.sync.status().verifiedAt).not.toBeNull();
});

test('a refused new record leaves the lists and its values stay in the inbox', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const account = await a.workspace.pages.create('accounts', { name: 'Hollow Oak' });
  await a.sync();
  await b.sync();
  await b.goOffline();
  const made = await b.workspace.pages.create('contacts', { lastName: 'Reed', account: account.id });
  // What the server knows by then does not fit any more: the id is taken by another object.
  const id = made.id;
  await a.workspace.pages.create('accounts', { name: 'Same id' }, id);
  await a.sync();
  await b.goOnline();
  expect(await b.all('contacts')).toHaveLength(0);
  const [item] = await b.all('inbox');
  expect(item?.body).toMatchObject({ kind: 'refusal', collection: 'contacts', record: id, op: 'create' });
  expect(item?.body.device).toMatchObject({ value: { lastName: 'Reed' } });
});

test('many acts go in several pushes, in order, and none is lost', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await a.goOffline();
  for (let step = 1; step <= 450; step += 1) await a.update('deals', deal.id, { nextStep: `Step ${step}` });
  await a.workspace.pages.create('activities', { type: 'note', text: 'x'.repeat(90_000) });
  await a.workspace.pages.create('activities', { type: 'note', text: 'y'.repeat(90_000) });
  await a.workspace.pages.create('activities', { type: 'note', text: 'z'.repeat(90_000) });
  expect(a.workspace.sync.status().waiting).toBe(453);
  await a.goOnline();
  expect(a.workspace.sync.status().waiting).toBe(0);
  expect(a.network.asked.filter((path) => path.endsWith('/push')).length).toBeGreaterThan(3);
  await b.sync();
  expect((await b.get('deals', deal.id)).body.nextStep).toBe('Step 450');
  expect(await b.all('activities')).toHaveLength(3);
});

test('what was edited offline before a restart is sent after it', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  await a.goOffline();
  await a.update('deals', deal.id, { amount: money(4_200_000) });
  await a.restart();
  expect((await a.get('deals', deal.id)).mark).toBe('waiting');
  await a.goOnline();
  await b.sync();
  expect((await b.get('deals', deal.id)).body.amount).toEqual(money(4_200_000));
  expect((await a.get('deals', deal.id)).mark).toBe('in-step');
});
