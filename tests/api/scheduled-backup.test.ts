import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCompany, putPerson } from '../../sync-server/company/company.ts';
import { makeBackup, restoreBackup } from '../../sync-server/ops/backup.ts';
import { realEnvironment } from '../../sync-server/store/environment.ts';
import { Store } from '../../sync-server/store/store.ts';
import { call } from '../factories/server.ts';
import { serverProcesses, stop } from './support/server-process.ts';
import { until } from './support/until.ts';

const processes = serverProcesses();
const admin = { email: 'ann@example.com', password: 'correct horse' };
/** A third of a second; servers are told hours. */
const OFTEN = { ROADBOOK_BACKUP_HOURS: '0.0001', ROADBOOK_BACKUP_KEEP: '1' };

interface Health {
  readonly status: string;
  readonly backup: { readonly state: string; readonly lastAt: string | null };
}

const folder = () => join(processes.data, 'backups');
const files = () => (existsSync(folder()) ? readdirSync(folder()) : []);
const scheduled = () => files().filter((name) => /^roadbook-scheduled-[\w-]+\.sqlite$/.test(name));
const healthOf = async (url: string) => (await call<Health>(url, 'GET', '/v1/health')).body;

async function withCompany<T>(work: (store: Store, tenant: string) => Promise<T>): Promise<T> {
  const store = await Store.open({ data: processes.data });
  try {
    const { id } = await addCompany(store, { slug: 'test', name: 'Test' });
    await putPerson(store, id, { ...admin, name: 'Ann', role: 'admin' });
    return await work(store, id);
  } finally {
    await store.close();
  }
}

/** The console's page as the admin sees it. */
async function consolePage(url: string): Promise<string> {
  const answer = await fetch(new URL('/admin/sign-in', url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(admin),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  return (await fetch(new URL('/admin/sync-log', url), { headers: { cookie } })).text();
}

test('a running server makes backups by itself, keeps the newest ones, and leaves alone what a person has made', async () => {
  const { tenant, counter, byHand } = await withCompany(async (store, id) => {
    const backup = await makeBackup(store);
    return { tenant: id, counter: backup.through[id], byHand: backup.file };
  });
  writeFileSync(join(folder(), 'roadbook-scheduled-2026.sqlite.unfinished'), 'killed on the way');
  const server = await processes.start(OFTEN);
  await until(server.log, (log) => log.split('"msg":"backup"').length > 2);
  expect(await healthOf(server.url)).toMatchObject({ status: 'ok', backup: { state: 'ok' } });
  expect(await consolePage(server.url)).toMatch(/Backup just made|Last backup/);
  expect(await stop(server.child)).toBe(0);

  expect(existsSync(byHand)).toBe(true);
  expect(scheduled().length).toBe(1);
  expect(files()).not.toContain('roadbook-scheduled-2026.sqlite.unfinished');
  const line = server
    .log()
    .split('\n')
    .find((text) => text.includes('"msg":"backup"'));
  expect(JSON.parse(line ?? '{}').backup).toMatchObject({ through: { [tenant]: counter } });
  await restoreBackup(processes.data, join(folder(), scheduled()[0] ?? ''), realEnvironment);
});

test('the next backup is due when the last one is old enough, not at every start', async () => {
  const first = await processes.start({ ...OFTEN, ROADBOOK_BACKUP_HOURS: '0.0003' });
  await until(scheduled, (found) => found.length > 0);
  await stop(first.child);
  const before = scheduled();
  const second = await processes.start({ ROADBOOK_BACKUP_HOURS: '24' });
  const { backup } = await healthOf(second.url);
  expect(backup).toMatchObject({ state: 'ok', lastAt: expect.stringMatching(/^2/) });
  await stop(second.child);
  expect(scheduled()).toEqual(before);
});

test('a backup that fails is told in the log, in health and to the admin, until one succeeds', async () => {
  await withCompany(async () => undefined);
  // A file stands where the folder should be.
  writeFileSync(folder(), 'in the way');
  const server = await processes.start({ ...OFTEN, ROADBOOK_BACKUP_FOLDER: folder() });
  await until(
    () => healthOf(server.url),
    ({ status }) => status === 'needs-admin',
  );
  expect(await healthOf(server.url)).toMatchObject({ backup: { state: 'failed', lastAt: null } });
  expect(server.log()).toContain('"msg":"backup failed"');
  const page = await consolePage(server.url);
  expect(page).toContain('Backup failed');
  expect(page).toMatch(/EEXIST|ENOTDIR/);
  expect(page).not.toContain('Server healthy');

  rmSync(folder());
  mkdirSync(folder());
  await until(
    () => healthOf(server.url),
    ({ backup }) => backup.state === 'ok',
  );
  expect(await consolePage(server.url)).toContain('Server healthy');
  server.child.kill('SIGTERM');
  expect(await once(server.child, 'exit')).toEqual([0, null]);
});

test('a copy that does not read back is no backup, and none is left lying about', async () => {
  await withCompany((store) =>
    store.db
      .updateTable('audit_log')
      .set({ leaf: 'f'.repeat(64) })
      .where('seq', '=', 1)
      .execute(),
  );
  const server = await processes.start(OFTEN);
  await until(server.log, (log) => log.includes('"msg":"backup failed"'));
  expect(server.log()).toContain('A part of the stored records is damaged.');
  expect(await stop(server.child)).toBe(0);
  expect(scheduled()).toEqual([]);
});
