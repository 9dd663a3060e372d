import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entities } from '../../shared/model/index.ts';
import { addCompany, putPerson } from '../../sync-server/company/company.ts';
import { type Wanted, writeRecords } from '../../sync-server/store/bulk.ts';
import { Commit } from '../../sync-server/store/commit.ts';
import type { Principal } from '../../sync-server/store/principal.ts';
import { Store } from '../../sync-server/store/store.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { newRow } from '../../sync-server/store/working-row.ts';
import { newId } from '../factories/server.ts';

let data: string;
let open: Store[];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'roadbook-store-'));
  open = [];
});
afterEach(async () => {
  for (const store of open) await store.close();
  rmSync(data, { recursive: true, force: true });
});

async function openStore(busyTimeout?: number): Promise<Store> {
  const store = await Store.open({ data, ...(busyTimeout === undefined ? {} : { busyTimeout }) });
  open.push(store);
  return store;
}

async function companyWithReader(store: Store): Promise<{ tenant: string; reader: Principal }> {
  const { id: tenant } = await addCompany(store, { slug: 'test', name: 'Test' });
  const person = await putPerson(store, tenant, { email: 'a@example.com', name: 'A', role: 'rep' });
  const reader: Principal = {
    ...{ tenant, tenantName: '', user: person.id, userName: '', email: '', role: 'rep', team: '' },
    ...{ territory: '', device: newId(), deviceName: '', app: '' },
  };
  return { tenant, reader };
}

const account = (id: string): Wanted => ({ collection: 'accounts', id, body: { name: 'Isdom' } });

/** A promise that is settled from outside. */
function gate(): { opened: Promise<void>; open: () => void } {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, open: () => release() };
}

describe('two writers held open', () => {
  test('never make a reader skip a row: the second waits for the number of the first', async () => {
    const first = await openStore();
    const second = await openStore(1);
    const third = await openStore();
    const { tenant, reader } = await companyWithReader(first);
    const checkpoint = (await third.repository(reader).pull(null, 100)).checkpoint;

    const [early, late] = [newId(), newId()];
    const [numbered, mayCommit] = [gate(), gate()];
    const held = first.db.transaction().execute(async (tx) => {
      const commit = await Commit.begin(tx, first.environment, tenant);
      const row = { id: early, rev: 0, tenant, owner: '', team: '', territory: '', name: '' };
      const stamps = { createdAt: '2026-01-01T00:00:00Z', createdBy: '', updatedAt: '', updatedBy: '' };
      const number = await commit.finish([
        newRow(entities.accounts, { ...row, ...stamps, body: { name: 'A' } }),
      ]);
      numbered.open();
      await mayCommit.opened;
      return number;
    });
    await numbered.opened;

    // The first has its number and is not committed: nobody else gets one, and no reader moves past it.
    const begin = second.db.transaction().execute((tx) => Commit.begin(tx, second.environment, tenant));
    await expect(begin).rejects.toThrow(/locked|busy/i);
    const source = { kind: 'import', name: 'second' };
    await expect(writeRecords(second, tenant, [account(late)], source)).rejects.toThrow(/locked|busy/i);
    const between = await third.repository(reader).pull(checkpoint, 100);
    expect(between.checkpoint.number).toBe(checkpoint.number);
    expect(between.rows).toEqual([]);

    mayCommit.open();
    expect(await held).toBe(checkpoint.number + 1);
    await writeRecords(second, tenant, [account(late)], source);
    const after = await third.repository(reader).pull(between.checkpoint, 100);
    expect(after.rows.map((row) => (JSON.parse(row) as { id: string }).id)).toEqual([early, late]);
    expect(after.checkpoint.number).toBe(checkpoint.number + 2);
  });
});

describe('a database', () => {
  test('of a newer version is refused and left as it is', async () => {
    const store = await openStore();
    await store.db
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999-from-the-future', timestamp: '2030-01-01' })
      .execute();
    await expect(Store.open({ data })).rejects.toMatchObject({ code: 'store.newer_version' });
  });

  test('keeps its epoch over a restart, and another one has another', async () => {
    const first = await openStore();
    const again = await openStore();
    expect(again.origin).toEqual(first.origin);
    const elsewhere = mkdtempSync(join(tmpdir(), 'roadbook-store-'));
    const other = await Store.open({ data: elsewhere });
    expect(other.origin.epoch).not.toBe(first.origin.epoch);
    await other.close();
    rmSync(elsewhere, { recursive: true, force: true });
  });
});

describe('the audit log', () => {
  test('names the entry that somebody has changed, taken out or cut off', async () => {
    const store = await openStore();
    const { tenant } = await companyWithReader(store);
    for (let index = 0; index < 5; index += 1) {
      await writeRecords(store, tenant, [account(newId())], { kind: 'import', name: `batch ${index}` });
    }
    const check = () => verifyAudit(store.db, store.origin, tenant);
    expect(await check()).toMatchObject({ fault: null, headMatches: true });

    const value = await store.db
      .selectFrom('audit_values')
      .selectAll()
      .where('seq', '=', 3)
      .executeTakeFirstOrThrow();
    const write = (json: string) =>
      store.db.updateTable('audit_values').set({ json }).where('seq', '=', 3).execute();
    await write(value.json.replace('"created":1', '"created":2'));
    expect((await check()).fault).toEqual({ seq: 3, reason: 'leaf' });
    await store.db.deleteFrom('audit_values').where('seq', '=', 3).execute();
    // Erased values leave the chain whole: the leaf stays.
    expect(await check()).toMatchObject({ fault: null, headMatches: true });

    const last = (await check()).entries;
    await store.db.deleteFrom('audit_log').where('seq', '=', last).execute();
    expect(await check()).toMatchObject({ fault: null, headMatches: false });
    await store.db.deleteFrom('audit_log').where('seq', '=', 2).execute();
    expect((await check()).fault).toEqual({ seq: 2, reason: 'gap' });
  });
});

describe('writing records in bulk', () => {
  test('twice changes nothing, gives out no number and writes no audit entry', async () => {
    const store = await openStore();
    const { tenant } = await companyWithReader(store);
    const wanted = Array.from({ length: 1203 }, () => account(newId()));
    const source = { kind: 'import', name: 'twice' };
    expect(await writeRecords(store, tenant, wanted, source)).toMatchObject({ created: 1203 });
    const state = () => store.accounts.tenantBySlug('test');
    const before = await state();
    expect(await writeRecords(store, tenant, wanted, source)).toEqual({
      created: 0,
      changed: 0,
      unchanged: 1203,
      deleted: 0,
    });
    expect(await state()).toEqual(before);
    const entries = await store.db
      .selectFrom('audit_log')
      .select('kind')
      .where('kind', '=', 'import')
      .execute();
    expect(entries.length).toBe(3);
  });
});
