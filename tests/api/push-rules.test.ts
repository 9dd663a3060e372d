import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, Mirror } from '../factories/mirror.ts';
import { group, mutation, newAccount, newDeal, push } from '../factories/mutations.ts';
import { newId, type TestDevice, type TestServer } from '../factories/server.ts';
import { dealOnServer, only, set, startWithTwoReps, usd } from './support/two-reps.ts';

let server: TestServer;
let tenant: string;
let ann: TestDevice;
let ben: TestDevice;

beforeAll(async () => {
  ({ server, tenant, ann, ben } = await startWithTwoReps());
});
afterAll(() => server.close());

describe('the server', () => {
  test('believes no device about team and territory: they follow the owner', async () => {
    const other = await server.addPerson(tenant, { team: 'team-north', territory: 'territory-north' });
    const deal = newDeal(ann, { owner: other.id, team: 'mine', territory: 'mine', stageEnteredAt: '1999' });
    await push(ann, group(deal));
    expect((await fresh(ann)).row(deal.record)).toMatchObject({
      owner: other.id,
      team: 'team-north',
      territory: 'territory-north',
    });
    await push(ann, group(set(ann, deal.record, 'owner', ann.user.id)));
    expect((await fresh(ann)).row(deal.record)).toMatchObject({ owner: ann.user.id, team: '' });
  });

  test('lets nobody write what stands beside the body of a row, and keeps names that it does not know', async () => {
    const record = await dealOnServer(ann);
    const before = (await fresh(ann)).row(record);
    const names = [
      'id',
      'rev',
      'tenant',
      'createdBy',
      'createdAt',
      'updatedBy',
      'updatedAt',
      'deleted',
      'body',
    ];
    const beside = [...names, 'collection', 'team', 'territory'];
    const sets = await push(ann, ...beside.map((name) => group(set(ann, record, name, 'mine'))));
    const creates = await push(ann, ...names.map((name) => group(newDeal(ann, { [name]: 'mine' }))));
    for (const { refusals } of [...sets.verdicts, ...creates.verdicts]) {
      expect(refusals[0]?.code).toBe('record.read_only');
    }
    expect((await fresh(ann)).row(record)).toEqual(before);
    await push(ann, group(set(ann, record, 'ofALaterVersion', 'kept')));
    expect((await fresh(ann)).row(record).body.ofALaterVersion).toBe('kept');
  });

  test('refuses an owner, an account or a parent that does not fit', async () => {
    const account = newAccount(ann);
    const child = newAccount(ann);
    const stranger = newId();
    await push(ann, group(account), group(child));
    const parent = (record: string, value: string) =>
      group(mutation(ann, { collection: 'accounts', record, field: 'parent', value, baseRev: 1 }));
    const deal = await dealOnServer(ann);
    const answer = await push(
      ann,
      group(set(ann, deal, 'owner', stranger)),
      group(set(ann, deal, 'account', stranger)),
      group(set(ann, deal, 'account', deal)),
      parent(child.record, account.record),
      parent(account.record, child.record),
    );
    expect(answer.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'integrity.reference',
      'integrity.reference',
      'integrity.reference',
      undefined,
      'integrity.cycle',
    ]);
  });

  test('computes since when a deal stands in its stage', async () => {
    const record = await dealOnServer(ann);
    const move = set(ann, record, 'stage', 'proposal', { madeAt: '2026-01-05T08:00:00.000Z' });
    await push(ann, group(move, set(ann, record, 'stageEnteredAt', '2020-01-01T00:00:00.000Z')));
    expect((await fresh(ann)).row(record).body.stageEnteredAt).toBe('2026-01-05T08:00:00.000Z');
  });

  test('lowers stamps from the future to the time of receipt and keeps their order', async () => {
    const record = await dealOnServer(ann);
    const ahead = Date.now() + 86_400_000;
    const stamp = (counter: number) => formatStamp({ millis: ahead, counter, node: ann.device.id });
    await push(
      ann,
      group(set(ann, record, 'nextStep', 'one', { clock: stamp(1) })),
      group(set(ann, record, 'nextStep', 'two', { clock: stamp(2) })),
    );
    expect((await fresh(ann)).row(record).body.nextStep).toBe('two');
    // A day ahead by its own clock, it does not win against an honest edit that comes afterwards.
    const later = set(ben, record, 'nextStep', 'honest', {
      clock: formatStamp({ millis: Date.now() + 1, counter: 0, node: ben.device.id }),
    });
    expect(only(await push(ben, group(later))).outcomes[0]?.result).toBe('applied');
  });

  test('keeps fields that it does not know and gives them back untouched', async () => {
    const deal = newDeal(ann, { moonPhase: { name: 'full', share: 1 } });
    await push(ann, group(deal), group(set(ann, deal.record, 'tide', 'high', { baseRev: 0 })));
    expect((await fresh(ben)).row(deal.record).body).toMatchObject({
      moonPhase: { name: 'full', share: 1 },
      tide: 'high',
    });
  });

  test('refuses a value of the wrong form before it can become a conflict', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'amount', usd(600))));
    const verdict = only(await push(ann, group(set(ann, record, 'amount', 'a lot'))));
    expect(verdict.refusals[0]).toMatchObject({ code: 'record.invalid', field: 'amount' });
    expect((await fresh(ann)).inbox().filter(({ body }) => body.record === record)).toEqual([]);
  });

  test('refuses names of fields that would reach into the program, and records without measure', async () => {
    const record = await dealOnServer(ann);
    const answer = await push(
      ann,
      group(set(ann, record, '__proto__', { stage: 'won' })),
      group(set(ann, record, 'constructor', 'x')),
      group(newDeal(ann, { 'two words': 1 })),
      group(set(ann, record, 'unknownToday', 'x'.repeat(1_100_000))),
    );
    expect(answer.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'request.invalid',
      'request.invalid',
      'request.invalid',
      'request.too_large',
    ]);
  });

  test('refuses a record whose id is no UUID', async () => {
    const verdict = only(await push(ann, group(newAccount(ann, 'X', '","evil":"'))));
    expect(verdict.refusals[0]?.code).toBe('request.invalid');
  });

  test('tells the other devices of each accepted change once, in order, and its audit log verifies', async () => {
    const start = await new Mirror().pull(ben);
    const record = await dealOnServer(ann);
    const edits = ['a', 'b', 'c'].map((step) => set(ann, record, 'nextStep', step));
    for (const edit of edits) {
      await push(ann, group(edit));
      await push(ann, group(edit));
    }
    await start.pull(ben);
    const told = start.changes.filter((change) => change.record === record);
    expect(told.map(({ mutation: id }) => id).slice(1)).toEqual(edits.map(({ id }) => id));
    expect(told[0]).toMatchObject({ op: 'create', deviceName: "Ann's laptop", user: ann.user.id });
    expect(told.map(({ number }) => number)).toEqual(
      [...told.map(({ number }) => number)].sort((a, b) => a - b),
    );
    const check = await verifyAudit(server.store.db, server.store.origin, tenant);
    expect(check).toMatchObject({ fault: null, headMatches: true });
  });
});
