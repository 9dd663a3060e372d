import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PushResponse, Verdict } from '../../shared/sync/wire.ts';
import { fresh } from '../factories/mirror.ts';
import { group, mutation, newDeal, push } from '../factories/mutations.ts';
import { startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let ann: TestDevice;
let ben: TestDevice;

const usd = (minor: number) => ({ minor, currency: 'USD' });
const only = (answer: PushResponse): Verdict => {
  const [verdict] = answer.verdicts;
  if (verdict === undefined || answer.verdicts.length !== 1) throw new Error('one verdict was expected');
  return verdict;
};

beforeAll(async () => {
  server = await startServer();
  const tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant, { name: 'Ann' }));
  ben = await server.signIn(await server.addPerson(tenant, { name: 'Ben' }));
});
afterAll(() => server.close());

async function dealOnServer(): Promise<string> {
  const deal = newDeal(ann, { amount: usd(50_000) });
  expect(only(await push(ann, group(deal))).status).toBe('accepted');
  return deal.record;
}

describe('nothing is overwritten in silence', () => {
  test('by deleting a record that somebody else has just changed', async () => {
    const record = await dealOnServer();
    const edit = mutation(ben, { collection: 'deals', record, field: 'nextStep', value: 'Call', baseRev: 1 });
    await push(ben, group(edit));
    const remove = mutation(ann, { collection: 'deals', record, op: 'delete', baseRev: 1 });
    const verdict = only(await push(ann, group(remove)));
    expect(verdict.status).toBe('refused');
    expect(verdict.refusals[0]?.code).toBe('record.changed');
    const again = mutation(ann, { collection: 'deals', record, op: 'delete', baseRev: 2 });
    expect(only(await push(ann, group(again))).status).toBe('accepted');
  });

  test('by an edit of a revision that a restored server has lost', async () => {
    const record = await dealOnServer();
    const known = mutation(ann, {
      collection: 'deals',
      record,
      field: 'amount',
      value: usd(500),
      baseRev: 1,
    });
    await push(ann, group({ ...known, base: usd(50_000) }));
    // Ben saw revision 5 with another amount, which this server does not have.
    const lost = mutation(ben, { collection: 'deals', record, field: 'amount', value: usd(999), baseRev: 5 });
    const verdict = only(await push(ben, group({ ...lost, base: usd(777) })));
    expect(verdict.outcomes[0]?.result).toBe('conflict');
    const rows = JSON.stringify((await fresh(ann)).content());
    expect(rows).toContain('"minor":500');
    expect(rows).toContain('"minor":999');
  });

  test('and an edit of the very value that stands still applies after a restore', async () => {
    const record = await dealOnServer();
    const edit = mutation(ben, { collection: 'deals', record, field: 'amount', value: usd(1), baseRev: 9 });
    const verdict = only(await push(ben, group({ ...edit, base: usd(50_000) })));
    expect(verdict.outcomes[0]?.result).toBe('applied');
  });

  test('by an edit that was held up while a later one of the same device went through', async () => {
    const record = await dealOnServer();
    const part = { collection: 'deals', record, field: 'amount', baseRev: 1 } as const;
    const first = mutation(ben, { ...part, value: usd(10) });
    const second = mutation(ben, { ...part, value: usd(20) });
    expect(only(await push(ben, group(second))).outcomes[0]?.result).toBe('applied');
    expect(only(await push(ben, group(first))).outcomes[0]?.result).toBe('superseded');
  });
});
