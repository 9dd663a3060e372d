import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, push } from '../factories/mutations.ts';
import { newId, type TestDevice, type TestServer } from '../factories/server.ts';
import { dealOnServer, only, set, startWithTwoReps, usd } from './support/two-reps.ts';

let server: TestServer;
let ann: TestDevice;
let ben: TestDevice;

beforeAll(async () => {
  ({ server, ann, ben } = await startWithTwoReps());
});
afterAll(() => server.close());

describe('two people', () => {
  test('who change different fields both keep their change', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'nextStep', 'Send the quote')));
    const verdict = only(await push(ann, group(set(ann, record, 'closeDate', '2026-12-24'))));
    expect(verdict.outcomes.map(({ result }) => result)).toEqual(['applied']);
    const row = (await fresh(ben)).row(record);
    expect(row.body).toMatchObject({ nextStep: 'Send the quote', closeDate: '2026-12-24' });
    expect(row.rev).toBe(3);
  });

  test('who change the same plain field: the later clock stands, the other value is kept in the changes', async () => {
    const record = await dealOnServer(ann);
    const start = await fresh(ann);
    const earlier = set(ann, record, 'nextStep', 'earlier');
    const later = set(ben, record, 'nextStep', 'later');
    await push(ben, group(later));
    const verdict = only(await push(ann, group(earlier)));
    expect(verdict.outcomes).toEqual([{ mutation: earlier.id, result: 'superseded' }]);
    await start.pull(ann);
    expect(start.row(record).body.nextStep).toBe('later');
    expect(start.changes).toEqual([
      expect.objectContaining({ mutation: later.id, result: 'applied', from: null, to: 'later' }),
      expect.objectContaining({ mutation: earlier.id, result: 'superseded', from: 'later', to: 'earlier' }),
    ]);
  });

  test('who both add tags and e-mail addresses have all of them afterwards', async () => {
    const contact = mutation(ann, {
      collection: 'contacts',
      record: newId(),
      op: 'create',
      value: { lastName: 'Kovar', tags: ['vip'] },
    });
    await push(ann, group(contact));
    const edit = (device: TestDevice, field: string, base: unknown, value: unknown) =>
      group(
        mutation(device, { collection: 'contacts', record: contact.record, field, base, value, baseRev: 1 }),
      );
    const mail = (id: string) => ({ id, type: 'work', address: `${id}@example.com` });
    await push(ben, edit(ben, 'tags', ['vip'], ['vip', 'fair']), edit(ben, 'emails', null, [mail('ben')]));
    await push(ann, edit(ann, 'tags', ['vip'], ['gold']), edit(ann, 'emails', null, [mail('ann')]));
    expect((await fresh(ann)).row(contact.record).body).toMatchObject({
      tags: ['fair', 'gold'],
      emails: [mail('ben'), mail('ann')],
    });
  });

  test('who change an amount: the server keeps its value, the other waits in the inbox of the owner', async () => {
    const record = await dealOnServer(ann);
    const start = await fresh(ann);
    await push(ben, group(set(ben, record, 'amount', usd(60_302), { base: usd(50_000) })));
    const mine = set(ann, record, 'amount', usd(65_784), { base: usd(50_000), offline: true });
    const verdict = only(await push(ann, group(mine)));
    expect(verdict.outcomes).toEqual([{ mutation: mine.id, result: 'conflict' }]);
    await start.pull(ann);
    expect(start.row(record).body.amount).toEqual(usd(60_302));
    expect(start.changes.at(-1)).toMatchObject({
      mutation: mine.id,
      result: 'conflict',
      from: usd(60_302),
      to: usd(65_784),
    });
    const [item] = start.inbox().filter(({ body }) => body.record === record);
    expect(item).toMatchObject({ owner: ann.user.id, deleted: false });
    expect(item?.body).toMatchObject({
      kind: 'conflict',
      status: 'open',
      collection: 'deals',
      field: 'amount',
      subject: 'Cancity GTX Plus Basic',
      base: usd(50_000),
      server: { value: usd(60_302), user: ben.user.id, device: "Ben's laptop" },
      device: { value: usd(65_784), user: ann.user.id, device: "Ann's laptop", offline: true },
    });
  });

  test('in conflict: a later edit of the same device takes the place of its kept value', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'amount', usd(600), { base: usd(50_000) })));
    await push(ann, group(set(ann, record, 'amount', usd(700), { base: usd(50_000) })));
    await push(ann, group(set(ann, record, 'amount', usd(800), { base: usd(50_000) })));
    const items = (await fresh(ann)).inbox().filter(({ body }) => body.record === record);
    expect(items.map(({ body }) => body.device)).toEqual([expect.objectContaining({ value: usd(800) })]);
    expect(items[0]?.rev).toBe(2);
  });

  test('settle a conflict with one act, and a value that arrives later opens it again', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'amount', usd(600), { base: usd(50_000) })));
    await push(ann, group(set(ann, record, 'amount', usd(700), { base: usd(50_000) })));
    const find = async () => {
      const mirror = await fresh(ann);
      const item = mirror.inbox().find(({ body }) => body.record === record);
      if (item === undefined) throw new Error('no inbox item');
      return { item, deal: mirror.row(record) };
    };
    const { item, deal } = await find();
    const settle = (rev: number) => [
      mutation(ann, {
        collection: 'inbox',
        record: item.id,
        field: 'status',
        value: 'resolved',
        baseRev: rev,
      }),
      mutation(ann, {
        collection: 'inbox',
        record: item.id,
        field: 'resolution',
        value: { choice: 'device', value: usd(700) },
        baseRev: rev,
      }),
    ];
    const verdict = only(
      await push(
        ann,
        group(set(ann, record, 'amount', usd(700), { baseRev: deal.rev }), ...settle(item.rev)),
      ),
    );
    expect(verdict.outcomes.map(({ result }) => result)).toEqual(['applied', 'applied', 'applied']);
    const settled = await find();
    expect(settled.deal.body.amount).toEqual(usd(700));
    expect(settled.item.body.status).toBe('resolved');

    await push(ben, group(set(ben, record, 'amount', usd(900), { baseRev: settled.deal.rev })));
    await push(ann, group(set(ann, record, 'amount', usd(750), { baseRev: settled.deal.rev - 1 })));
    // Ann's last word on this field was accepted, so only Ben's later edit makes hers a conflict again.
    expect((await find()).item.body).toMatchObject({ status: 'open', device: { value: usd(750) } });
  });

  test('who settle a conflict while a newer value is on its way do not close it unseen', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'amount', usd(600))));
    await push(ann, group(set(ann, record, 'amount', usd(700))));
    const item = (await fresh(ben)).inbox().find(({ body }) => body.record === record)?.id ?? '';
    const settled = mutation(ben, {
      collection: 'inbox',
      record: item,
      field: 'status',
      value: 'resolved',
      baseRev: 1,
    });
    await push(ann, group(set(ann, record, 'amount', usd(800))));
    expect(only(await push(ben, group(settled))).outcomes[0]?.result).toBe('superseded');
    expect((await fresh(ben)).row(item).body).toMatchObject({ status: 'open', device: { value: usd(800) } });
  });

  test('cannot rewrite the sides of a conflict', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(set(ben, record, 'amount', usd(600))));
    await push(ann, group(set(ann, record, 'amount', usd(700))));
    const item = (await fresh(ann)).inbox().find(({ body }) => body.record === record);
    const forged = mutation(ann, { collection: 'inbox', record: item?.id ?? '', field: 'server', value: {} });
    expect(only(await push(ann, group(forged))).refusals[0]?.code).toBe('record.read_only');
  });

  test('one deletes, the other edits: the edit waits in the inbox, and the record can come back', async () => {
    const record = await dealOnServer(ann);
    await push(ben, group(mutation(ben, { collection: 'deals', record, op: 'delete', baseRev: 1 })));
    const verdict = only(await push(ann, group(set(ann, record, 'nextStep', 'Do not forget'))));
    expect(verdict.outcomes[0]?.result).toBe('conflict');
    const gone = await fresh(ann);
    expect(gone.rows.has(record)).toBe(false);
    expect(gone.inbox().find(({ body }) => body.record === record)?.body).toMatchObject({
      code: 'record.deleted',
      field: 'nextStep',
      device: { value: 'Do not forget' },
      server: { user: ben.user.id },
    });
    await push(ann, group(mutation(ann, { collection: 'deals', record, op: 'restore', baseRev: 2 })));
    expect((await fresh(ann)).row(record).body.amount).toEqual(usd(50_000));
  });

  test('who make the same record end with one: the first stands, the second fills what is empty', async () => {
    const record = newId();
    const make = (device: TestDevice, value: Record<string, unknown>) =>
      push(device, group(mutation(device, { collection: 'accounts', record, op: 'create', value })));
    await make(ann, { name: 'Isdom', industry: 'medical' });
    await make(ben, { name: 'Isdom Ltd', country: 'Norway' });
    expect((await fresh(ann)).row(record).body).toEqual({
      name: 'Isdom',
      industry: 'medical',
      country: 'Norway',
    });
  });
});
