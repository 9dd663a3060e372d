import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PushResponse, routes } from '../../shared/sync/wire.ts';
import { until } from '../api/support/until.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount, push } from '../factories/mutations.ts';
import { startServer, type TestDevice, type TestServer } from '../factories/server.ts';
import { type Cluster, startCluster } from './support/cluster.ts';

/** A PostgreSQL that may be ended in the middle: no other test has its data here. */
let cluster: Cluster;
let server: TestServer;
let ann: TestDevice;
let tenant: string;

beforeAll(async () => {
  cluster = await startCluster();
  server = await startServer({ postgres: { url: cluster.url, connections: 3 }, poll: 50 });
  tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant));
});
afterAll(async () => {
  await server?.close();
  await cluster?.remove();
});

const asked = (groups: unknown[]) => ({ ...client(), epoch: '', groups });

test('while the database is away the server says so and when to ask again; when it is back nothing is lost', async () => {
  const before = newAccount(ann);
  await push(ann, group(before));
  const after = group(newAccount(ann), newAccount(ann));

  await cluster.down();
  const health = await fetch(new URL('/v1/health', server.url));
  expect(health.status).toBe(503);
  expect(health.headers.get('retry-after')).toBe('5');
  expect(await health.json()).toMatchObject({ code: 'server.database_unavailable' });
  const answer = await ann.post<{ code: string }>(routes.push, asked([after]));
  expect([answer.status, answer.body.code]).toEqual([503, 'server.database_unavailable']);

  await cluster.up();
  const again = await until(
    () => ann.post<PushResponse>(routes.push, asked([after])),
    ({ status }) => status === 200,
  );
  expect(again.body.verdicts.map(({ status }) => status)).toEqual(['accepted']);
  const mirror = await fresh(ann);
  for (const { record } of [before, ...after.mutations]) expect(mirror.rows.has(record)).toBe(true);
});

/** Holds up whoever writes this mutation, until the database goes away; tells whether somebody waits already. */
async function holdUp(mutation: string): Promise<() => Promise<boolean>> {
  const client = new pg.Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  const row = [tenant, mutation, 'applied', 0, '2026-01-01T00:00:00.000Z'];
  await client.query(
    'insert into mutations (tenant, id, result, number, at) values ($1, $2, $3, $4, $5)',
    row,
  );
  return async () => {
    const waiting = `select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return (await client.query(waiting)).rows.length > 0;
  };
}

test('a push whose connections are cut in the middle is answered with 503, has each group whole or not at all, and once when it comes again', async () => {
  const groups = Array.from({ length: 120 }, () => group(newAccount(ann), newAccount(ann)));
  const held = (await fresh(ann)).rows.size;
  const isHeldUp = await holdUp(groups[60]?.mutations[0]?.id ?? '');
  const sent = ann.post<PushResponse & { code?: string }>(routes.push, asked(groups));
  await until(isHeldUp, (is) => is);
  expect((await fresh(ann)).rows.size).toBeGreaterThan(held);
  await cluster.down();
  const { status, body } = await sent;
  expect([status, body.code]).toEqual([503, 'server.database_unavailable']);
  await cluster.up();

  await until(
    () => fetch(new URL('/v1/health', server.url)),
    ({ status: well }) => well === 200,
  );
  const rows = (await fresh(ann)).rows;
  for (const { mutations } of groups) {
    expect(new Set(mutations.map(({ record }) => rows.has(record))).size).toBe(1);
  }
  const again = await ann.post<PushResponse>(routes.push, asked(groups));
  expect(new Set(again.body.verdicts.map(({ status: one }) => one))).toEqual(new Set(['accepted']));
  const mirror = await fresh(ann);
  expect(mirror.rows.size).toBe(held + 240);
  for (const [bucket, digest] of Object.entries(mirror.digests)) expect(mirror.digest(bucket)).toBe(digest);
});
