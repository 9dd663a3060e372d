import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OUTBOX_READ } from '../../electron/sync/push.ts';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import type { Mutation, PushRequest, PushResponse } from '../../shared/sync/wire.ts';
import { makeBackup, restoreBackup } from '../../sync-server/ops/backup.ts';
import { realEnvironment } from '../../sync-server/store/environment.ts';
import { DATABASE_FILE } from '../../sync-server/store/store.ts';
import { startServer, type TestServer } from '../factories/server.ts';
import { company, newDeal } from './support/company.ts';
import type { TestDevice } from './support/device.ts';
import { end } from './support/end.ts';
import { until } from './support/until.ts';

const newId = () => uuidv7(Date.now(), (length) => new Uint8Array(randomBytes(length)));

/** A backup that no device has heard of: they still hold everything that they ever sent. */
async function quietBackup(server: TestServer): Promise<string> {
  const { file } = await makeBackup(server.store, join(server.data, 'kept'));
  await server.store.db.updateTable('tenants').set({ durable_through: 0 }).execute();
  return file;
}

/**
 * Starts the server again as it was in the backup.
 * @param how restored: by the command, which says so by a new epoch; copied: by a hand that put the file back
 */
async function putBack(
  server: TestServer,
  file: string,
  how: 'restored' | 'copied',
  ...devices: TestDevice[]
) {
  for (const device of devices) await device.goOffline();
  await end(server, 'stop');
  if (how === 'restored') await restoreBackup(server.data, file, realEnvironment);
  else {
    for (const suffix of ['-wal', '-shm']) rmSync(join(server.data, DATABASE_FILE + suffix), { force: true });
    copyFileSync(file, join(server.data, DATABASE_FILE));
  }
  const again = await startServer({ data: server.data, port: server.port });
  onTestFinished(async () => {
    for (const device of devices) await device.workspace.stop();
    await end(again, 'stop');
  });
  return again;
}

/** A connection to the server of before may still seem to be there: the first try need not be the one that succeeds. */
async function comeBack(device: TestDevice): Promise<void> {
  device.network.mend();
  await until('the device is online', async () => (await device.workspace.sync.now()).state === 'online');
}

/** Ids of the mutations that a device sends from now on, in the order of sending. */
function listen(device: TestDevice): string[] {
  const sent: string[] = [];
  device.network.before((url, body) => {
    if (!url.endsWith('/push')) return;
    for (const { mutations } of (body as PushRequest).groups) sent.push(...mutations.map(({ id }) => id));
  });
  return sent;
}

/** Puts edits of one field into the outbox, in groups of 100, without taking the way of an act for each. */
async function manyEdits(device: TestDevice, record: string, count: number): Promise<string[]> {
  const { rev } = await device.get('deals', record);
  const mutations = Array.from({ length: count }, (_, index): Mutation => {
    const now = Date.now();
    return {
      id: newId(),
      collection: 'deals',
      record,
      op: 'set',
      field: 'nextStep',
      base: null,
      baseRev: rev,
      value: `Step ${index + 1}`,
      clock: formatStamp({ millis: now, counter: index, node: device.session.device.id }),
      madeAt: new Date(now).toISOString(),
      offline: false,
    };
  });
  const groups = Array.from({ length: Math.ceil(count / 100) }, newId);
  await device.store.commit({
    outbox: mutations.map((mutation, index) => ({
      id: mutation.id,
      group: groups[Math.floor(index / 100)] ?? '',
      collection: 'deals',
      record,
      field: 'nextStep',
      mutation,
    })),
  });
  return mutations.map(({ id }) => id);
}

test('a server that became an older copy of itself gets back what it had accepted, and everybody ends equal', async () => {
  const { server, device } = await company();
  const [a, b] = [await device('Ada'), await device('Ben')];
  const kept = await newDeal(a, { name: 'In the copy' });
  const file = await quietBackup(server);
  const lost = await newDeal(a, { name: 'After the copy' });
  await a.update('deals', kept.id, { nextStep: 'Accepted after the copy' });
  await a.sync();
  await putBack(server, file, 'copied', a, b);
  await a.update('deals', kept.id, { closeDate: '2027-03-01' });

  await comeBack(a);
  await a.sync();
  await comeBack(b);
  await b.sync();
  for (const side of [a, b]) {
    expect((await side.get('deals', lost.id)).name).toBe('After the copy');
    expect((await side.get('deals', kept.id)).body).toMatchObject({
      nextStep: 'Accepted after the copy',
      closeDate: '2027-03-01',
    });
    expect(side.workspace.sync.status()).toMatchObject({
      state: 'online',
      waiting: 0,
      error: null,
      needYou: 0,
    });
  }
});

test('after a restore all that is still held is sent again, and what the backup has changes nothing', async () => {
  const { server, device } = await company();
  const a = await device('Ada');
  const kept = await newDeal(a, { name: 'In the backup' });
  const file = await quietBackup(server);
  const lost = await newDeal(a, { name: 'After the backup' });
  const accepted = await a.store.outbox('accepted', 100);
  const idsOf = (record: string) => accepted.filter((one) => one.record === record).map(({ id }) => id);
  expect(idsOf(kept.id)).toHaveLength(1);

  const again = await putBack(server, file, 'restored', a);
  const sent = listen(a);
  await comeBack(a);
  await a.sync();
  // Commit numbers are given out anew after a restore, so that none of them tells what the backup has.
  expect(sent).toEqual([...idsOf(kept.id), ...idsOf(lost.id)]);
  expect(
    await again.store.db.selectFrom('rows').select('id').where('id', '=', lost.id).execute(),
  ).toHaveLength(1);
  expect((await a.get('deals', kept.id)).name).toBe('In the backup');
});

test('more than one reading of the outbox is sent again, all of it and in order', async () => {
  const { server, device } = await company();
  const [a, b] = [await device('Ada'), await device('Ben')];
  const deal = await newDeal(a);
  const file = await quietBackup(server);
  const before = (await a.store.outbox('accepted', 100)).map(({ id }) => id);
  const count = OUTBOX_READ + 100;
  const ids = await manyEdits(a, deal.id, count);
  await a.sync();
  expect(a.workspace.sync.status().waiting).toBe(0);
  await putBack(server, file, 'restored', a, b);
  const sent = listen(a);
  await comeBack(a);
  expect(sent).toEqual([...before, ...ids]);
  await comeBack(b);
  expect((await b.get('deals', deal.id)).body.nextStep).toBe(`Step ${count}`);
});

test('what the server cannot decide holds up later edits of that record, however many, and nothing else', async () => {
  const { device } = await company();
  const a = await device('Ada');
  const [stuck, free] = [await newDeal(a, { name: 'Stuck' }), await newDeal(a, { name: 'Free' })];
  await a.goOffline();
  // One push takes some of them; more than one reading is left behind it.
  const many = 2 * OUTBOX_READ;
  const [first, ...held] = await manyEdits(a, stuck.id, many);
  await a.update('deals', free.id, { nextStep: 'Behind them all' });
  const own = (await a.store.outboxOf([free.id])).map(({ id }) => id);
  // The first group is left without a verdict, as it is when the server fails over it.
  const groups: string[] = [];
  a.network.change('/push', (answer) => {
    const { verdicts, ...rest } = answer as PushResponse;
    groups.push(...verdicts.map(({ group }) => group));
    return { ...rest, verdicts: verdicts.filter(({ group }) => group !== groups[0]) };
  });
  const sent = listen(a);
  await comeBack(a);
  expect(sent[0]).toBe(first);
  expect(sent).toContain(own[0]);
  expect(sent).not.toContain(held.at(-1));
  expect((await a.store.outboxOf([free.id])).length).toBe(0);

  a.network.change('/push', null);
  await a.sync();
  expect(await a.store.outboxCount()).toBe(0);
  expect((await a.get('deals', stuck.id)).body.nextStep).toBe(`Step ${many}`);
});
