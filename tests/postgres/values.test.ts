import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { readPlace } from '../../sync-server/config.ts';
import { makeBackup } from '../../sync-server/ops/backup.ts';
import { isPostgres } from '../../sync-server/store/dialect.ts';
import { toInteger } from '../../sync-server/store/postgres.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount, push } from '../factories/mutations.ts';
import { startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
let ann: TestDevice;

beforeAll(async () => {
  server = await startServer();
  tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant));
});
afterAll(() => server.close());

test('these tests run on PostgreSQL', () => {
  expect(isPostgres(server.store.db)).toBe(true);
});

test('commit numbers beyond 32 bits are numbers, and the next one follows', async () => {
  const above = 3_000_000_000;
  await server.store.db.updateTable('tenants').set({ counter: above }).where('id', '=', tenant).execute();
  const made = newAccount(ann);
  const [verdict] = (await push(ann, group(made))).verdicts;
  expect(verdict?.number).toBe(above + 1);
  const mirror = await fresh(ann);
  expect(mirror.checkpoint?.number).toBe(above + 1);
  expect(mirror.rows.has(made.record)).toBe(true);
  const { entries, ...check } = await verifyAudit(server.store.db, server.store.origin, tenant);
  expect(check).toMatchObject({ fault: null, headMatches: true });
  expect(entries).toBeGreaterThan(0);
});

test('a whole number that no number can hold is refused, not rounded', () => {
  expect(toInteger('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toInteger('9007199254740993')).toThrow(RangeError);
});

test('a name with the one character that PostgreSQL cannot store holds up nothing and arrives as it was', async () => {
  const made = newAccount(ann, 'Can\0city \u{1F69A} Straße');
  const answer = await push(ann, group(made));
  expect(answer.verdicts[0]?.status).toBe('accepted');
  const mirror = await fresh(ann);
  expect(mirror.rows.get(made.record)?.body.name).toBe('Can\0city \u{1F69A} Straße');
});

test('requests of one exchange that come at once are all counted in its line', async () => {
  const asked = { ...client(), checkpoint: null, limit: 1 };
  const answers = await Promise.all(Array.from({ length: 6 }, () => ann.post(routes.pull, asked)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const line = await server.store.db
    .selectFrom('sync_log')
    .select('pulls')
    .where('exchange', '=', asked.exchange)
    .executeTakeFirst();
  expect(line?.pulls).toBe(6);
});

test('backups are not made here: the answer says who makes them', async () => {
  await expect(makeBackup(server.store)).rejects.toMatchObject({ code: 'server.backup_elsewhere' });
  expect(await server.store.durableThrough(tenant)).toBe(0);
});

test('an address that is none is refused without being repeated', () => {
  const url = 'mysql://roadbook:secret@127.0.0.1/roadbook';
  const read = () => readPlace({ ROADBOOK_DATABASE_URL: url });
  expect(read).toThrow(/ROADBOOK_DATABASE_URL/);
  expect(read).not.toThrow(/secret/);
  expect(readPlace({ ROADBOOK_DATABASE_URL: 'postgres://a@b/c' }).postgres).toEqual({
    url: 'postgres://a@b/c',
    connections: 10,
  });
  expect(readPlace({}).postgres).toBeUndefined();
});
