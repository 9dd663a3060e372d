import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../sync-server/cli.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, newDeal, push } from '../factories/mutations.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';

let server: TestServer;
let said: string[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const run = (...args: string[]) => {
  said = [];
  return runCommand(server.store, args, { say: (line) => said.push(line), readInput: async () => '' });
};

test('an admin narrows a role, moves a person by name, and applies what came from outside their sight', async () => {
  const { id: tenant, slug } = await server.addCompany();
  const here = ['--tenant', slug];
  const north = newId();
  const territory = {
    collection: 'directory' as const,
    id: north,
    body: { kind: 'territory', name: 'North' },
  };
  await writeRecords(server.store, tenant, [territory], { kind: 'set-up', name: 'test' });
  const ann = await server.addPerson(tenant, { name: 'Ann', territory: north });
  const ben = await server.addPerson(tenant, { name: 'Ben' });
  const [atAnn, atBen] = [await server.signIn(ann), await server.signIn(ben, { name: "Ben's laptop" })];
  const deal = newDeal(atAnn);
  await push(atAnn, group(deal));

  expect(await run('reach', 'set', 'rep', 'territory', ...here)).toBe(0);
  expect(await run('reach', 'list', ...here)).toBe(0);
  expect(said).toEqual(['admin  company', 'manager  company', 'rep  territory', 'read-only  company']);
  expect((await fresh(atBen)).rows.has(deal.record)).toBe(false);

  const edit = mutation(atBen, {
    collection: 'deals',
    record: deal.record,
    field: 'nextStep',
    value: 'call',
  });
  const offline = group(edit);
  expect((await push(atBen, offline)).verdicts[0]?.status).toBe('quarantined');
  expect(await run('users', 'move', ben.email, '--territory', 'north')).toBe(0);
  expect((await fresh(atBen)).rows.has(deal.record)).toBe(true);

  expect(await run('quarantine', 'list', ...here)).toBe(0);
  expect(said).toEqual([
    expect.stringMatching(new RegExp(`^${offline.id} .* Ben on Ben's laptop  1 change$`)),
  ]);
  expect(await run('quarantine', 'restore', offline.id, ...here)).toBe(0);
  expect((await fresh(atAnn)).row(deal.record).body.nextStep).toBe('call');
  expect(await run('quarantine', 'list', ...here)).toBe(0);
  expect(said).toEqual(['Nothing is held.']);

  expect(await run('users', 'move', ben.email, '--territory', '')).toBe(0);
  expect((await fresh(atBen)).rows.has(deal.record)).toBe(false);
});

test('a wrong word is told to the admin and changes nothing', async () => {
  const { id: tenant, slug } = await server.addCompany();
  const here = ['--tenant', slug];
  const ann = await server.addPerson(tenant, { name: 'Ann' });
  expect(await run('users', 'move', ann.email, '--territory', 'Atlantis')).toBe(2);
  expect(said.join()).toContain('There is no one territory called “Atlantis”. Known: none.');
  expect(await run('users', 'move', ann.email)).toBe(2);
  expect(await run('reach', 'set', 'rep')).toBe(2);
  await expect(run('reach', 'set', 'admin', 'own', ...here)).rejects.toMatchObject({
    code: 'request.invalid',
  });
  await expect(run('reach', 'set', 'rep', 'planet', ...here)).rejects.toMatchObject({
    code: 'request.invalid',
  });
  await expect(run('users', 'move', ann.email, '--role', 'king')).rejects.toMatchObject({
    code: 'request.invalid',
  });
  await expect(run('quarantine', 'dismiss', newId(), ...here)).rejects.toMatchObject({
    code: 'record.not_found',
  });
});
