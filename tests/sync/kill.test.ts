import { expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import { company } from './support/company.ts';
import { startDevice } from './support/device.ts';
import { killInCommit } from './support/kill-device.ts';

test('a device that is killed in the middle of its pages holds whole pages only, and ends equal to the server', async () => {
  const { server, tenant, device } = await company();
  const a = await device('Ada');
  for (let i = 0; i < 400; i += 1) await a.workspace.pages.create('accounts', { name: `Account ${i}` });
  await a.sync();

  const person = await server.addPerson(tenant, { name: 'Ben' });
  const b = await startDevice(server, person, { wait: false, pageRows: 40 });
  b.network.cut();
  try {
    for (const [commits, millis] of [
      [2, 0],
      [3, 3],
      [2, 11],
    ] as const) {
      await b.workspace.stop();
      await b.store.close();
      await killInCommit(b, { commits, millis, pageRows: 40 });
      await b.reopen();
      const checkpoint = (await b.store.value('checkpoint')) as Checkpoint | undefined;
      const expected = await server.store.db
        .selectFrom('bucket_log')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('bucket', '=', companyBucket(tenant))
        .where('number', '<=', checkpoint?.number ?? 0)
        .executeTakeFirstOrThrow();
      const here = Object.values(await b.store.counts()).reduce((sum, count) => sum + count, 0);
      expect(here).toBe(Number(expected.count));
    }
    await b.goOnline();
    expect(await b.all('accounts')).toHaveLength(400);
    expect(b.workspace.sync.status().verifiedAt).not.toBeNull();
  } finally {
    await b.close();
  }
});
