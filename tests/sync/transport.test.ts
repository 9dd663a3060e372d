import { expect, test } from 'vitest';
import { company, newDeal } from './support/company.ts';
import { until } from './support/until.ts';

const html = (status: number) =>
  new Response('<html>Welcome to the hotel</html>', { status, headers: { 'content-type': 'text/html' } });

test('by hand, nothing travels before the person asks, and everything does when they do', async () => {
  let byHand = true;
  const { device } = await company();
  const b = await device('Ben');
  const a = await device('Ada', { byHand: () => byHand });
  await until('the first sync is over', () => a.workspace.sync.status().state === 'by-hand');
  const asked = a.network.asked.length;
  const made = await a.workspace.pages.create('accounts', { name: 'Typed on a train' });
  const theirs = await newDeal(b);
  // A wake-up of the machine, or a changed network, is no wish of the person's.
  a.workspace.sync.hurry();
  await until('it has looked and rested', () => a.workspace.sync.status().waiting === 1);
  expect(a.workspace.sync.status().state).toBe('by-hand');
  expect(a.network.asked).toHaveLength(asked);
  expect(await a.all('deals')).toEqual([]);

  expect(await a.workspace.sync.now()).toMatchObject({ state: 'by-hand', waiting: 0, error: null });
  expect((await a.all('deals')).map(({ id }) => id)).toEqual([theirs.id]);
  await b.sync();
  expect((await b.all('accounts')).map(({ id }) => id)).toEqual([made.id]);

  byHand = false;
  a.workspace.sync.modeChanged();
  await until('it follows by itself again', () => a.workspace.sync.status().state === 'online');
  const next = await newDeal(b);
  await until('what is new comes by itself', async () =>
    (await a.all('deals')).some(({ id }) => id === next.id),
  );
});

test('by hand, a try that fails says so and is not repeated before the person asks again', async () => {
  const { device } = await company();
  const a = await device('Ada', { byHand: () => true });
  await until('the first sync is over', () => a.workspace.sync.status().state === 'by-hand');
  await a.workspace.pages.create('accounts', { name: 'Typed on a train' });
  a.network.cut();
  expect(await a.workspace.sync.now()).toMatchObject({ state: 'offline', waiting: 1 });
  const asked = a.network.asked.length;
  a.network.mend();
  expect(await a.workspace.sync.now()).toMatchObject({ state: 'by-hand', waiting: 0 });
  expect(a.network.asked.length).toBeGreaterThan(asked);
});

test.each([
  ['a portal', 200],
  ['a portal that forbids', 403],
  ['a proxy that has lost its way', 404],
])(
  'where %s answers in the place of the server, work goes on, nothing is lost, and it is told',
  async (_what, status) => {
    const { device } = await company();
    const a = await device('Ada');
    a.network.answer(() => html(status));
    await a.workspace.pages.create('accounts', { name: 'Typed in the lobby' });
    await a.workspace.sync.now();
    expect(a.workspace.sync.status()).toMatchObject({
      state: 'offline',
      waiting: 1,
      error: { code: 'sync.in_between' },
    });
    expect(await a.store.value('session')).toMatchObject({ refreshToken: expect.any(String) });
    a.network.answer(() => undefined);
    await a.sync();
    expect(a.workspace.sync.status()).toMatchObject({ state: 'online', waiting: 0, error: null });
  },
);

test('an answer that breaks off in the middle, and errors of a proxy, cost nothing', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const answers = [
    () => new Response('{"rows":[{"id":"01', { status: 200 }),
    () => html(502),
    () => html(503),
    () => html(504),
  ];
  const deal = await newDeal(b);
  for (const answer of answers) {
    a.network.answer((path) => (path.endsWith('/pull') ? answer() : undefined));
    await a.workspace.sync.now();
    expect(a.workspace.sync.status().state).toBe('offline');
  }
  a.network.answer(() => undefined);
  await a.sync();
  expect((await a.all('deals')).map(({ id }) => id)).toEqual([deal.id]);
});

test('over a line that comes and goes, every edit arrives once', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  let turn = 0;
  // Three of four requests die, half of them after the server has acted.
  a.network.before((url) => {
    turn += 1;
    if (turn % 4 === 1) throw new TypeError('fetch failed');
    if (turn % 4 === 3) a.network.loseAnswer(new URL(url).pathname);
  });
  for (let step = 1; step <= 8; step += 1) {
    await a.update('deals', deal.id, { nextStep: `Step ${step}` });
    await a.workspace.sync.now();
  }
  a.network.before(() => undefined);
  await until('everything was sent', async () => {
    await a.workspace.sync.now();
    return a.workspace.sync.status().waiting === 0 && a.workspace.sync.status().state === 'online';
  });
  await b.sync();
  expect((await b.get('deals', deal.id)).body.nextStep).toBe('Step 8');
  const { entries } = await b.workspace.audit.ofRecord('deals', deal.id, 50);
  const steps = entries.filter(({ field }) => field === 'nextStep').map(({ to }) => to);
  expect(steps.toReversed()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((step) => `Step ${step}`));
});
