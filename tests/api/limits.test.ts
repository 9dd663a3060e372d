import { expect, test } from 'vitest';
import { type PushResponse, routes } from '../../shared/sync/wire.ts';
import { client, group, mutation } from '../factories/mutations.ts';
import { newId, startServer } from '../factories/server.ts';

interface Problem {
  code: string;
  requestId: string;
}

test('an address that asks too often is told to wait, and nobody else is', async () => {
  const server = await startServer({ requestsPerMinute: 3, trustProxy: true });
  try {
    const ask = (address: string) =>
      fetch(new URL(routes.hello, server.url), { headers: { 'x-forwarded-for': address } });
    const answers = [
      await ask('10.0.0.1'),
      await ask('10.0.0.1'),
      await ask('10.0.0.1'),
      await ask('10.0.0.1'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const refused = answers.at(-1);
    expect(refused?.headers.get('retry-after')).toBe('60');
    expect((await refused?.json()) as Problem).toMatchObject({ code: 'request.rate_limited' });
    expect((await ask('10.0.0.2')).status).toBe(200);
  } finally {
    await server.close();
  }
});

test('a request that is too large or of the wrong kind is refused before it is read', async () => {
  const server = await startServer();
  try {
    const send = async (path: string, body: string, type = 'application/json') => {
      const response = await fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      return [response.status, ((await response.json()) as Problem).code];
    };
    expect(await send(routes.signIn, JSON.stringify({ email: 'x'.repeat(20_000) }))).toEqual([
      413,
      'request.too_large',
    ]);
    expect(await send(routes.signIn, '<xml/>', 'text/xml')).toEqual([400, 'request.invalid']);
    expect(await send(routes.signIn, '{"__proto__": {}}')).toEqual([400, 'request.invalid']);
  } finally {
    await server.close();
  }
});

test('a push that a person would never make leaves the server standing', async () => {
  const server = await startServer();
  try {
    const { id } = await server.addCompany();
    const device = await server.signIn(await server.addPerson(id));
    const push = (groups: unknown[]) => device.post<Problem>(routes.push, { ...client(), epoch: '', groups });
    const many = Array.from({ length: 201 }, () =>
      group(mutation(device, { collection: 'deals', record: newId() })),
    );
    expect((await push(many)).body.code).toBe('request.invalid');
    expect((await push([null])).body.code).toBe('request.invalid');
    expect((await push([{ id: 'no id', mutations: [] }])).body.code).toBe('request.invalid');
    const odd = (
      await device.post<PushResponse>(routes.push, {
        ...client(),
        epoch: '',
        groups: [[], 'text', 7].map((mutations) => ({ id: newId(), mutations })),
      })
    ).body;
    expect(odd.verdicts.map(({ refusals }) => refusals[0]?.code)).toEqual(Array(3).fill('request.invalid'));
    expect((await push([])).status).toBe(200);
  } finally {
    await server.close();
  }
});
