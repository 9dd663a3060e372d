import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { system } from '../../sync-server/store/principal.ts';
import { Quarantine } from '../../sync-server/store/quarantine.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, newAccount, push } from '../factories/mutations.ts';
import { newId, startServer, type TestServer } from '../factories/server.ts';
import { counted } from './support/counted.ts';
import { edit, make, scopedOn } from './support/scopes.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
const scoped = (reach?: string) => scopedOn(server, reach);

describe('an edit of a record that its sender does not see', () => {
  test('is kept in quarantine as a whole, changes nothing, is answered alike when it comes again, and can be applied', async () => {
    const { tenant, north, south, join, admin, move } = await scoped();
    const ann = await join('Ann', north);
    const ben = await join('Ben', north);
    const deal = await make(ann.device);
    await fresh(ben.device);
    await move(ben, south);
    const offline = group(
      mutation(ben.device, {
        collection: 'deals',
        record: deal,
        field: 'nextStep',
        value: 'from the cellar',
      }),
      newAccount(ben.device, 'Made in the same act'),
    );
    const [first] = (await push(ben.device, offline)).verdicts;
    expect(first).toEqual({
      group: offline.id,
      status: 'quarantined',
      number: 0,
      outcomes: [],
      refusals: [],
    });
    expect((await push(ben.device, offline)).verdicts).toEqual([first]);
    const whole = await fresh(admin.device);
    expect(whole.row(deal).body.nextStep).toBeUndefined();
    expect([...whole.rows.values()].some((row) => row.body.name === 'Made in the same act')).toBe(false);

    const list = async () =>
      (
        await admin.device.get<{
          quarantine: { id: string; userName: string; state: string; group: unknown }[];
        }>(routes.quarantine)
      ).body.quarantine;
    expect(await list()).toMatchObject([
      {
        id: offline.id,
        userName: 'Ben',
        deviceName: "Ben's laptop",
        state: 'held',
        reason: 'permission.out_of_sight',
      },
    ]);
    const path = routes.quarantineRestore.replace(':id', offline.id);
    expect((await ben.device.post(path, {})).status).toBe(403);
    expect((await admin.device.post<{ verdict: { status: string } }>(path, {})).body.verdict.status).toBe(
      'accepted',
    );
    await whole.pull(admin.device);
    expect(whole.row(deal)).toMatchObject({
      body: { nextStep: 'from the cellar' },
      updatedBy: ben.person.id,
    });
    expect(await list()).toMatchObject([{ state: 'restored' }]);
    expect((await admin.device.post<{ code: string }>(path, {})).body.code).toBe('quarantine.settled');
    expect(await verifyAudit(server.store.db, server.store.origin, tenant)).toMatchObject({ fault: null });
  });

  test('is not applied when it is dismissed, and stays readable', async () => {
    const { north, south, join, admin } = await scoped();
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const deal = await make(ann.device);
    const blind = edit(eve.device, deal, 'guessed');
    expect((await push(eve.device, blind)).verdicts[0]?.status).toBe('quarantined');
    expect((await admin.device.post(routes.quarantineDismiss.replace(':id', blind.id), {})).status).toBe(204);
    const { body } = await admin.device.get<{ quarantine: unknown[] }>(
      `${routes.quarantine}?state=dismissed`,
    );
    expect(JSON.stringify(body.quarantine)).toContain('guessed');
    expect((await fresh(ann.device)).row(deal).body.nextStep).toBeUndefined();
  });

  test('is found by its id, however many others are held', async () => {
    const { tenant, north, south, join } = await scoped();
    const ann = await join('Ann', north);
    const eve = await join('Eve', south);
    const deal = await make(ann.device);
    const edits = ['one', 'two', 'three', 'four', 'five'].map((text) => edit(eve.device, deal, text));
    await push(eve.device, ...edits);
    const { db, during } = counted(server.store.db);
    const quarantine = new Quarantine(db, server.store.environment);
    const asked: number[] = [];
    for (const { id } of edits)
      asked.push((await during(() => quarantine.dismiss(system(tenant, 'test'), id))).rows);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toBeLessThan(edits.length);
    await expect(quarantine.dismiss(system(tenant, 'test'), newId())).rejects.toMatchObject({
      code: 'record.not_found',
    });
  });

  test('of a field that is kept from them is refused', async () => {
    const { north, join } = await scoped();
    const boss = await join('Max', north, 'manager');
    const product = mutation(boss.device, {
      collection: 'products',
      record: newId(),
      op: 'create',
      value: { name: 'GTX Pro', cost: { minor: 1, currency: 'USD' } },
    });
    await push(boss.device, group(product));
    const ann = await join('Ann', north);
    const set = mutation(ann.device, { ...product, id: newId(), op: 'set', field: 'cost', value: null });
    const { verdicts } = await push(ann.device, group(set));
    expect(verdicts[0]).toMatchObject({ status: 'refused', refusals: [{ code: 'permission.denied' }] });
  });
});
