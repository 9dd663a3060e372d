import { expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { startServer } from '../factories/server.ts';
import { company, newDeal } from './support/company.ts';
import { end } from './support/end.ts';
import { until } from './support/until.ts';

test('a change of one device reaches the other over the live stream, without anybody asking', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await a.workspace.pages.create('deals', { name: 'Live' });
  await until('the deal is on the other device', async () =>
    (await b.all('deals')).some((row) => row.id === deal.id),
  );
});

test('while the server is down work goes on, and the next look finds it again', async () => {
  const { server, device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  await end(server, 'stop');
  await until('the device is offline', () => a.workspace.sync.status().state === 'offline');
  expect(a.workspace.sync.status().error).toBeNull();
  await a.update('deals', deal.id, { nextStep: 'Typed without a server' });
  expect(a.workspace.sync.status()).toMatchObject({ state: 'offline', waiting: 1 });
  const looks = () => a.network.asked.filter((path) => path === routes.hello).length;
  const before = looks();
  await until('it has looked some times', () => looks() > before + 2, 60_000);
  const again = await startServer({ data: server.data, port: server.port });
  try {
    const whenBack = looks();
    await until('the change was sent', () => a.workspace.sync.status().waiting === 0, 60_000);
    // One more look may have been on its way; how long it waits between two is the promise of Backoff.
    expect(looks() - whenBack).toBeLessThanOrEqual(2);
    await until('the device is online', () => a.workspace.sync.status().state === 'online');
    const { entries } = await a.workspace.audit.ofRecord('deals', deal.id, 10);
    expect(entries[0]).toMatchObject({ field: 'nextStep', offline: true, state: 'sent' });
  } finally {
    await a.workspace.stop();
    await end(again, 'stop');
  }
});

test('an access token that has run out is renewed once, whatever asks at the same time', async () => {
  let ahead = 0;
  const { device } = await company();
  const a = await device('Ada', { now: () => Date.now() + ahead });
  const before = (await a.store.value('session')) as { refreshToken: string };
  ahead = 24 * 3600_000;
  await Promise.all([a.sync(), a.sync(), a.workspace.sync.now()]);
  const after = (await a.store.value('session')) as { refreshToken: string };
  expect(a.network.asked.filter((path) => path.endsWith('/refresh'))).toHaveLength(1);
  expect(after.refreshToken).not.toBe(before.refreshToken);
  expect(a.workspace.sync.status().state).toBe('online');
});

test('a renewal whose answer was lost costs nothing', async () => {
  let ahead = 0;
  const { device } = await company();
  const a = await device('Ada', { now: () => Date.now() + ahead });
  a.network.loseAnswer('/refresh');
  ahead = 24 * 3600_000;
  await a.workspace.sync.now();
  await until('it is online again', () => a.workspace.sync.status().state === 'online');
});

test('when the server ends the session, work goes on signed out and nothing is wiped', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  const ended = await fetch(new URL('/v1/auth/sign-out', server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${a.session.accessToken}` },
  });
  expect(ended.ok).toBe(true);
  await a.workspace.sync.now();
  await until('it is signed out', () => a.workspace.sync.status().state === 'signed-out');
  await a.update('deals', deal.id, { nextStep: 'Kept here' });
  expect(await a.all('deals')).toHaveLength(1);
  expect(a.workspace.sync.status()).toMatchObject({ waiting: 1, state: 'signed-out' });

  const { signedIn } = await import('../../electron/records/stored-session.ts');
  const answer = await server.signIn(
    { email: a.session.user.email, password: 'correct horse' },
    a.session.device,
  );
  await a.workspace.signedInAgain(signedIn(server.url, a.session.device, answer, Date.now()));
  await until('the change was sent', () => a.workspace.sync.status().waiting === 0);
  expect(tenant).toBe(a.session.user.tenant);
});

test('after a restore the device sends again what the server lost, and ends equal to it', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  const kept = await newDeal(a, { name: 'In the backup' });
  // Accepted after the backup was made: the restored server knows nothing of it.
  const lost = await newDeal(a, { name: 'After the backup' });
  await a.update('deals', lost.id, { nextStep: 'Also after it' });
  await a.sync();
  const accepted = await a.store.outbox('accepted', 100);
  expect(accepted.length).toBeGreaterThanOrEqual(3);

  const { db } = server.store;
  await forget(
    db,
    tenant,
    lost.id,
    accepted.filter((entry) => entry.record === lost.id),
  );
  await end(server, 'stop');
  const again = await startServer({ data: server.data, port: server.port });
  try {
    await until('both are there again', async () => {
      await a.workspace.sync.now();
      const rows = await again.store.db
        .selectFrom('rows')
        .select(['id', 'json'])
        .where('collection', '=', 'deals')
        .execute();
      return rows.length === 2 && rows.some(({ json }) => json.includes('Also after it'));
    });
    await a.sync();
    expect((await a.get('deals', kept.id)).name).toBe('In the backup');
    expect((await a.get('deals', lost.id)).body.nextStep).toBe('Also after it');
    expect(a.workspace.sync.status().verifiedAt).not.toBeNull();
    expect(a.workspace.sync.status().error).toBeNull();
  } finally {
    await a.workspace.stop();
    await end(again, 'stop');
  }
});

type Db = Awaited<ReturnType<typeof startServer>>['store']['db'];

/** Leaves the database as a backup from before these mutations would: their rows, verdicts and log are gone. */
async function forget(
  db: Db,
  tenant: string,
  record: string,
  entries: readonly { id: string; group: string; number: number }[],
): Promise<void> {
  const { EMPTY_DIGEST, subtractDigest } = await import('../../shared/sync/digest.ts');
  const row = await db.selectFrom('rows').select('digest').where('id', '=', record).executeTakeFirstOrThrow();
  const bucket = await db.selectFrom('bucket_digests').selectAll().executeTakeFirstOrThrow();
  await db
    .updateTable('bucket_digests')
    .set({ digest: subtractDigest(bucket.digest ?? EMPTY_DIGEST, row.digest) })
    .where('bucket', '=', bucket.bucket)
    .execute();
  await db.deleteFrom('rows').where('id', '=', record).execute();
  await db.deleteFrom('bucket_log').where('id', '=', record).execute();
  for (const { id, group } of entries) {
    await db.deleteFrom('mutations').where('id', '=', id).execute();
    await db.deleteFrom('verdicts').where('group_id', '=', group).execute();
  }
  await db.updateTable('meta').set({ value: 'restored' }).where('key', '=', 'epoch').execute();
  expect(tenant).not.toBe('');
}
