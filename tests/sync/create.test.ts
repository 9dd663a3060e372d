import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { company } from './support/company.ts';

const newId = () => uuidv7(Date.now(), (length) => new Uint8Array(randomBytes(length)));

test('a form that is saved again after a crash makes no second record and no second history entry', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.goOffline();
  const id = newId();
  const values = { name: 'Cancity', industry: 'Paper', website: '' };
  const first = await a.workspace.pages.create('accounts', values, id);
  expect(await a.workspace.pages.create('accounts', values, id)).toEqual(first);
  const deal = { name: 'Racks', amount: { minor: 1_000, currency: 'USD' } };
  const made = await a.workspace.pages.create('deals', deal, newId());
  expect(await a.workspace.pages.create('deals', deal, made.id)).toEqual(made);

  expect(await a.all('accounts')).toHaveLength(1);
  expect((await a.workspace.audit.ofRecord('accounts', id, 10)).entries).toHaveLength(1);
  expect(a.workspace.sync.status().waiting).toBe(2);
  await a.goOnline();
  expect(await a.workspace.pages.create('accounts', values, id)).toMatchObject({ id, mark: 'in-step' });
  expect(await a.store.outboxCount()).toBe(0);
});

test('what was typed into it by then is an edit of the record that it has made', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const id = newId();
  await a.workspace.pages.create('accounts', { name: 'Cancity', industry: 'Paper' }, id);
  await a.sync();
  const again = await a.workspace.pages.create('accounts', { name: 'Cancity Mills', website: null }, id);
  expect(again).toMatchObject({ name: 'Cancity Mills', body: { industry: 'Paper' }, mark: 'waiting' });
  await a.sync();
  await b.sync();
  expect((await b.get('accounts', id)).body).toMatchObject({ name: 'Cancity Mills', industry: 'Paper' });
  const { entries } = await a.workspace.audit.ofRecord('accounts', id, 10);
  expect(entries.map(({ kind, field, from, to }) => ({ kind, field, from, to }))).toEqual([
    { kind: 'change', field: 'name', from: 'Cancity', to: 'Cancity Mills' },
    expect.objectContaining({ kind: 'create', field: '' }),
  ]);
});

test('an id is never used for two records, nor brings a deleted one back in silence', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const id = newId();
  const account = await a.workspace.pages.create('accounts', { name: 'Cancity' }, id);
  await expect(a.workspace.pages.create('contacts', { lastName: 'Reed' }, id)).rejects.toMatchObject({
    code: 'record.taken',
  });
  expect(await a.all('contacts')).toHaveLength(0);
  await a.workspace.pages.remove('accounts', id);
  await expect(a.workspace.pages.create('accounts', { name: 'Cancity' }, id)).rejects.toMatchObject({
    code: 'record.deleted',
  });
  await expect(a.workspace.pages.create('contacts', { lastName: 'Reed' }, id)).rejects.toMatchObject({
    code: 'record.taken',
  });
  expect(await a.get('accounts', id)).toMatchObject({ deleted: true, name: account.name });
});
