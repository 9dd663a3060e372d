import { expect, test } from 'vitest';
import { putPerson } from '../../sync-server/company/company.ts';
import { company } from './support/company.ts';
import { until } from './support/until.ts';

test("the company's tables are held whole, follow the server, and tell the window once they are different", async () => {
  const { server, tenant, device } = await company();
  const told: string[] = [];
  const a = await device('Ada', { emit: (name) => void told.push(name) });
  const people = async () =>
    (await a.workspace.tables.get()).directory
      .filter((row) => row.body.kind === 'user')
      .map((row) => row.name);
  await until('everybody is in the tables', async () => (await people()).length === 1);
  expect(await people()).toEqual(['Ada']);
  const { definitions } = await a.workspace.tables.get();
  const named = (await a.all('definitions')).map((row) => row.name);
  expect(definitions.map((row) => row.name).sort()).toEqual(named.sort());
  expect(definitions.map((row) => row.body.kind).sort()).toEqual(['company', 'lostReasons', 'pipeline']);

  told.length = 0;
  await server.addPerson(tenant, { name: 'Bea', email: 'bea@example.com' });
  await a.sync();
  await until('the new person is known', async () => (await people()).length === 2);
  expect(told).toContain('tables.changed');

  told.length = 0;
  await putPerson(server.store, tenant, { email: 'bea@example.com', name: 'Bea Lind', role: 'rep' });
  await a.sync();
  await until('the new name is known', async () => (await people()).includes('Bea Lind'));
  expect(told.filter((name) => name === 'tables.changed')).toHaveLength(1);

  // A record of another kind is no reason to ask again.
  told.length = 0;
  await a.workspace.pages.create('accounts', { name: 'Cancity' });
  await a.sync();
  expect(told).not.toContain('tables.changed');
});

test('after a restart the tables are there at once, without the server', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await until(
    'everybody is in the tables',
    async () => (await a.workspace.tables.get()).directory.length === 1,
  );
  const before = await a.workspace.tables.get();
  await a.goOffline();
  await a.restart();
  expect(await a.workspace.tables.get()).toEqual(before);
  expect(before.directory).not.toHaveLength(0);
});
