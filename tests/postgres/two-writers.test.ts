import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { entities, type Row } from '../../shared/model/index.ts';
import { type Wanted, writeRecords } from '../../sync-server/store/bulk.ts';
import { Commit } from '../../sync-server/store/commit.ts';
import type { Db } from '../../sync-server/store/dialect.ts';
import { Store } from '../../sync-server/store/store.ts';
import { newRow } from '../../sync-server/store/working-row.ts';
import { until } from '../api/support/until.ts';
import { databaseOf } from '../factories/database.ts';
import { fresh, Mirror } from '../factories/mirror.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
let reader: TestDevice;
/** Two more processes' worth of connections. */
let first: Store;
let second: Store;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  tenant = (await server.addCompany()).id;
  reader = await server.signIn(await server.addPerson(tenant));
  const place = { data: server.data, ...(await databaseOf(server.data)) };
  [first, second] = await Promise.all([Store.open(place), Store.open(place)]);
});
afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
});

const account = (id: string): Wanted => ({ collection: 'accounts', id, body: { name: 'Isdom' } });
const rowOf = (id: string): Row => ({
  ...{ id, rev: 0, tenant, owner: '', team: '', territory: '', name: '', createdAt: '2026-01-01T00:00:00Z' },
  ...{ createdBy: '', updatedAt: '', updatedBy: '', body: { name: 'Isdom' } },
});
const source = { kind: 'import', name: 'test' };

/** A promise that is settled from outside. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Connections of this database that wait for a lock. */
async function waiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
  return rows[0]?.count ?? 0;
}

describe('two writers held open', () => {
  test('the second has no number before the first is visible, and no reader skips a row', async () => {
    const mirror = await fresh(reader);
    const before = mirror.checkpoint?.number ?? 0;
    const [early, late] = [newId(), newId()];
    const [numbered, mayCommit] = [gate(), gate()];
    const held = first.db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, first.environment, tenant);
      const number = await commit.finish([newRow(entities.accounts, rowOf(early))]);
      numbered.open();
      await mayCommit.opened;
      return number;
    });
    await numbered.opened;
    const behind = writeRecords(second, tenant, [account(late)], source);
    await until(
      () => waiting(server.store.db),
      (count) => count > 0,
    );
    await mirror.pull(reader);
    expect(mirror.checkpoint?.number).toBe(before);

    mayCommit.open();
    expect(await held).toBe(before + 1);
    await behind;
    await mirror.pull(reader);
    expect([early, late].map((id) => mirror.rows.has(id))).toEqual([true, true]);
    expect(mirror.checkpoint?.number).toBe(before + 2);
  });

  test('a plain sequence would make the reader skip: what this test can see, and our counter does not do', async () => {
    const { db } = server.store;
    const table = sql.table(`log_${randomUUID().slice(0, 8)}`);
    await sql`create table ${table} (number bigserial primary key)`.execute(db);
    const read = async (after: number) =>
      (
        await sql<{ number: number }>`select number from ${table} where number > ${after} order by 1`.execute(
          db,
        )
      ).rows;
    const [numbered, mayCommit] = [gate(), gate()];
    const held = first.db.transaction().execute(async (tx) => {
      await sql`insert into ${table} default values`.execute(tx);
      numbered.open();
      await mayCommit.opened;
    });
    await numbered.opened;
    await sql`insert into ${table} default values`.execute(second.db);
    const seen = await read(0);
    expect(seen).toEqual([{ number: 2 }]);
    mayCommit.open();
    await held;
    // The checkpoint stands at 2: number 1 never comes.
    expect(await read(2)).toEqual([]);
  });

  test('whoever reads while many write at once ends with every row, and its digest fits', async () => {
    const mirror = new Mirror();
    const wanted = Array.from({ length: 40 }, () => newId());
    let writing = true;
    const reading = (async () => {
      while (writing) await mirror.pull(reader, 3);
    })();
    await Promise.all(
      wanted.map((id, at) => writeRecords(at % 2 === 0 ? first : second, tenant, [account(id)], source)),
    );
    writing = false;
    await reading;
    await mirror.pull(reader, 3);
    expect(wanted.filter((id) => !mirror.rows.has(id))).toEqual([]);
    expect(mirror.content()).toEqual((await fresh(reader)).content());
    for (const [bucket, digest] of Object.entries(mirror.digests)) expect(mirror.digest(bucket)).toBe(digest);
  });
});

test('a transaction that stood in the way of another is done again, and both come through', async () => {
  const other = (await server.addCompany()).id;
  const [a, b] = [gate(), gate()];
  let tries = 0;
  const bump = async (store: Store, one: string, two: string, mine: typeof a, theirs: typeof a) =>
    store.db.transaction().execute(async (tx) => {
      tries += 1;
      for (const id of [one, two]) {
        await tx
          .updateTable('tenants')
          .set((eb) => ({ scope_version: eb('scope_version', '+', 1) }))
          .where('id', '=', id)
          .execute();
        mine.open();
        await theirs.opened;
      }
    });
  const versions = () => first.scopeVersions([tenant, other]);
  const before = await versions();
  await Promise.all([bump(first, tenant, other, a, b), bump(second, other, tenant, b, a)]);
  expect(tries).toBeGreaterThan(2);
  const after = await versions();
  for (const id of [tenant, other]) expect(after.get(id)).toBe((before.get(id) ?? 0) + 2);
});
