import { expect } from 'vitest';
import type { Mutation, PushResponse, Verdict } from '../../../shared/sync/wire.ts';
import { group, mutation, newDeal, push } from '../../factories/mutations.ts';
import { startServer, type TestDevice, type TestServer } from '../../factories/server.ts';

/** Two reps of one company, each on a laptop. */
export interface TwoReps {
  readonly server: TestServer;
  readonly tenant: string;
  readonly ann: TestDevice;
  readonly ben: TestDevice;
}

export async function startWithTwoReps(): Promise<TwoReps> {
  const server = await startServer();
  const { id: tenant } = await server.addCompany();
  const ann = await server.signIn(await server.addPerson(tenant, { name: 'Ann' }), { name: "Ann's laptop" });
  const ben = await server.signIn(await server.addPerson(tenant, { name: 'Ben' }), { name: "Ben's laptop" });
  return { server, tenant, ann, ben };
}

export const usd = (minor: number) => ({ minor, currency: 'USD' });

/** An edit of a deal at revision 1. */
export const set = (
  device: TestDevice,
  record: string,
  field: string,
  value: unknown,
  part: Partial<Mutation> = {},
) => mutation(device, { collection: 'deals', record, field, value, baseRev: 1, ...part });

export const only = (answer: PushResponse): Verdict => {
  const [verdict] = answer.verdicts;
  if (verdict === undefined || answer.verdicts.length !== 1) throw new Error('one verdict was expected');
  return verdict;
};

/** A deal that is on the server at revision 1. */
export async function dealOnServer(device: TestDevice, value: Record<string, unknown> = {}): Promise<string> {
  const deal = newDeal(device, { amount: usd(50_000), ...value });
  const verdict = only(await push(device, group(deal)));
  expect(verdict.status).toBe('accepted');
  return deal.record;
}
