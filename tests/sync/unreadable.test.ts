import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ErrorCode, RoadbookError, toProblem } from '../../shared/errors.ts';
import type { Mutation, PushRequest } from '../../shared/sync/wire.ts';
import { company } from './support/company.ts';
import type { TestDevice } from './support/device.ts';

const problem = (code: ErrorCode) => {
  const error = new RoadbookError(code, { reason: 'the body' });
  return Response.json(toProblem(error, 'r1'), { status: error.status });
};

/** Answers a push in the server's place where it gives an answer. */
const onPush = (device: TestDevice, stand: (groups: PushRequest['groups']) => Response | undefined) =>
  device.network.answer((path, body) =>
    path.endsWith('/push') ? stand((body as PushRequest).groups) : undefined,
  );

/** Accounts made one by one: an act each. */
async function accounts(device: TestDevice, ...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await device.workspace.pages.create('accounts', { name })).id);
  return ids;
}

const named = async (device: TestDevice) => (await device.all('accounts')).map(({ name }) => name).sort();

test('what the server cannot read never holds up another change: it alone comes back with its values', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  await a.goOffline();
  const ids = await accounts(a, 'Ash', 'Beech', 'Cedar', 'Dogwood', 'Elm', 'Fir');
  const guilty = [ids[1], ids[3]];
  onPush(a, (groups) =>
    groups.some(({ mutations }) => mutations.some(({ record }) => guilty.includes(record)))
      ? problem('request.invalid')
      : undefined,
  );
  await a.goOnline();
  await b.sync();

  expect(await named(b)).toEqual(['Ash', 'Cedar', 'Elm', 'Fir']);
  expect(await named(a)).toEqual(['Ash', 'Cedar', 'Elm', 'Fir']);
  const items = await a.all('inbox');
  expect(items.map(({ body }) => body.record)).toEqual(guilty);
  expect(items[1]?.body).toMatchObject({
    kind: 'refusal',
    status: 'open',
    op: 'create',
    code: 'request.invalid',
    reason: 'The server cannot read this change.',
    device: { value: { name: 'Dogwood' } },
  });
  expect(a.workspace.sync.status()).toMatchObject({ state: 'online', waiting: 0, needYou: 2 });
});

test('a change that is too large alone comes back, also where a proxy says so in words of its own', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.goOffline();
  await accounts(a, 'Ash', 'Beech');
  await a.workspace.pages.create('activities', { type: 'note', text: 'x'.repeat(90_000) });
  onPush(a, (groups) =>
    JSON.stringify(groups).length > 80_000 ? new Response('<html></html>', { status: 413 }) : undefined,
  );
  await a.goOnline();
  expect(a.workspace.sync.status()).toMatchObject({ waiting: 0, needYou: 1 });
  const [item] = await a.all('inbox');
  expect(item?.body).toMatchObject({
    code: 'request.too_large',
    reason: 'This change is too large for the server.',
  });
  expect(item?.body.device).toMatchObject({ value: { text: 'x'.repeat(90_000) } });
});

test('a server that takes no push at all makes a refusal of nothing: everything waits', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.goOffline();
  await accounts(a, 'Ash', 'Beech');
  onPush(a, () => problem('request.invalid'));
  a.network.mend();
  expect(await a.workspace.sync.now()).toMatchObject({ state: 'error', waiting: 2, needYou: 0 });
  a.network.answer(() => undefined);
  await a.sync();
  expect(a.workspace.sync.status()).toMatchObject({ state: 'online', waiting: 0, needYou: 0 });
});

test('names that are no names of members come back from the real server, and the others go through', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const [id = ''] = await accounts(a, 'Ash');
  await a.sync();
  await a.goOffline();
  await a.update('accounts', id, { industry: 'Wood' });
  const [entry] = await a.store.outboxOf([id]);
  // As an older Roadbook could have saved them: what is typed now is refused at once.
  for (const text of ['{"city":"Ulm","__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}']) {
    const value: unknown = JSON.parse(text);
    const made = { ...(entry?.mutation as Mutation), id: randomUUID(), field: 'billing', base: null, value };
    const { collection, record, field } = { collection: 'accounts', record: id, field: 'billing' };
    const waiting = { id: made.id, group: randomUUID(), collection, record, field, mutation: made };
    await a.store.commit({ outbox: [waiting] });
  }
  await accounts(a, 'Beech');
  await a.goOnline();
  await b.sync();
  expect(await named(b)).toEqual(['Ash', 'Beech']);
  expect((await b.get('accounts', id)).body).toMatchObject({ industry: 'Wood' });
  expect((await b.get('accounts', id)).body).not.toHaveProperty('billing');
  expect(await a.all('inbox')).toHaveLength(2);
  expect(a.workspace.sync.status()).toMatchObject({ state: 'online', waiting: 0, needYou: 2 });
});

test.each(['{"__proto__":{"x":1}}', '{"city":{"constructor":{"prototype":1}}}', '{"prototype":"x"}'])(
  'such a name is refused where it is typed: %s',
  async (text) => {
    const { device } = await company();
    const a = await device('Ada');
    const [id = ''] = await accounts(a, 'Ash');
    await expect(a.update('accounts', id, { billing: JSON.parse(text) })).rejects.toMatchObject({
      code: 'record.invalid',
      details: { fieldName: 'billing', field: 'Billing address' },
    });
    const making = a.workspace.pages.create('accounts', { name: 'Beech', billing: JSON.parse(text) });
    await expect(making).rejects.toMatchObject({ code: 'record.invalid' });
    expect(await named(a)).toEqual(['Ash']);
  },
);
