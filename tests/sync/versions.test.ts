import { expect, onTestFinished, test } from 'vitest';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, newAccount, push } from '../factories/mutations.ts';
import { startServer } from '../factories/server.ts';
import { company } from './support/company.ts';
import { startDevice } from './support/device.ts';
import { end } from './support/end.ts';
import { until } from './support/until.ts';

test('a device that is too old for its server says so, sends what it has, and loses nothing until it is updated', async () => {
  const first = await startServer();
  const { id: tenant } = await first.addCompany();
  const person = await first.addPerson(tenant, { name: 'Ada' });
  const device = await startDevice(first, person);
  onTestFinished(() => device.close());
  const { id } = await device.workspace.pages.create('accounts', { name: 'Anker Gasthof' });
  await device.sync();
  await device.goOffline();
  await device.update('accounts', id, { name: 'Anker Hotel' });
  await end(first, 'stop');

  const { data, port } = first;
  const strict = await startServer({ data, port, oldestProtocol: 2 });
  device.network.mend();
  const { sync } = device.workspace;
  // A connection to the server of before may still seem to be there: the first try need not be the one that arrives.
  await until('it has heard the server', async () => (await sync.now()).state === 'error');
  expect(sync.status()).toMatchObject({ waiting: 0, error: { code: 'sync.client_too_old' } });
  expect((await device.get('accounts', id)).body.name).toBe('Anker Hotel');
  await device.update('accounts', id, { industry: 'Hotels' });
  expect(await device.workspace.sync.now()).toMatchObject({ waiting: 0 });
  await end(strict, 'stop');

  const last = await startServer({ data, port });
  onTestFinished(() => end(last, 'close'));
  await until('the device is online', async () => (await sync.now()).state === 'online');
  expect((await device.get('accounts', id)).body).toMatchObject({ name: 'Anker Hotel', industry: 'Hotels' });
  expect(device.workspace.sync.status().verifiedAt).not.toBeNull();
  const reader = await last.signIn(person);
  expect((await fresh(reader)).rows.get(id)?.body).toMatchObject({ name: 'Anker Hotel', industry: 'Hotels' });
});

test('a field of a later version comes through devices and a server that do not know it, whatever they do to its record', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  const later = await server.signIn(await server.addPerson(tenant));
  const made = newAccount(later);
  const account = { collection: 'accounts', record: made.record };
  const value = { grade: 'A', since: 2031, notes: ['Zoë'] };
  await push(later, group({ ...made, value: { name: 'Cancity', laterTerms: value } }));
  await a.sync();
  expect((await a.get('accounts', made.record)).body.laterTerms).toEqual(value);

  // Both sides change the record at once; the older one deletes it and brings it back.
  await a.update('accounts', made.record, { industry: 'Retail' });
  const changed = { ...value, grade: 'B' };
  await push(
    later,
    group(mutation(later, { ...account, field: 'laterTerms', base: value, baseRev: 1, value: changed })),
  );
  await a.sync();
  await a.workspace.pages.remove('accounts', made.record);
  await a.sync();
  await a.workspace.pages.restore('accounts', made.record);
  await a.sync();
  await a.restart();

  const { rows } = await fresh(later);
  const wanted = { name: 'Cancity', industry: 'Retail', laterTerms: changed };
  expect(rows.get(made.record)?.body).toEqual(wanted);
  expect((await a.get('accounts', made.record)).body).toEqual(wanted);
  expect(a.workspace.sync.status().verifiedAt).not.toBeNull();
});
