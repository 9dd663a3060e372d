import { expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import { type PushResponse, routes } from '../../shared/sync/wire.ts';
import { addCompany, putPerson } from '../../sync-server/company/company.ts';
import { Store } from '../../sync-server/store/store.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { kill, serverProcesses, stop } from '../api/support/server-process.ts';
import { until } from '../api/support/until.ts';
import { databaseOf } from '../factories/database.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount, push } from '../factories/mutations.ts';
import { signInTo, type TestDevice } from '../factories/server.ts';

const processes = serverProcesses();

async function settings(): Promise<{ ROADBOOK_DATABASE_URL: string; ROADBOOK_DATABASE_CONNECTIONS: string }> {
  const { postgres } = await databaseOf(processes.data);
  return { ROADBOOK_DATABASE_URL: postgres?.url ?? '', ROADBOOK_DATABASE_CONNECTIONS: '5' };
}

/** The same session at another server. */
async function at(url: string, { accessToken }: TestDevice, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const how = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return fetch(new URL(path, url), { headers, ...how });
}

test('two servers that start at once on an empty database serve one company: sessions, pushes and live events of one are those of the other', async () => {
  const database = await settings();
  const [one, two] = await Promise.all([processes.start(database), processes.start(database)]);
  const place = { data: processes.data, ...(await databaseOf(processes.data)) };
  const store = await Store.open(place);
  try {
    const tenant = await addCompany(store, { slug: 'test', name: 'Test' });
    const people = ['ann', 'ben'].map((name) => ({
      ...{ email: `${name}@example.com`, name, role: 'rep', password: 'correct horse' },
    }));
    for (const person of people) await putPerson(store, tenant.id, person);
    const [ann, ben] = await Promise.all([
      signInTo(one.url, { email: 'ann@example.com', password: 'correct horse' }),
      signInTo(two.url, { email: 'ben@example.com', password: 'correct horse' }),
    ]);

    const stream = await at(two.url, ben, routes.live);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const heard = async () => (await reader?.read())?.value ?? '';
    const made = newAccount(ann);
    await heard();
    const [verdict] = (await push(ann, group(made))).verdicts;
    const event = await until(heard, (text) => text.includes(`"number":${verdict?.number}`));
    expect(event).toContain(companyBucket(tenant.id));
    expect((await fresh(ben)).rows.has(made.record)).toBe(true);
    // Ann's session is known to the other server, and so is its end.
    expect((await at(two.url, ann, routes.push, { ...client(), epoch: '', groups: [] })).status).toBe(200);
    await store.devices.revoke(tenant.id, ann.device.id);
    expect((await at(two.url, ann, routes.push, { ...client(), epoch: '', groups: [] })).status).toBe(403);
    await reader?.cancel();
  } finally {
    await store.close();
  }
  expect(await Promise.all([stop(one.child), stop(two.child)])).toEqual([0, 0]);
});

test('a server that is killed in the middle of a push leaves each group whole or not at all; the device goes on at the other', async () => {
  const database = await settings();
  const [one, two] = await Promise.all([processes.start(database), processes.start(database)]);
  const store = await Store.open({ data: processes.data, ...(await databaseOf(processes.data)) });
  try {
    const tenant = await addCompany(store, { slug: 'test', name: 'Test' });
    const person = { email: 'ann@example.com', password: 'correct horse' };
    await putPerson(store, tenant.id, { ...person, name: 'Ann', role: 'rep' });
    const ann = await signInTo(one.url, person);
    const groups = Array.from({ length: 150 }, () => group(newAccount(ann), newAccount(ann)));
    const request = { ...client(), epoch: '', groups };
    const counter = async () => (await store.accounts.tenantBySlug('test'))?.counter ?? 0;
    const before = await counter();
    const lost = ann.post(routes.push, request).catch(() => 'the answer was lost');
    await until(counter, (now) => now > before + 5);
    await Promise.all([lost, kill(one.child)]);
    const rows = async () =>
      new Set(
        (await store.db.selectFrom('rows').select('id').where('collection', '=', 'accounts').execute()).map(
          ({ id }) => id,
        ),
      );
    // The company's counter is free again as soon as the database has seen that the process is gone.
    const answer = await at(two.url, ann, routes.push, request);
    const { verdicts } = (await answer.json()) as PushResponse;
    expect([verdicts.length, new Set(verdicts.map(({ status }) => status))]).toEqual([
      150,
      new Set(['accepted']),
    ]);
    expect((await rows()).size).toBe(300);
    const changes = await store.db
      .selectFrom('audit_log')
      .select('seq')
      .where('kind', '=', 'change')
      .execute();
    expect(changes.length).toBe(300);
    expect(await verifyAudit(store.db, store.origin, tenant.id)).toMatchObject({
      fault: null,
      headMatches: true,
    });
  } finally {
    await store.close();
  }
  expect(await stop(two.child)).toBe(0);
});
