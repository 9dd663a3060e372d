import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeBackup, restoreBackup } from '../../sync-server/ops/backup.ts';
import { realEnvironment } from '../../sync-server/store/environment.ts';
import { lockForRestore } from '../../sync-server/store/lock.ts';
import { Store } from '../../sync-server/store/store.ts';
import { call } from '../factories/server.ts';
import { kill, SERVER, serverProcesses, stop } from './support/server-process.ts';

const CLI = fileURLToPath(new URL('../../sync-server/cli.ts', import.meta.url));

const processes = serverProcesses();

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await Store.open({ data: processes.data });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const slugs = () => withStore(async (store) => (await store.accounts.tenants()).map(({ slug }) => slug));
const copies = () => readdirSync(processes.data).filter((name) => name.includes('before-'));

test('a data folder has one server: a second one is refused and the first serves on', async () => {
  const first = await processes.start();
  const second = processes.run(SERVER, []);
  expect([second.status, second.stderr]).toEqual([
    1,
    `A sync server is already running on ${processes.data}. Stop it first, then try again. Nothing was changed.\n`,
  ]);
  expect((await call(first.url, 'GET', '/v1/health')).status).toBe(200);
  expect(await stop(first.child)).toBe(0);
});

test('a backup is not restored under a running server; the commands that may run beside it do', async () => {
  const { child, url } = await processes.start();
  const { file } = await withStore((store) => makeBackup(store));
  expect(processes.run(CLI, ['tenants', 'add', 'Later']).status).toBe(0);

  const refused = processes.run(CLI, ['backup', 'restore', file]);
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringContaining('A sync server is already running on'),
  ]);
  expect(copies()).toEqual([]);
  expect((await call(url, 'GET', '/v1/health')).status).toBe(200);
  expect(await slugs()).toEqual(['later']);

  expect(await stop(child)).toBe(0);
  expect(processes.run(CLI, ['backup', 'restore', file])).toMatchObject({ status: 0, stderr: '' });
  expect(await slugs()).toEqual([]);
});

test('a killed server leaves no lock behind, and no lock file counts without its process', async () => {
  const first = await processes.start();
  await kill(first.child);
  expect(existsSync(join(processes.data, 'server.lock'))).toBe(true);
  const second = await processes.start();
  await kill(second.child);
  lockForRestore(processes.data).release();
});

test('a restore keeps out everything that opens the database, and waits for nobody who has it open', async () => {
  const store = await Store.open({ data: processes.data });
  await expect(restoreBackup(processes.data, 'no-such-file', realEnvironment)).rejects.toMatchObject({
    code: 'server.data_in_use',
  });
  await store.close();
  const lock = lockForRestore(processes.data);
  await expect(Store.open({ data: processes.data })).rejects.toMatchObject({ code: 'server.data_in_use' });
  const beside = processes.run(CLI, ['tenants', 'list']);
  expect([beside.status, beside.stderr]).toEqual([
    1,
    expect.stringContaining('Another command is working on'),
  ]);
  lock.release();
  expect(await slugs()).toEqual([]);
});
