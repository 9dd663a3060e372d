import { Check } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PushResponse, routes } from '../../shared/sync/wire.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, mutation, newAccount, newDeal, push } from '../factories/mutations.ts';
import { newId, type TestDevice, type TestServer } from '../factories/server.ts';
import { dealOnServer, only, set, startWithTwoReps, usd } from './support/two-reps.ts';

let server: TestServer;
let tenant: string;
let ann: TestDevice;

beforeAll(async () => {
  ({ server, tenant, ann } = await startWithTwoReps());
});
afterAll(() => server.close());

describe('a push', () => {
  test('that is replayed changes nothing and is answered as the first time', async () => {
    const deal = newDeal(ann, { amount: usd(100) });
    const groups = [
      group(deal),
      group(set(ann, deal.record, 'amount', usd(200), { baseRev: 0 })),
      group(set(ann, deal.record, 'stage', 'nowhere', { baseRev: 0 })),
    ];
    const first = await push(ann, ...groups);
    const before = await fresh(ann);
    const second = await push(ann, ...groups);
    const after = await fresh(ann);
    expect(second.verdicts).toEqual(first.verdicts);
    expect(after.content()).toEqual(before.content());
    expect(after.checkpoint).toEqual(before.checkpoint);
  });

  test('whose mutations come again in other groups changes nothing', async () => {
    const deal = newDeal(ann, { amount: usd(100) });
    const edit = set(ann, deal.record, 'amount', usd(200), { baseRev: 0 });
    await push(ann, group(deal), group(edit));
    const before = (await fresh(ann)).row(deal.record);
    const again = only(await push(ann, group(deal, edit)));
    expect(again.outcomes.map(({ result }) => result)).toEqual(['applied', 'applied']);
    expect((await fresh(ann)).row(deal.record)).toEqual(before);
  });

  test('keeps the order of changes within a group and between groups', async () => {
    const deal = newDeal(ann);
    await push(
      ann,
      group(deal, set(ann, deal.record, 'nextStep', 'first', { baseRev: 0 })),
      group(set(ann, deal.record, 'nextStep', 'second', { baseRev: 0 })),
      group(set(ann, deal.record, 'nextStep', 'third', { baseRev: 0 })),
    );
    expect((await fresh(ann)).row(deal.record).body.nextStep).toBe('third');
  });

  test('with a refused group leaves the others accepted, and says what to mend', async () => {
    const record = await dealOnServer(ann);
    const answer = await push(
      ann,
      group(set(ann, record, 'nextStep', 'Call')),
      group(set(ann, record, 'stage', 'lost')),
      group(set(ann, record, 'closeDate', '2026-12-24')),
    );
    expect(answer.verdicts.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted']);
    expect(answer.verdicts[1]?.refusals).toEqual([
      expect.objectContaining({
        collection: 'deals',
        record,
        field: 'lostReason',
        code: 'stage.lost_reason_required',
        reason: 'A lost deal needs a lost reason.',
        hint: 'Choose why it was lost, then move the deal.',
      }),
    ]);
    const row = (await fresh(ann)).row(record);
    expect(row.body).toMatchObject({ nextStep: 'Call', stage: 'prospecting', closeDate: '2026-12-24' });
  });

  test('refuses all of a group when one of its changes is refused', async () => {
    const record = await dealOnServer(ann);
    const verdict = only(
      await push(ann, group(set(ann, record, 'nextStep', 'Call'), set(ann, record, 'probability', 400))),
    );
    expect(verdict).toMatchObject({ status: 'refused', number: 0, outcomes: [] });
    expect((await fresh(ann)).row(record).body.nextStep).toBeUndefined();
  });

  test('with a group of the wrong form refuses that group alone', async () => {
    const record = await dealOnServer(ann);
    const wrong = { id: newId(), mutations: [{ id: newId(), collection: 'deals', record, op: 'explode' }] };
    const huge = {
      id: newId(),
      mutations: Array.from({ length: 501 }, () => set(ann, record, 'nextStep', 'x')),
    };
    const { status, body } = await ann.post<PushResponse>(routes.push, {
      ...client(),
      epoch: '',
      groups: [wrong, huge, group(set(ann, record, 'nextStep', 'Still here'))],
    });
    expect(status).toBe(200);
    expect(body.verdicts.map(({ status: verdict }) => verdict)).toEqual(['refused', 'refused', 'accepted']);
    expect(body.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'request.invalid',
      'sync.group_too_large',
      undefined,
    ]);
  });

  test('with keys that no record can hold refuses that group alone, and names the field', async () => {
    const record = await dealOnServer(ann);
    const account = newAccount(ann);
    const poisoned = (billing: string) => JSON.parse(`{"city":"Oslo","of":[${billing}]}`) as unknown;
    const bad = ['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"prototype":1}'].map(
      (billing) =>
        group(mutation(ann, { ...newAccount(ann), value: { name: 'Isdom', billing: poisoned(billing) } })),
    );
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
    const own = group(set(ann, record, 'x1', poisoned('{"__proto__":1}')));
    const top = group(
      mutation(ann, { ...newAccount(ann), value: JSON.parse('{"name":"A","__proto__":{}}') as unknown }),
    );
    const answer = await push(
      ann,
      ...bad,
      own,
      group(set(ann, record, 'x2', deep)),
      top,
      group(account),
      group(set(ann, record, 'nextStep', 'Call', { base: poisoned('{"constructor":1}') })),
    );
    expect(
      answer.verdicts.map(({ refusals: [first] }) => first && `${first.code} ${first.field}`.trim()),
    ).toEqual([
      'record.invalid billing',
      'record.invalid billing',
      'record.invalid billing',
      'record.invalid x1',
      'record.invalid x2',
      'request.invalid',
      undefined,
      undefined,
    ]);
    expect(answer.verdicts[0]?.refusals[0]?.reason).toContain('__proto__');
    const { rows } = await fresh(ann);
    expect(rows.has(account.record)).toBe(true);
    expect(JSON.stringify([...rows.values()])).not.toMatch(/__proto__|"constructor"|"prototype"/);
  });

  test('answers a group of the wrong form in the right form', async () => {
    const wrong = {
      id: newId(),
      mutations: [
        { id: 'no id', collection: 'x'.repeat(99), record: 'y'.repeat(99), field: 'z'.repeat(999) },
      ],
    };
    const { body } = await ann.post<PushResponse>(routes.push, { ...client(), epoch: '', groups: [wrong] });
    expect(Check(PushResponse, body)).toBe(true);
    expect(only(body).refusals[0]).toMatchObject({ mutation: wrong.id, code: 'request.invalid' });
  });

  test('leaves a group undecided when the server fails, with all that speak of the same records', async () => {
    const record = await dealOnServer(ann);
    const other = await dealOnServer(ann);
    // A clock column that is no JSON stands for any fault inside the server.
    const broken = (clocks: string) =>
      server.store.db.updateTable('rows').set({ clocks }).where('id', '=', record).execute();
    await broken('not json');
    const account = newAccount(ann);
    const failing = group(set(ann, record, 'nextStep', 'one'), account);
    // Decided alone it would be refused, because its account is not there yet.
    const following = group(
      mutation(ann, { collection: 'accounts', record: account.record, field: 'name', value: 'two' }),
    );
    const separate = group(set(ann, other, 'nextStep', 'three'));
    const answer = await push(ann, failing, following, separate);
    expect(answer.verdicts.map(({ group: id }) => id)).toEqual([separate.id]);

    await broken('{}');
    const again = await push(ann, failing, following, separate);
    expect(again.verdicts.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect((await fresh(ann)).row(account.record).body.name).toBe('two');
  });

  test('of a read-only person is refused', async () => {
    const guest = await server.signIn(await server.addPerson(tenant, { role: 'read-only' }));
    const record = await dealOnServer(ann);
    const answer = await push(guest, group(newAccount(guest)), group(set(guest, record, 'nextStep', 'x')));
    expect(answer.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'permission.denied',
      'permission.denied',
    ]);
    expect(answer.verdicts[0]?.refusals[0]?.reason).toBe('Your role may not create accounts.');
  });

  test('cannot write what only the server writes', async () => {
    const { rows } = await fresh(ann);
    const pipeline = [...rows.values()].find(({ body }) => body.kind === 'pipeline');
    const edits = ['definitions', 'directory'].map((collection) =>
      group(mutation(ann, { collection, record: pipeline?.id ?? '', field: 'name', value: 'Mine' })),
    );
    const answer = await push(ann, ...edits);
    expect(answer.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'permission.denied',
      'permission.denied',
    ]);
  });
});
