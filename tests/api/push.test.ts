import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { type Mutation, type PushResponse, routes, type Verdict } from '../../shared/sync/wire.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, Mirror } from '../factories/mirror.ts';
import { client, group, mutation, newAccount, newDeal, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
/** Two reps of one company, each on a laptop. */
let ann: TestDevice;
let ben: TestDevice;

const usd = (minor: number) => ({ minor, currency: 'USD' });
const set = (
  device: TestDevice,
  record: string,
  field: string,
  value: unknown,
  part: Partial<Mutation> = {},
) => mutation(device, { collection: 'deals', record, field, value, baseRev: 1, ...part });
const only = (answer: PushResponse): Verdict => {
  const [verdict] = answer.verdicts;
  if (verdict === undefined || answer.verdicts.length !== 1) throw new Error('one verdict was expected');
  return verdict;
};

/** A deal that is on the server at revision 1. */
async function dealOnServer(value: Record<string, unknown> = {}): Promise<string> {
  const deal = newDeal(ann, { amount: usd(50_000), ...value });
  const verdict = only(await push(ann, group(deal)));
  expect(verdict.status).toBe('accepted');
  return deal.record;
}

beforeAll(async () => {
  server = await startServer();
  tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant, { name: 'Ann' }), { name: "Ann's laptop" });
  ben = await server.signIn(await server.addPerson(tenant, { name: 'Ben' }), { name: "Ben's laptop" });
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
    const record = await dealOnServer();
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
    const record = await dealOnServer();
    const verdict = only(
      await push(ann, group(set(ann, record, 'nextStep', 'Call'), set(ann, record, 'probability', 400))),
    );
    expect(verdict).toMatchObject({ status: 'refused', number: 0, outcomes: [] });
    expect((await fresh(ann)).row(record).body.nextStep).toBeUndefined();
  });

  test('with a group of the wrong form refuses that group alone', async () => {
    const record = await dealOnServer();
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

  test('leaves a group undecided when the server fails, with all that speak of the same records', async () => {
    const record = await dealOnServer();
    const other = await dealOnServer();
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
    const record = await dealOnServer();
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

describe('two people', () => {
  test('who change different fields both keep their change', async () => {
    const record = await dealOnServer();
    await push(ben, group(set(ben, record, 'nextStep', 'Send the quote')));
    const verdict = only(await push(ann, group(set(ann, record, 'closeDate', '2026-12-24'))));
    expect(verdict.outcomes.map(({ result }) => result)).toEqual(['applied']);
    const row = (await fresh(ben)).row(record);
    expect(row.body).toMatchObject({ nextStep: 'Send the quote', closeDate: '2026-12-24' });
    expect(row.rev).toBe(3);
  });

  test('who change the same plain field: the later clock stands, the other value is kept in the changes', async () => {
    const record = await dealOnServer();
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
    const record = await dealOnServer();
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
    const record = await dealOnServer();
    await push(ben, group(set(ben, record, 'amount', usd(600), { base: usd(50_000) })));
    await push(ann, group(set(ann, record, 'amount', usd(700), { base: usd(50_000) })));
    await push(ann, group(set(ann, record, 'amount', usd(800), { base: usd(50_000) })));
    const items = (await fresh(ann)).inbox().filter(({ body }) => body.record === record);
    expect(items.map(({ body }) => body.device)).toEqual([expect.objectContaining({ value: usd(800) })]);
    expect(items[0]?.rev).toBe(2);
  });

  test('settle a conflict with one act, and a value that arrives later opens it again', async () => {
    const record = await dealOnServer();
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
    const record = await dealOnServer();
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
    const record = await dealOnServer();
    await push(ben, group(set(ben, record, 'amount', usd(600))));
    await push(ann, group(set(ann, record, 'amount', usd(700))));
    const item = (await fresh(ann)).inbox().find(({ body }) => body.record === record);
    const forged = mutation(ann, { collection: 'inbox', record: item?.id ?? '', field: 'server', value: {} });
    expect(only(await push(ann, group(forged))).refusals[0]?.code).toBe('record.read_only');
  });

  test('one deletes, the other edits: the edit waits in the inbox, and the record can come back', async () => {
    const record = await dealOnServer();
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

  test('refuses an owner, an account or a parent that does not fit', async () => {
    const account = newAccount(ann);
    const child = newAccount(ann);
    const stranger = newId();
    await push(ann, group(account), group(child));
    const parent = (record: string, value: string) =>
      group(mutation(ann, { collection: 'accounts', record, field: 'parent', value, baseRev: 1 }));
    const deal = await dealOnServer();
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
    const record = await dealOnServer();
    const move = set(ann, record, 'stage', 'proposal', { madeAt: '2026-01-05T08:00:00.000Z' });
    await push(ann, group(move, set(ann, record, 'stageEnteredAt', '2020-01-01T00:00:00.000Z')));
    expect((await fresh(ann)).row(record).body.stageEnteredAt).toBe('2026-01-05T08:00:00.000Z');
  });

  test('lowers stamps from the future to the time of receipt and keeps their order', async () => {
    const record = await dealOnServer();
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
    const record = await dealOnServer();
    await push(ben, group(set(ben, record, 'amount', usd(600))));
    const verdict = only(await push(ann, group(set(ann, record, 'amount', 'a lot'))));
    expect(verdict.refusals[0]).toMatchObject({ code: 'record.invalid', field: 'amount' });
    expect((await fresh(ann)).inbox().filter(({ body }) => body.record === record)).toEqual([]);
  });

  test('refuses names of fields that would reach into the program, and records without measure', async () => {
    const record = await dealOnServer();
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
    const record = await dealOnServer();
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
