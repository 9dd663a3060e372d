import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import {
  type Checkpoint,
  type Hello,
  type PullResponse,
  type PushResponse,
  routes,
} from '../../shared/sync/wire.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh, Mirror } from '../factories/mirror.ts';
import { client, group, mutation, newAccount, newDeal, pull, pullAll, push } from '../factories/mutations.ts';
import { newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;
let ann: TestDevice;
let ben: TestDevice;

beforeAll(async () => {
  server = await startServer();
  tenant = (await server.addCompany()).id;
  ann = await server.signIn(await server.addPerson(tenant));
  ben = await server.signIn(await server.addPerson(tenant));
});
afterAll(() => server.close());

/** An act that makes `count` accounts at once. */
const act = (count: number) => group(...Array.from({ length: count }, () => newAccount(ann)));

describe('a page', () => {
  test('never ends in the middle of an act', async () => {
    const acts = [act(3), act(7), act(1), act(12), act(5)];
    await push(ann, ...acts);
    const actOf = new Map(acts.flatMap(({ id, mutations }) => mutations.map(({ record }) => [record, id])));
    for (const limit of [1, 2, 5, 10]) {
      const seen = new Set<string>();
      for (const page of await pullAll(ben, null, limit)) {
        const here = new Set(page.rows.map(({ id }) => actOf.get(id)).filter((id) => id !== undefined));
        for (const id of here) expect(seen.has(id)).toBe(false);
        for (const id of here) seen.add(id);
      }
      expect(seen.size).toBe(acts.length);
    }
  });

  test('names totals first and digests last', async () => {
    await push(ann, act(3), act(3), act(3));
    const pages = await pullAll(ann, null, 4);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.map(({ totals }) => totals !== undefined)).toEqual(pages.map((_, index) => index === 0));
    expect(pages.map(({ digests }) => digests !== undefined)).toEqual(
      pages.map((_, index) => index === pages.length - 1),
    );
    const counts = new Map<string, number>();
    for (const { collection } of (await fresh(ann)).rows.values()) {
      counts.set(collection, (counts.get(collection) ?? 0) + 1);
    }
    expect(pages[0]?.totals).toEqual(Object.fromEntries(counts));
  });

  test('for a device that is level is one small answer without rows', async () => {
    const { checkpoint } = await fresh(ann);
    const page = await pull(ann, checkpoint);
    expect(page).toMatchObject({ rows: [], memberships: [], changes: [], more: false });
    expect(page.checkpoint).toEqual(checkpoint);
    expect(JSON.stringify(page).length).toBeLessThan(800);
  });

  test('brings a starting device no history, not even in its later pages, and everything after its start', async () => {
    await push(ann, act(5), act(5));
    const mirror = new Mirror();
    mirror.apply(await pull(ben, null, 4));
    const late = newAccount(ann, 'Made meanwhile');
    await push(ann, group(late));
    while (mirror.checkpoint !== null) {
      const page = await pull(ben, mirror.checkpoint, 4);
      mirror.apply(page);
      if (!page.more) break;
    }
    expect(mirror.changes.map(({ record }) => record)).toEqual([late.record]);
    expect(mirror.checkpoint).not.toHaveProperty('historyFrom');
  });

  test('has a digest that is the sum over its rows, after edits, deletions and restorations', async () => {
    const [kept, gone, back] = [newDeal(ann), newDeal(ann), newDeal(ann)];
    await push(ann, group(kept, gone, back));
    const on = (record: string, op: 'delete' | 'restore') =>
      group(mutation(ann, { collection: 'deals', record, op, baseRev: 1 }));
    await push(ann, on(gone.record, 'delete'), on(back.record, 'delete'), on(back.record, 'restore'));
    const mirror = await fresh(ben, 5);
    expect(mirror.digests).toEqual({ [companyBucket(tenant)]: mirror.digest() });
    expect(mirror.rows.has(gone.record)).toBe(false);
    expect(mirror.row(back.record).rev).toBe(3);
  });

  test('carries no values of a deleted record', async () => {
    const deal = newDeal(ann, { nextStep: 'a secret plan' });
    await push(
      ann,
      group(deal),
      group(mutation(ann, { collection: 'deals', record: deal.record, op: 'delete' })),
    );
    const pages = await pullAll(ben);
    expect(JSON.stringify(pages.map(({ rows }) => rows))).not.toContain('a secret plan');
  });
});

describe('a checkpoint', () => {
  test('of another epoch is refused with the epoch of now', async () => {
    const { checkpoint } = await fresh(ann);
    const { status, body } = await ann.post<{ code: string; details: object }>(routes.pull, {
      ...client(),
      checkpoint: { ...checkpoint, epoch: 'before the restore' },
      limit: 10,
    });
    expect([status, body.code]).toEqual([409, 'sync.epoch_changed']);
    expect(body.details).toEqual({ epoch: server.store.origin.epoch, durableThrough: 0 });
    const pushed = await ann.post<{ code: string }>(routes.push, { ...client(), epoch: 'old', groups: [] });
    expect(pushed.body.code).toBe('sync.epoch_changed');
  });

  test('from the future, or on a log that never was, is refused', async () => {
    const { checkpoint } = await fresh(ann);
    for (const wrong of [{ number: 1_000_000 }, { logRoot: 'f'.repeat(64) }]) {
      const { status, body } = await ann.post<{ code: string }>(routes.pull, {
        ...client(),
        checkpoint: { ...checkpoint, ...wrong },
        limit: 10,
      });
      expect([status, body.code]).toEqual([409, 'sync.bad_checkpoint']);
    }
  });
});

test('a client that speaks an older protocol is told to update, and may still send what it has', async () => {
  const strict = await startServer({ oldestProtocol: 2 });
  try {
    const { id } = await strict.addCompany();
    const device = await strict.signIn(await strict.addPerson(id));
    const account = newAccount(device);
    const pushed = await device.post<PushResponse>(routes.push, {
      ...client(),
      epoch: '',
      groups: [group(account)],
    });
    expect(pushed.status).toBe(200);
    expect(pushed.body.verdicts.map(({ status }) => status)).toEqual(['accepted']);
    const pulled = await device.post<{ code: string }>(routes.pull, {
      ...client(),
      checkpoint: null,
      limit: 10,
    });
    expect([pulled.status, pulled.body.code]).toEqual([426, 'sync.client_too_old']);
    expect((await device.get<Hello>(routes.hello)).body.oldestProtocol).toBe(2);
  } finally {
    await strict.close();
  }
});

test('a large answer is compressed for those who ask for it, and the same for those who do not', async () => {
  await push(ann, act(50));
  const ask = async (encoding: string) => {
    const response = await fetch(new URL(routes.pull, server.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ann.accessToken}`,
        'content-type': 'application/json',
        'accept-encoding': encoding,
      },
      body: JSON.stringify({ ...client(), checkpoint: null, limit: 2000 }),
    });
    return {
      encoding: response.headers.get('content-encoding'),
      body: (await response.json()) as PullResponse,
    };
  };
  const [plain, packed] = [await ask('identity'), await ask('gzip')];
  expect([plain.encoding, packed.encoding]).toEqual([null, 'gzip']);
  expect(packed.body.rows).toEqual(plain.body.rows);
});

/** What two devices may do to a handful of deals, in any order. */
const step = fc.record({
  who: fc.integer({ min: 0, max: 1 }),
  deal: fc.integer({ min: 0, max: 3 }),
  what: fc.constantFrom('create', 'nextStep', 'amount', 'tags', 'delete', 'restore', 'stage', 'pull'),
  value: fc.integer({ min: 0, max: 9 }),
});

test('a device that resumes from any checkpoint ends equal to one that starts fresh', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const company = await server.addCompany();
      const devices = [
        await server.signIn(await server.addPerson(company.id)),
        await server.signIn(await server.addPerson(company.id)),
      ] as const;
      const deals = [newId(), newId(), newId(), newId()];
      const known = [new Mirror(), new Mirror()] as const;
      const stations: { checkpoint: Checkpoint | null; mirror: Mirror }[] = [];
      for (const { who, deal, what, value } of steps) {
        const device = devices[who === 0 ? 0 : 1];
        const mine = known[who === 0 ? 0 : 1];
        if (what === 'pull') {
          await mine.pull(device, 1 + value);
          const copy = new Mirror();
          for (const row of mine.rows.values()) copy.rows.set(row.id, row);
          copy.checkpoint = mine.checkpoint;
          stations.push({ checkpoint: mine.checkpoint, mirror: copy });
          continue;
        }
        const record = deals[deal] ?? '';
        const seen = mine.rows.get(record);
        const part = { collection: 'deals', record, baseRev: seen?.rev ?? 0 };
        const values: Record<string, unknown> = {
          nextStep: `step ${value}`,
          amount: { minor: value * 100, currency: 'USD' },
          tags: [`tag ${value}`],
          stage: ['prospecting', 'qualification', 'won', 'lost'][value % 4],
        };
        await push(
          device,
          group(
            what === 'create'
              ? newDeal(device, { nextStep: `made ${value}` }, record)
              : what === 'delete' || what === 'restore'
                ? mutation(device, { ...part, op: what })
                : mutation(device, {
                    ...part,
                    field: what,
                    base: seen?.body[what] ?? null,
                    value: values[what],
                  }),
          ),
        );
      }
      const truth = await fresh(devices[0], 3);
      for (const { mirror } of stations) {
        await mirror.pull(devices[0], 2);
        expect(mirror.content()).toEqual(truth.content());
        expect(mirror.digest()).toBe(mirror.digests[companyBucket(company.id)]);
      }
      expect(truth.digest()).toBe(truth.digests[companyBucket(company.id)]);
      const audit = await verifyAudit(server.store.db, server.store.origin, company.id);
      expect(audit).toMatchObject({ fault: null, headMatches: true });
    }),
    { seed: 20_260, numRuns: 8 },
  );
});
