import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import { type Mutation, routes } from '../../shared/sync/wire.ts';
import { companyId } from '../../sync-server/company/definitions.ts';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, newDeal, pullAll, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

const SECRET = 'northgate-only';

let server: TestServer;
let insider: TestDevice;
let outsider: TestDevice;
let deal: string;
let person: string;

beforeAll(async () => {
  server = await startServer();
  const ours = await server.addCompany({ name: 'Northgate' });
  const theirs = await server.addCompany({ name: 'Southgate' });
  insider = await server.signIn(await server.addPerson(ours.id, { name: SECRET }));
  outsider = await server.signIn(await server.addPerson(theirs.id, { role: 'admin' }));
  person = insider.user.id;
  const made = newDeal(insider, { name: SECRET, nextStep: SECRET });
  deal = made.record;
  await push(insider, group(made));
});
afterAll(() => server.close());

test('nothing that a stranger pushes, pulls or asks for reaches another company', async () => {
  const before = (await fresh(insider)).content();
  const record = fc.constantFrom(deal, person, insider.user.tenant, newId());
  const value = fc.oneof(
    fc.constantFrom<unknown>(deal, person, insider.user.tenant, null),
    fc.string(),
    fc.record({ name: fc.string(), owner: record, account: record, tenant: record, parent: record }),
  );
  const edit = fc.record({
    collection: fc.constantFrom('deals', 'accounts', 'directory', 'inbox', 'nothing'),
    record,
    op: fc.constantFrom('create' as const, 'set' as const, 'delete' as const, 'restore' as const),
    field: fc.constantFrom('', 'name', 'owner', 'account', 'tenant', 'team', 'pipeline'),
    value,
    baseRev: fc.integer({ min: 0, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 10, maxLength: 10 }), async (edits) => {
      const answer = await push(outsider, ...edits.map((part) => group(mutation(outsider, part))));
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }),
    { seed: 7, numRuns: 20 },
  );
  expect((await fresh(insider)).content()).toEqual(before);
  const seen = JSON.stringify(await pullAll(outsider));
  expect(seen).not.toContain(SECRET);
  const log = await outsider.get<{ lines: { tenant: string }[] }>(routes.syncLog);
  expect(new Set(log.body.lines.map(({ tenant }) => tenant))).toEqual(new Set([outsider.user.tenant]));
  expect(JSON.stringify((await outsider.get('/v1/admin/devices')).body)).not.toContain(SECRET);
});

test('a record of another company cannot be changed, deleted, made again or pointed to by who guesses its id', async () => {
  const before = (await fresh(insider)).content();
  const own = newDeal(outsider);
  const at = (part: Partial<Mutation>) =>
    group(mutation(outsider, { collection: 'deals', record: deal, ...part }));
  const answer = await push(
    outsider,
    group(own),
    at({ op: 'set', field: 'nextStep', value: 'x', baseRev: 1 }),
    at({ op: 'delete', baseRev: 1 }),
    at({ op: 'restore', baseRev: 1 }),
    at({ record: own.record, field: 'account', value: person }),
    at({ record: own.record, field: 'owner', value: person }),
    at({ record: own.record, field: 'pipeline', value: companyId(insider.user.tenant, 'pipeline\ndefault') }),
  );
  expect(answer.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
    undefined,
    'record.not_found',
    'record.not_found',
    'record.not_found',
    'integrity.reference',
    'integrity.reference',
    'integrity.reference',
  ]);
  // The same id in another company is another record.
  const twin = await push(outsider, group(newDeal(outsider, { name: 'Twin' }, deal)));
  expect(twin.verdicts[0]?.status).toBe('accepted');
  expect((await fresh(insider)).content()).toEqual(before);
  expect(JSON.stringify(await pullAll(outsider))).not.toContain(SECRET);
});

test('a checkpoint that names a bucket of another company brings none of its rows', async () => {
  const mine = await fresh(outsider);
  if (mine.checkpoint === null) throw new Error('no checkpoint');
  mine.checkpoint = {
    ...mine.checkpoint,
    buckets: { ...mine.checkpoint.buckets, [companyBucket(insider.user.tenant)]: 0 },
  };
  const pages = await pullAll(outsider, mine.checkpoint);
  expect(JSON.stringify(pages.map(({ rows, changes }) => [rows, changes]))).not.toContain(SECRET);
});

test('a device id that is used in one company can be used in another without touching it', async () => {
  const stranger = await server.addPerson(outsider.user.tenant);
  await server.signIn(stranger, { id: insider.device.id, name: 'Same id' });
  expect((await pullAll(insider)).length).toBeGreaterThan(0);
});
