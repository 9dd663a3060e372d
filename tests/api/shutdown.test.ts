import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { addCompany, putPerson } from '../../sync-server/company/company.ts';
import { Store } from '../../sync-server/store/store.ts';
import { client, group, newAccount } from '../factories/mutations.ts';
import { signInTo } from '../factories/server.ts';
import { type ServerProcess, serverProcesses } from './support/server-process.ts';

const processes = serverProcesses();
const person = { email: 'ann@example.com', password: 'correct horse' };
/** Milliseconds; below the grace of the first server, and the minute and more that an idle socket may stay open. */
const BOUND = 40_000;
/** Below the grace of a server that is told nothing. */
const SHORT_BOUND = 9_000;

async function startWithAnn(settings: Record<string, string> = {}) {
  const store = await Store.open({ data: processes.data });
  const tenant = await addCompany(store, { slug: 'test', name: 'Test' });
  await putPerson(store, tenant.id, { ...person, name: 'Ann', role: 'rep' });
  await store.close();
  const server = await processes.start(settings);
  return { server, device: await signInTo(server.url, person) };
}

async function openSocket(server: ServerProcess): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends a push up to the last byte; the rest of it is what the caller sends. */
async function slowPush(server: ServerProcess, token: string, body: string): Promise<Socket> {
  const socket = await openSocket(server);
  const head = [
    `POST ${routes.push} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'expect: 100-continue',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  // The server has read the head: the request is under way.
  const [interim] = (await once(socket, 'data')) as [Buffer];
  expect(String(interim)).toContain('100 Continue');
  socket.write(body.slice(0, -1));
  return socket;
}

test('a server that is stopped answers what is under way, says so to who listens, and waits for nobody else', async () => {
  const { server, device } = await startWithAnn({ ROADBOOK_GRACE_SECONDS: '50' });
  const idle = await openSocket(server);
  const stream = await fetch(new URL(routes.live, server.url), {
    headers: { authorization: `Bearer ${device.accessToken}` },
  });
  const body = JSON.stringify({ ...client(), epoch: '', groups: [group(newAccount(device))] });
  const slow = await slowPush(server, device.accessToken, body);

  const asked = performance.now();
  const exited = once(server.child, 'exit');
  const idleClosed = once(idle, 'close');
  server.child.kill('SIGTERM');
  // Only now does the slow one finish its request: stopping has begun, and the other sockets are closed.
  expect(await stream.text()).toContain('event: end\ndata: {"why":"shutdown"}');
  await idleClosed;
  expect(server.child.exitCode).toBe(null);
  slow.write(body.slice(-1));
  const answer = await text(slow);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer).toContain('"status":"accepted"');
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - asked).toBeLessThan(BOUND);
});

test('a request that does not end holds a server up no longer than its grace', async () => {
  const { server, device } = await startWithAnn({ ROADBOOK_GRACE_SECONDS: '0.3' });
  const slow = await slowPush(server, device.accessToken, '{"groups":[]}');
  const closed = once(slow, 'close');
  const asked = performance.now();
  server.child.kill('SIGTERM');
  expect(await once(server.child, 'exit')).toEqual([0, null]);
  await closed;
  expect(performance.now() - asked).toBeLessThan(SHORT_BOUND);
});

test('a server starts and stops without a warning', async () => {
  const server = await processes.start({ NODE_OPTIONS: '--pending-deprecation', ROADBOOK_DEMO: '1' });
  server.child.kill('SIGTERM');
  await once(server.child, 'close');
  const lines = server.log().split('\n').filter(Boolean);
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(lines.map(() => 30));
  expect(lines.length).toBeGreaterThan(0);
});
