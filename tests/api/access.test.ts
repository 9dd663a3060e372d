import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PullResponse, routes } from '../../shared/sync/wire.ts';
import { runCommand } from '../../sync-server/cli.ts';
import { verifyAudit } from '../../sync-server/store/verify-audit.ts';
import { fresh } from '../factories/mirror.ts';
import { client } from '../factories/mutations.ts';
import { call, newId, startServer, type TestServer } from '../factories/server.ts';

let server: TestServer;
let tenant: string;

beforeAll(async () => {
  server = await startServer({ poll: 50 });
  tenant = (await server.addCompany()).id;
});
afterAll(() => server.close());

interface Problem {
  code: string;
}

const said: string[] = [];
const run = (...args: string[]) =>
  runCommand(server.store, args, { say: (line) => said.push(line), readInput: async () => '' });

test('a person who is disabled is out at once, everywhere, and may come back', async () => {
  const person = await server.addPerson(tenant, { name: 'Ann', role: 'admin' });
  const other = await server.signIn(await server.addPerson(tenant));
  const device = await server.signIn(person, { name: "Ann's laptop" });
  const signIn = (password: string) =>
    call<Problem>(server.url, 'POST', routes.signIn, undefined, {
      ...{ email: person.email, password },
      device: { id: newId(), name: 'New', platform: 'linux', app: '0.1.0' },
    });
  const pull = () =>
    device.post<PullResponse & Problem>(routes.pull, { ...client(), checkpoint: null, limit: 9 });
  const refresh = () =>
    call<Problem>(server.url, 'POST', routes.refresh, undefined, {
      refreshToken: device.refreshToken,
      device: device.device.id,
    });
  const console = await fetch(new URL('/admin/sign-in', server.url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ email: person.email, password: person.password }),
  });
  const cookie = console.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const live = await fetch(new URL(routes.live, server.url), {
    headers: { authorization: `Bearer ${device.accessToken}` },
  });
  const active = async () => (await fresh(other)).row(person.id).body.active;
  expect([await active(), (await pull()).status]).toEqual([true, 200]);

  expect(await run('users', 'disable', person.email)).toBe(0);
  // Ends by itself, with the reason as its last event.
  expect(await live.text()).toContain('{"why":"session"}');
  expect((await pull()).body.code).toBe('auth.person_disabled');
  expect((await refresh()).body.code).toBe('auth.person_disabled');
  expect((await signIn(person.password)).body.code).toBe('auth.person_disabled');
  expect((await signIn('wrong')).body.code).toBe('auth.bad_credentials');
  const page = await fetch(new URL('/admin/sync-log', server.url), {
    redirect: 'manual',
    headers: { cookie },
  });
  expect(page.status).toBe(303);
  expect(await active()).toBe(false);
  await run('devices', 'list', '--tenant', (await server.store.accounts.tenants())[0]?.slug ?? '');
  expect(said.find((line) => line.includes("Ann's laptop"))).toContain('person disabled');

  expect(await run('users', 'enable', person.email)).toBe(0);
  expect(await active()).toBe(true);
  expect((await pull()).body.code).toBe('auth.token_invalid');
  expect((await refresh()).body.code).toBe('auth.token_invalid');
  expect((await signIn(person.password)).status).toBe(200);

  const kinds = await server.store.db.selectFrom('audit_log').select('kind').execute();
  expect(kinds.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['person-disabled', 'person-enabled']),
  );
  expect(await verifyAudit(server.store.db, server.store.origin, tenant)).toMatchObject({ fault: null });
});
