import { expect, test } from 'vitest';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { company, newDeal } from './support/company.ts';
import { until } from './support/until.ts';

test('an edit made while a page is on its way stays on top of what the page brings', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  // Otherwise the live stream would bring Ben's change before the edit is made.
  await a.goOffline();
  await b.update('deals', deal.id, { nextStep: 'From Ben', source: 'Fair' });
  await b.sync();
  let shown: Record<string, unknown> | undefined;
  let edited = false;
  a.network.before(async (url) => {
    if (url.endsWith('/pull') && !edited) {
      edited = true;
      await a.update('deals', deal.id, { competitor: 'Acme Racks' });
    } else if (url.endsWith('/report') && edited) {
      // The page is in, the edit still waits.
      shown ??= (await a.get('deals', deal.id)).body;
    }
  });
  await a.goOnline();
  expect(shown).toMatchObject({ nextStep: 'From Ben', source: 'Fair', competitor: 'Acme Racks' });
  await until('the edit was sent', () => a.workspace.sync.status().waiting === 0);
  await a.sync();
  await b.sync();
  expect((await b.get('deals', deal.id)).body).toMatchObject({
    nextStep: 'From Ben',
    competitor: 'Acme Racks',
  });
});

test('an edit made while the device comes back to the server is sent although nothing else happens', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  await a.goOffline();
  // So that no end of an earlier live stream gives it a reason to look again.
  await a.restart();
  let edited = false;
  a.network.before(async (url) => {
    if (!url.endsWith('/pull') || edited) return;
    edited = true;
    await a.update('deals', deal.id, { competitor: 'Acme Racks' });
  });
  await a.goOnline();
  expect(edited).toBe(true);
  await until('the edit was sent', () => a.workspace.sync.status().waiting === 0);
});

test('edits that race with many pages are never lost', async () => {
  const { device } = await company();
  const a = await device('Ada', { pageRows: 5 });
  const b = await device('Ben');
  const deal = await newDeal(a);
  await b.sync();
  for (let i = 0; i < 40; i += 1) await b.update('deals', deal.id, { nextStep: `Ben ${i}` });
  for (let i = 0; i < 60; i += 1) await b.workspace.pages.create('accounts', { name: `Account ${i}` });
  await b.sync();
  const syncing = a.sync();
  for (let i = 0; i < 60; i += 1) await a.update('deals', deal.id, { competitor: `Ada ${i}` });
  await syncing;
  await until('everything was sent', async () => {
    await a.sync();
    return a.workspace.sync.status().waiting === 0;
  });
  await a.sync();
  await b.sync();
  for (const side of [a, b]) {
    expect((await side.get('deals', deal.id)).body).toMatchObject({
      nextStep: 'Ben 39',
      competitor: 'Ada 59',
    });
    expect(await side.all('accounts')).toHaveLength(60);
  }
});

test('a first sync that was cut in the middle goes on where it stood', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  for (let i = 0; i < 120; i += 1) await a.workspace.pages.create('accounts', { name: `Account ${i}` });
  await a.sync();

  let pages = 0;
  const person = await server.addPerson(tenant, { name: 'Ben' });
  const { startDevice } = await import('./support/device.ts');
  const b = await startDevice(server, person, { pageRows: 25, wait: false });
  b.network.before((url) => {
    if (!url.endsWith('/pull')) return;
    pages += 1;
    if (pages === 3) b.network.cut();
  });
  try {
    await until('the network was cut', () => b.workspace.sync.status().state === 'offline' && pages >= 3);
    const checkpoint = (await b.store.value('checkpoint')) as Checkpoint;
    const here = Object.values(await b.store.counts()).reduce((sum, count) => sum + count, 0);
    expect(here).toBeGreaterThan(0);
    expect(b.workspace.sync.status().progress).toMatchObject({ rows: here, done: false });
    await b.restart();
    const asked: (Checkpoint | null)[] = [];
    b.network.before((url, body) => {
      if (url.endsWith('/pull')) asked.push((body as { checkpoint: Checkpoint | null }).checkpoint);
    });
    await b.goOnline();
    expect(asked[0]).toEqual(checkpoint);
    expect(await b.all('accounts')).toHaveLength(120);
    expect(b.workspace.sync.status().verifiedAt).not.toBeNull();
  } finally {
    await b.close();
  }
});

test('when digests agree the time is kept, and when they do not the bucket is fetched anew and the admin is told', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  const deal = await newDeal(a);
  expect(a.workspace.sync.status().verifiedAt).not.toBeNull();

  // Something damages what this device holds: a row that the server does not have, and one that is missing here.
  const bucket = `tenant:${tenant}`;
  const [doc] = await a.store.get('deals', [deal.id]);
  await a.store.commit({
    memberships: [
      { bucket, collection: 'deals', id: deal.id, op: 'remove', digest: '' },
      { bucket, collection: 'accounts', id: 'stray', op: 'put', digest: '0'.repeat(31).concat('1') },
    ],
    rows: [
      {
        collection: 'accounts',
        doc: { ...(doc ?? {}), id: 'stray', name: 'Stray', _deleted: false, _rev: '1-x', _meta: { lwt: 1 } },
        previous: undefined,
      },
    ],
  });
  await a.sync();
  expect(await a.store.members(bucket, 'accounts')).not.toContain('stray');
  expect(await a.all('accounts')).toHaveLength(0);
  expect(await a.all('deals')).toHaveLength(1);
  expect(a.workspace.sync.status().error).toBeNull();
  const lines = await server.store.db.selectFrom('sync_log').selectAll().execute();
  expect(lines.some((line) => JSON.stringify(line).includes(bucket))).toBe(true);
});
