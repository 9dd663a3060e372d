import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectionOf } from '../../shared/rules/permissions.ts';
import { writeRecords } from '../../sync-server/store/bulk.ts';
import { buildProjections } from '../../sync-server/store/projections.ts';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, push } from '../factories/mutations.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';

const SOURCE = { kind: 'admin', name: 'test' };
const hidden = projectionOf('rep');
const PRODUCTS = 7;

let data: string;
let server: TestServer;
let people: { email: string; password: string; role: string }[];
let products: string[];

/** Companies of an earlier version whose policy hid nothing: products with a cost, and no digest that leaves it out. */
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'roadbook-projections-'));
  server = await startServer({ data });
  people = [];
  products = [];
  for (const slug of ['one', 'two']) {
    const { id: tenant } = await server.addCompany({ slug, name: slug });
    const wanted = Array.from({ length: PRODUCTS }, (_, index) => ({
      collection: 'products' as const,
      id: newId(),
      body: {
        name: `Crane ${index}`,
        ...(index === 0 ? {} : { cost: { minor: index * 100, currency: 'USD' } }),
      },
    }));
    await writeRecords(server.store, tenant, wanted, SOURCE);
    products.push(wanted[1]?.id ?? '');
    for (const role of ['manager', 'rep'])
      people.push({ ...(await server.addPerson(tenant, { role })), role });
  }
  const { db } = server.store;
  await db.updateTable('rows').set({ digests: null }).execute();
  await db.deleteFrom('bucket_digests').where('projection', '=', hidden).execute();
  await db
    .updateTable('meta')
    .set({ value: JSON.stringify({ built: [''] }) })
    .where('key', '=', 'projections')
    .execute();
});
afterEach(async () => {
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await server.stop();
  server = await startServer({ data });
}

async function expectAllAgree(): Promise<void> {
  for (const person of people) {
    const mirror = await fresh(await server.signIn(person));
    expect(Object.keys(mirror.digests).length).toBeGreaterThan(0);
    for (const [bucket, digest] of Object.entries(mirror.digests)) expect(mirror.digest(bucket)).toBe(digest);
    const costs = [...mirror.rows.values()].filter(({ body }) => 'cost' in body);
    expect(costs.length).toBe(person.role === 'rep' ? 0 : PRODUCTS - 1);
  }
}

test('a field that is hidden anew: digests that leave it out are built when the database is opened, and kept', async () => {
  await reopen();
  expect(server.store.built).toMatchObject({ projections: [hidden], rows: 2 * PRODUCTS });
  await expectAllAgree();

  // What was built goes on with every write.
  const [manager] = people;
  if (manager === undefined) throw new Error('there is no manager');
  const device = await server.signIn(manager);
  const record = products[0] ?? '';
  const edit = mutation(device, {
    collection: 'products',
    record,
    field: 'cost',
    value: { minor: 4_200, currency: 'USD' },
    baseRev: (await fresh(device)).row(record).rev,
  });
  expect((await push(device, group(edit))).verdicts[0]?.status).toBe('accepted');
  await expectAllAgree();

  await reopen();
  expect(server.store.built).toBeNull();
});

test('a build that is cut off goes on where it was, not from the beginning', async () => {
  let transactions = 0;
  const dies = () => {
    transactions += 1;
    if (transactions === 5) throw new Error('the power is gone');
  };
  const work = buildProjections(server.store.db, Date.now, { batch: 2, after: dies });
  await expect(work).rejects.toThrow('the power is gone');
  // Four transactions for the first company, one for the second: two of its rows are done.
  await reopen();
  expect(server.store.built?.rows).toBe(PRODUCTS - 2);
  await expectAllAgree();
});

test('what a version that hides less has written meanwhile is built anew', async () => {
  await reopen();
  // A version without the projection notes what it keeps up to date, and writes without it.
  const { db } = server.store;
  await db
    .updateTable('meta')
    .set({ value: JSON.stringify({ built: [''] }) })
    .where('key', '=', 'projections')
    .execute();
  await db
    .updateTable('rows')
    .set({ digests: null })
    .where('id', '=', products[0] ?? '')
    .execute();
  await db
    .updateTable('bucket_digests')
    .set({ digest: '0'.repeat(32) })
    .where('projection', '=', hidden)
    .execute();
  await reopen();
  await expectAllAgree();
});

test('a database notes down which digests it has, and drops the note of those that nobody keeps any more', async () => {
  const { db } = server.store;
  const note = async () => {
    const found = await db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'projections')
      .executeTakeFirst();
    return JSON.parse(found?.value ?? 'null') as unknown;
  };
  await db
    .updateTable('meta')
    .set({ value: JSON.stringify({ built: ['', hidden, 'deals.amount'] }) })
    .where('key', '=', 'projections')
    .execute();
  expect(await buildProjections(db, Date.now)).toBeNull();
  expect(await note()).toEqual({ built: ['', hidden] });
  await db.deleteFrom('meta').where('key', '=', 'projections').execute();
  expect(await buildProjections(db, Date.now)).toBeNull();
  expect(await note()).toEqual({ built: ['', hidden] });
});

test('a build that was cut off is forgotten by a version that does not build it: what that one writes is built anew', async () => {
  const { db } = server.store;
  const note = async () => {
    const found = await db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'projections')
      .executeTakeFirst();
    return JSON.parse(found?.value ?? 'null') as { built: string[]; building?: object };
  };
  const write = (state: object) =>
    db
      .updateTable('meta')
      .set({ value: JSON.stringify(state) })
      .where('key', '=', 'projections')
      .execute();
  let transactions = 0;
  const dies = () => {
    transactions += 1;
    if (transactions === 5) throw new Error('the power is gone');
  };
  await expect(buildProjections(db, Date.now, { batch: 2, after: dies })).rejects.toThrow(
    'the power is gone',
  );
  const { building } = await note();
  expect(building).toBeDefined();

  // The same, as it looks to a version which has built all that it knows.
  await write({ built: ['', hidden], building: { ...building, projections: ['deals.amount'] } });
  expect(await buildProjections(db, Date.now)).toBeNull();
  expect(await note()).toEqual({ built: ['', hidden] });

  // It writes into the company that was done, without the digest that it does not know.
  await db
    .updateTable('rows')
    .set({ digests: null })
    .where('id', '=', products[0] ?? '')
    .execute();
  await db.deleteFrom('bucket_digests').where('projection', '=', hidden).execute();
  const { building: left } = await note();
  await write({ built: [''], ...(left === undefined ? {} : { building }) });
  await reopen();
  expect(server.store.built?.rows).toBe(2 * PRODUCTS);
  await expectAllAgree();
});
