import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { companyBucket } from '../../shared/rules/reach.ts';
import { type PullResponse, type PushResponse, routes, type SignInResponse } from '../../shared/sync/wire.ts';
import { passwordMatches } from '../../sync-server/auth/passwords.ts';
import { runCommand } from '../../sync-server/cli.ts';
import { addCompany, putPerson } from '../../sync-server/company/company.ts';
import { Store } from '../../sync-server/store/store.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { smallExport } from '../factories/export.ts';
import { fresh } from '../factories/mirror.ts';
import { client, group, newAccount } from '../factories/mutations.ts';
import { call, newId, signInTo } from '../factories/server.ts';
import { kill, SERVER, serverProcesses, stop } from './support/server-process.ts';

const IMPORT = fileURLToPath(new URL('../../sync-server/import/cli.ts', import.meta.url));

const processes = serverProcesses();
const { start } = processes;
const demo = { ROADBOOK_DEMO: '1' };

test('the server makes a demo company once, prints its passwords once, and keeps them nowhere', async () => {
  const first = await start(demo);
  const passwords = [...first.said.matchAll(/(\S+@northgate\.example)\s+(\S+)$/gm)].map(
    ([, email = '', password = '']) => ({ email, password }),
  );
  expect(passwords.length).toBe(5);
  for (const { email, password } of passwords) {
    const device = { id: newId(), name: 'Laptop', platform: 'linux', app: '0.1.0' };
    const answer = await call<SignInResponse>(first.url, 'POST', routes.signIn, undefined, {
      email,
      password,
      device,
    });
    expect([email, answer.status]).toEqual([email, 200]);
  }
  expect(await stop(first.child)).toBe(0);
  const files = readdirSync(processes.data).map((name) => readFileSync(join(processes.data, name), 'latin1'));
  for (const { password } of passwords) {
    expect(first.log()).not.toContain(password);
    for (const file of files) expect(file).not.toContain(password);
  }

  const second = await start(demo);
  expect(second.said).toContain('npm run admin -- users password');
  expect(second.said).not.toContain(passwords[0]?.password);
  expect(await stop(second.child)).toBe(0);
});

test('the server ends in order, also while a device listens', async () => {
  const { child, url, said } = await start(demo);
  const password = /mara@northgate\.example\s+(\S+)$/m.exec(said)?.[1] ?? '';
  const { body } = await call<SignInResponse>(url, 'POST', routes.signIn, undefined, {
    ...{ email: 'mara@northgate.example', password },
    device: { id: newId(), name: 'Laptop', platform: 'linux', app: '0.1.0' },
  });
  const stream = await fetch(new URL(routes.live, url), {
    headers: { authorization: `Bearer ${body.accessToken}` },
  });
  expect(stream.status).toBe(200);
  expect(await stop(child)).toBe(0);
  expect(readdirSync(processes.data).filter((name) => name.endsWith('-wal'))).toEqual([]);
});

test('a server that is killed in the middle of a push has each group whole or not at all, and once when it comes again', async () => {
  const store = await Store.open({ data: processes.data });
  const tenant = await addCompany(store, { slug: 'test', name: 'Test' });
  await putPerson(store, tenant.id, {
    email: 'ann@example.com',
    name: 'Ann',
    role: 'rep',
    password: 'correct horse',
  });
  await store.close();
  const person = { email: 'ann@example.com', password: 'correct horse' };

  const first = await start();
  const device = await signInTo(first.url, person);
  const groups = Array.from({ length: 150 }, () => group(newAccount(device), newAccount(device)));
  const request = { ...client(), epoch: '', groups };
  const lost = device.post(routes.push, request).catch(() => 'the answer was lost');
  // As soon as something of it is on the disk.
  const watcher = await Store.open({ data: processes.data });
  while (((await watcher.accounts.tenantBySlug('test'))?.counter ?? 0) <= tenant.counter + 5)
    await setImmediate();
  await Promise.all([lost, kill(first.child)]);
  const rows = () =>
    watcher.db.selectFrom('rows').select('id').where('collection', '=', 'accounts').execute();
  const present = new Set((await rows()).map(({ id }) => id));
  for (const { mutations } of groups) {
    expect(new Set(mutations.map(({ record }) => present.has(record))).size).toBe(1);
  }

  const second = await start();
  const again = await signInTo(second.url, person);
  const { body } = await again.post<PushResponse>(routes.push, request);
  expect(body.verdicts.every(({ status }) => status === 'accepted')).toBe(true);
  expect((await rows()).length).toBe(300);
  const changes = await watcher.db
    .selectFrom('audit_log')
    .select('seq')
    .where('kind', '=', 'change')
    .execute();
  expect(changes.length).toBe(300);
  expect(await verifyAudit(watcher.db, watcher.origin, tenant.id)).toMatchObject({
    fault: null,
    headMatches: true,
  });
  const mirror = await fresh(again);
  expect(mirror.digest()).toBe(mirror.digests[companyBucket(tenant.id)]);
  await watcher.close();
  expect(await stop(second.child)).toBe(0);
});

test('an export is imported from the command line, while the server runs', async () => {
  const { child, url } = await start();
  const folder = join(processes.data, 'export');
  mkdirSync(folder);
  const run = (...args: string[]) => processes.run(IMPORT, args);
  const nothing = run(folder);
  expect([nothing.status, nothing.stderr]).toEqual([1, expect.stringContaining('no shipped mapping knows')]);
  for (const [name, content] of Object.entries(smallExport)) writeFileSync(join(folder, name), content);
  const done = run(folder, '--tenant', 'northgate');
  expect(done.status).toBe(0);
  expect(done.stdout).toMatch(/deals +4 +0 +0 +0/);
  expect(done.stdout).toContain('(northgate), new, 2 people');
  expect(run().status).toBe(2);

  const words = ['users', 'password', 'moses.frase@maven.example', '--stdin'];
  const password = processes.run(SERVER, words, 'a chosen password');
  expect(password.status).toBe(0);
  const device = { id: newId(), name: 'Laptop', platform: 'linux', app: '0.1.0' };
  const signedIn = await call<SignInResponse>(url, 'POST', routes.signIn, undefined, {
    ...{ email: 'moses.frase@maven.example', password: 'a chosen password' },
    device,
  });
  const { body } = await call<PullResponse>(url, 'POST', routes.pull, signedIn.body.accessToken, {
    ...client(),
    checkpoint: null,
    limit: 100,
  });
  expect(body.totals).toMatchObject({ deals: 4, accounts: 2, products: 2 });
  expect(await stop(child)).toBe(0);
});

test('people, devices and the audit log are looked after from the command line', async () => {
  const store = await Store.open({ data: processes.data });
  const said: string[] = [];
  const run = (...args: string[]) =>
    runCommand(store, args, { say: (line) => said.push(line), readInput: async () => 'a chosen password\n' });
  try {
    expect(await run('tenants', 'add', 'Northgate Supply')).toBe(0);
    expect(await run('users', 'add', 'Ann@Example.com', '--name', 'Ann', '--role', 'admin')).toBe(0);
    const generated = /Password, shown once: (\S+)/.exec(said.join('\n'))?.[1] ?? '';
    const ann = await store.accounts.userByEmail('ann@example.com');
    expect(ann).toMatchObject({ name: 'Ann', role: 'admin', tenant_name: 'Northgate Supply' });
    expect(await passwordMatches(ann?.password_hash, generated)).toBe(true);

    expect(await run('users', 'password', 'ann@example.com', '--stdin')).toBe(0);
    const changed = await store.accounts.userByEmail('ann@example.com');
    expect(await passwordMatches(changed?.password_hash, 'a chosen password')).toBe(true);
    expect(said.join('\n')).not.toContain('a chosen password');

    const device = { id: newId(), name: 'Laptop', platform: 'linux', app: '0.1.0' };
    if (changed !== undefined) await store.sessions.signIn(changed, device, '127.0.0.1');
    expect(await run('devices', 'list')).toBe(0);
    expect(said.at(-1)).toContain('Laptop  Ann');
    expect(await run('devices', 'revoke', device.id)).toBe(0);
    await run('devices', 'list');
    expect(said.at(-1)).toContain('revoked');

    expect(await run('users', 'disable', 'Ann@example.com')).toBe(0);
    expect(await run('users', 'disable', 'ann@example.com')).toBe(0);
    expect(said.at(-1)).toContain('already');
    await run('users', 'list');
    expect(said.at(-1)).toContain('(disabled)');
    expect(await run('users', 'enable', 'nobody@example.com')).toBe(2);

    expect(await run('audit', 'verify')).toBe(0);
    await store.db
      .updateTable('audit_log')
      .set({ leaf: 'f'.repeat(64) })
      .where('seq', '=', 1)
      .execute();
    expect(await run('audit', 'verify')).toBe(1);
    expect(said.at(-1)).toContain('entry 1 does not fit');

    expect(await run('users', 'add', 'ann@example.com')).toBe(2);
    expect(await run('users', 'add', 'ben@example.com', '--role', 'king')).toBe(2);
    expect(await run('make', 'tea')).toBe(2);
    expect(await run('users', '--no-such-option')).toBe(2);
  } finally {
    await store.close();
  }
});
