import { afterEach, beforeEach, expect, test } from 'vitest';
import { routes, type Tokens } from '../../shared/sync/wire.ts';
import { Housekeeping } from '../../sync-server/ops/housekeeping.ts';
import { prune } from '../../sync-server/ops/retention.ts';
import { realEnvironment } from '../../sync-server/store/environment.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { group, newAccount, pullAll, push } from '../factories/mutations.ts';
import { call, startServer, type TestDevice, type TestServer } from '../factories/server.ts';
import { until } from './support/until.ts';

const DAY = 86_400_000;
const retention = { offlineDays: 400, logDays: 30 };
const never = new AbortController().signal;

let server: TestServer;
let tenant: string;
let person: { email: string; password: string };
let device: TestDevice;
/** Days since the test began. */
let days = 0;

beforeEach(async () => {
  days = 0;
  const now = () => realEnvironment.now() + days * DAY;
  server = await startServer({ environment: { ...realEnvironment, now } });
  tenant = (await server.addCompany()).id;
  person = await server.addPerson(tenant);
  device = await server.signIn(person);
});
afterEach(() => server.close());

const count = async (table: 'verdicts' | 'mutations' | 'sync_log' | 'sessions' | 'refresh_tokens') => {
  const found = await server.store.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return Number(found.rows);
};

test('what a device may still send again is known for as long as it may stay away, and not longer', async () => {
  const sent = group(newAccount(device), newAccount(device));
  const first = await push(device, sent);
  expect([await count('verdicts'), await count('mutations'), await count('sync_log')]).toEqual([1, 2, 1]);

  days = 399;
  expect(await prune(server.store, retention, never)).toMatchObject({ verdicts: 0, mutations: 0, lines: 1 });
  device = await server.signIn(person, device.device);
  expect((await push(device, sent)).verdicts).toEqual(first.verdicts);

  days = 401;
  expect(await prune(server.store, retention, never)).toMatchObject({ verdicts: 1, mutations: 2 });
  expect([await count('verdicts'), await count('mutations')]).toEqual([0, 0]);
  // Records and their history are not what is forgotten.
  device = await server.signIn(person, device.device);
  const rows = (await pullAll(device)).flatMap((page) => page.rows);
  expect(rows.filter(({ collection }) => collection === 'accounts').length).toBe(2);
  expect(await verifyAudit(server.store.db, server.store.origin, tenant)).toMatchObject({
    fault: null,
    headMatches: true,
  });
});

test('a line of the sync log goes after its days, the younger ones stay', async () => {
  await push(device, group(newAccount(device)));
  days = 20;
  device = await server.signIn(person, device.device);
  await push(device, group(newAccount(device)));
  days = 31;
  expect(await prune(server.store, retention, never)).toMatchObject({ lines: 1 });
  expect(await count('sync_log')).toBe(1);
});

test('a withdrawal goes its days after its receipt; one that waits for its receipt stays', async () => {
  const at = (day: number) => new Date(realEnvironment.now() + day * DAY).toISOString();
  const of = { tenant, device: device.device.id, rows: 1 };
  await server.store.db
    .insertInto('withdrawals')
    .values([
      { ...of, bucket: 'territory:a', told_at: at(-90), confirmed_at: null },
      { ...of, bucket: 'territory:b', told_at: at(-90), confirmed_at: at(-20) },
      { ...of, bucket: 'territory:c', told_at: at(-90), confirmed_at: at(-31) },
      { ...of, bucket: 'territory:c', told_at: at(-29), confirmed_at: at(-29) },
      { ...of, bucket: 'territory:d', told_at: at(-95), confirmed_at: at(-80) },
    ])
    .execute();
  expect(await prune(server.store, retention, never, 1)).toMatchObject({ withdrawals: 2 });
  const left = await server.store.withdrawals.list(tenant);
  expect(left.map(({ bucket, state }) => `${bucket} ${state}`).sort()).toEqual([
    'territory:a told',
    'territory:b confirmed',
    'territory:c confirmed',
  ]);
});

const refresh = (refreshToken: string) =>
  call<Tokens & { code: string }>(server.url, 'POST', routes.refresh, undefined, {
    refreshToken,
    device: device.device.id,
  });

test('tokens and sessions go once they are over, but what a device may still hold; it is told why its session has ended', async () => {
  const revoked = await server.signIn(person);
  await server.store.devices.revoke(tenant, revoked.device.id);
  const replaced = device.refreshToken;
  days = 1;
  device = await server.signIn(person, device.device);
  const first = device.refreshToken;
  days = 2;
  const second = (await refresh(first)).body.refreshToken;
  days = 100;
  const next = (await refresh(second)).body.refreshToken;
  expect(await prune(server.store, retention, never)).toMatchObject({ tokens: 0, sessions: 0 });

  // What was given out on the first days is over, and with it the session that another one has replaced.
  days = 183;
  expect(await prune(server.store, retention, never, 1)).toMatchObject({ tokens: 2, sessions: 1 });
  expect([await count('refresh_tokens'), await count('sessions')]).toEqual([3, 2]);
  const told = await call<{ code: string }>(server.url, 'POST', routes.refresh, undefined, {
    refreshToken: revoked.refreshToken,
    device: revoked.device.id,
  });
  expect(told.body.code).toBe('auth.device_revoked');
  for (const over of [replaced, first, second])
    expect((await refresh(over)).body.code).toBe('auth.token_invalid');
  const last = await refresh(next);
  expect(last.status).toBe(200);
  expect((await refresh(last.body.refreshToken)).status).toBe(200);
});

test('a copied token is told by what was used, although that is over', async () => {
  // Two were given out for one: the answer with the first of them was late.
  days = 1;
  const used = (await refresh(device.refreshToken)).body.refreshToken;
  days = 100;
  const copied = (await refresh(device.refreshToken)).body.refreshToken;
  days = 101;
  const working = (await refresh(used)).body.refreshToken;
  days = 182;
  expect(await prune(server.store, retention, never)).toMatchObject({ tokens: 1, sessions: 0 });
  expect((await refresh(copied)).body.code).toBe('auth.token_reused');
  expect((await refresh(working)).body.code).toBe('auth.token_reused');
  days = 400;
  expect(await prune(server.store, retention, never)).toMatchObject({ tokens: 1, sessions: 0 });
  expect((await refresh(copied)).body.code).toBe('auth.token_invalid');
});

test('people are served while much is forgotten: it goes in small batches', async () => {
  const old = new Date(realEnvironment.now() - 500 * DAY).toISOString();
  const rows = Array.from({ length: 3_000 }, (_, index) => ({
    ...{ tenant, id: `old-${String(index).padStart(6, '0')}`, result: 'applied', number: 1, at: old },
  }));
  for (let from = 0; from < rows.length; from += 500) {
    await server.store.db
      .insertInto('mutations')
      .values(rows.slice(from, from + 500))
      .execute();
  }
  const pruning = prune(server.store, retention, never, 20);
  await push(device, group(newAccount(device)));
  // The push is through, and the old ones are still going.
  expect(await count('mutations')).toBeGreaterThan(1_000);
  expect(await pruning).toMatchObject({ mutations: 3_000 });
  expect(await count('mutations')).toBe(1);
});

test('a running server forgets by itself and says how much', async () => {
  days = 1;
  device = await server.signIn(person, device.device);
  await push(device, group(newAccount(device)));
  days = 402;
  const said: object[] = [];
  const log = { info: (fields: object) => said.push(fields), error: (fields: object) => said.push(fields) };
  const backups = { data: server.data, folder: server.data, hours: 0, keep: 1 };
  const housekeeping = new Housekeeping(server.store, { retention, backups, firstLook: 1, look: 10 }, log);
  housekeeping.start();
  await until(
    () => count('mutations'),
    (left) => left === 0,
  );
  await until(
    () => said.length,
    (lines) => lines > 0,
  );
  await housekeeping.stop();
  expect(said).toEqual([
    { pruned: { verdicts: 1, mutations: 1, lines: 1, withdrawals: 0, tokens: 1, sessions: 1 } },
  ]);
});
