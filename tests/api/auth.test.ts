import { statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes, type SignInResponse, type Tokens } from '../../shared/sync/wire.ts';
import { client } from '../factories/mutations.ts';
import { call, newId, startServer, type TestDevice, type TestServer } from '../factories/server.ts';

interface Problem {
  code: string;
  requestId: string;
  details: Record<string, unknown>;
}

let server: TestServer;
let tenant: string;
let now = Date.parse('2026-03-02T08:00:00Z');
const MINUTE = 60_000;

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

beforeAll(async () => {
  server = await startServer({ environment: { now: () => now, random } });
  tenant = (await server.addCompany()).id;
});
afterAll(() => server.close());

const pullWith = (token: string) =>
  call<Problem>(server.url, 'POST', routes.pull, token, { ...client(), checkpoint: null, limit: 10 });
const refresh = (refreshToken: string, device: string) =>
  call<Tokens & Problem>(server.url, 'POST', routes.refresh, undefined, { refreshToken, device });
const tryPassword = (email: string, password: string, device = newId()) =>
  call<SignInResponse & Problem>(server.url, 'POST', routes.signIn, undefined, {
    email,
    password,
    device: { id: device, name: 'Laptop', platform: 'linux', app: '0.1.0' },
  });

describe('signing in', () => {
  test('gives a short access token, a refresh token and who one is', async () => {
    const person = await server.addPerson(tenant, { name: 'Ann', role: 'manager' });
    const device = await server.signIn({ ...person, email: person.email.toUpperCase() });
    expect(device.user).toMatchObject({ id: person.id, name: 'Ann', role: 'manager', tenant });
    expect(device.expiresIn).toBe(600);
    expect(decodeProtectedHeader(device.accessToken).alg).toBe('EdDSA');
    expect(Object.keys(decodeJwt(device.accessToken)).sort()).toEqual(['exp', 'iat', 'iss', 'sub']);
    expect((await pullWith(device.accessToken)).status).toBe(200);
  });

  test('keeps its signing key readable for the owner of the process alone', () => {
    expect(statSync(join(server.data, 'access-token-key.pem')).mode & 0o777).toBe(0o600);
  });

  test('answers a wrong password and an unknown person alike', async () => {
    const person = await server.addPerson(tenant);
    const wrong = await tryPassword(person.email, 'wrong');
    const unknown = await tryPassword('nobody@example.com', 'wrong');
    expect([wrong.status, wrong.body.code]).toEqual([401, 'auth.bad_credentials']);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect(wrong.headers.get('content-type')).toContain('application/problem+json');
    expect(wrong.headers.get('x-request-id')).toBe(wrong.body.requestId);
  });

  test('is slowed down after wrong passwords, but never for a device that is known', async () => {
    const person = await server.addPerson(tenant);
    const known = newId();
    expect((await tryPassword(person.email, person.password, known)).status).toBe(200);
    const answers: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      answers.push((await tryPassword(person.email, 'wrong')).status);
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const blocked = await tryPassword(person.email, person.password);
    expect(blocked.body.code).toBe('auth.too_many_tries');
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tryPassword(person.email, person.password, known)).status).toBe(200);
    now += MINUTE;
    expect((await tryPassword(person.email, person.password)).status).toBe(200);
  });

  test('counts wrong passwords that are tried all at once as if they came one by one', async () => {
    const person = await server.addPerson(tenant, { name: 'Crowd' });
    const tries = Array.from({ length: 12 }, () => tryPassword(person.email, 'wrong'));
    const codes = (await Promise.all(tries)).map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'auth.bad_credentials').length).toBeLessThanOrEqual(5);
    expect(codes).toContain('auth.too_many_tries');
  });

  test('needs every part of the request', async () => {
    const { status, body } = await call<Problem>(server.url, 'POST', routes.signIn, undefined, {
      email: 'a@b',
    });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  });
});

describe('an access token', () => {
  test('is needed on every route but hello, health and signing in', async () => {
    for (const [method, path] of [
      ['POST', routes.push],
      ['POST', routes.pull],
      ['POST', routes.report],
      ['GET', routes.live],
      ['GET', routes.syncLog],
      ['GET', '/v1/admin/devices'],
      ['POST', routes.signOut],
    ] as const) {
      const body = { ...client(), epoch: '', groups: [], checkpoint: null, limit: 1 };
      const content = { ...body, rowsIn: 0, rowsOut: 0, millis: 0, waiting: 0, mismatches: [] };
      const answer = await call<Problem>(
        server.url,
        method,
        path,
        undefined,
        method === 'GET' ? undefined : content,
      );
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, 'auth.required']);
    }
    expect((await call(server.url, 'GET', routes.hello)).status).toBe(200);
    expect((await call(server.url, 'GET', '/v1/health')).status).toBe(200);
  });

  test('ends after ten minutes', async () => {
    const device = await server.signIn(await server.addPerson(tenant));
    now += 11 * MINUTE;
    expect((await pullWith(device.accessToken)).body.code).toBe('auth.token_expired');
  });

  test('of another server, or changed on the way, is refused', async () => {
    const device = await server.signIn(await server.addPerson(tenant));
    const [head = '', body = '', mark = ''] = device.accessToken.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const token of [`${head}.${body}.${mark.slice(0, -4)}AAAA`, `${none}.${body}.`, 'nonsense']) {
      expect((await pullWith(token)).body.code).toBe('auth.token_invalid');
    }
  });

  test('is worth nothing after signing out, or after the device was revoked', async () => {
    const person = await server.addPerson(tenant);
    const first = await server.signIn(person);
    expect((await first.post(routes.signOut, undefined)).status).toBe(204);
    expect((await pullWith(first.accessToken)).status).toBe(401);

    const second = await server.signIn(person);
    await server.store.devices.revoke(tenant, second.device.id);
    expect((await pullWith(second.accessToken)).body.code).toBe('auth.device_revoked');
    expect((await refresh(second.refreshToken, second.device.id)).body.code).toBe('auth.device_revoked');
    expect((await tryPassword(person.email, person.password, second.device.id)).body.code).toBe(
      'auth.device_revoked',
    );
  });

  test('carries no rights: a person whose role changes has the new one at once', async () => {
    const person = await server.addPerson(tenant, { role: 'admin' });
    const device = await server.signIn(person);
    expect((await device.get(routes.syncLog)).status).toBe(200);
    await server.store.db.updateTable('users').set({ role: 'rep' }).where('id', '=', person.id).execute();
    expect((await device.get(routes.syncLog)).status).toBe(403);
  });
});

describe('a refresh token', () => {
  let device: TestDevice;
  const next = (token: string) => refresh(token, device.device.id);

  const start = async () => {
    device = await server.signIn(await server.addPerson(tenant));
    return device.refreshToken;
  };

  test('is changed for a new one each time', async () => {
    const first = await start();
    const second = await next(first);
    const third = await next(second.body.refreshToken);
    expect([second.status, third.status]).toEqual([200, 200]);
    expect(new Set([first, second.body.refreshToken, third.body.refreshToken]).size).toBe(3);
    expect((await pullWith(third.body.accessToken)).status).toBe(200);
  });

  test('whose answer was lost is answered again', async () => {
    const first = await start();
    await next(first);
    await next(first);
    const again = await next(first);
    expect(again.status).toBe(200);
    expect((await next(again.body.refreshToken)).status).toBe(200);
  });

  test('that comes back after its successor was used ends the session, for the thief too', async () => {
    const first = await start();
    const second = (await next(first)).body.refreshToken;
    const third = await next(second);
    expect((await next(first)).body.code).toBe('auth.token_reused');
    expect((await next(third.body.refreshToken)).body.code).toBe('auth.token_reused');
    expect((await pullWith(third.body.accessToken)).body.code).toBe('auth.token_reused');
  });

  test('of a pair that was given out for one: using both ends the session', async () => {
    const first = await start();
    const one = (await next(first)).body.refreshToken;
    const other = (await next(first)).body.refreshToken;
    expect((await next(one)).status).toBe(200);
    expect((await next(other)).body.code).toBe('auth.token_reused');
  });

  test('is bound to its device, and ends after half a year away', async () => {
    const token = await start();
    expect((await refresh(token, newId())).body.code).toBe('auth.token_invalid');
    expect((await next('never given')).body.code).toBe('auth.token_invalid');
    now += 181 * 24 * 60 * MINUTE;
    expect((await next(token)).body.code).toBe('auth.token_invalid');
  });

  test('is not on the server in clear', async () => {
    const token = await start();
    const stored = await server.store.db.selectFrom('refresh_tokens').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});
