import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OutboxEntry } from '../../../electron/store/contract.ts';
import { normaliseAddress } from '../../../electron/sync/address.ts';
import { ServerApi } from '../../../electron/sync/api.ts';
import { Backoff } from '../../../electron/sync/backoff.ts';
import { MAX_BATCH, nextBatch } from '../../../electron/sync/batch.ts';
import { failureOf } from '../../../electron/sync/failure.ts';
import { readLive } from '../../../electron/sync/live.ts';
import { EventParser } from '../../../electron/sync/sse.ts';
import { type ErrorCode, RoadbookError } from '../../../shared/errors.ts';

test.each([
  ['sync.example.com', 'https://sync.example.com'],
  ['  https://sync.example.com/  ', 'https://sync.example.com'],
  ['https://sync.example.com:8443/crm/', 'https://sync.example.com:8443/crm'],
  ['localhost:4180', 'http://localhost:4180'],
  ['127.0.0.1:4180', 'http://127.0.0.1:4180'],
  ['http://[::1]:4180', 'http://[::1]:4180'],
  ['HTTPS://Sync.Example.COM', 'https://sync.example.com'],
])('the address %s is understood', (typed, address) => {
  expect(normaliseAddress(typed)).toBe(address);
});

test.each([
  'http://sync.example.com',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'ftp://sync.example.com',
  'https://user:secret@sync.example.com',
  'https://sync.example.com?x=1',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '',
  '   ',
  'https://',
])('the address %s is refused', (typed) => {
  expect(() => normaliseAddress(typed)).toThrow(expect.objectContaining({ code: 'sync.bad_address' }));
});

test('server-sent events are read wherever the network cuts them', () => {
  const text =
    ': hello\n\nevent: bucket\ndata: {"bucket":"tenant:x",\ndata: "number":7}\n\r\nevent: other\r\ndata:1\r\n\r\ndata: alone\r\r';
  const whole = new EventParser().push(text);
  expect(whole).toEqual([
    { event: 'bucket', data: '{"bucket":"tenant:x",\n"number":7}' },
    { event: 'other', data: '1' },
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 12 }), (cuts) => {
      const parser = new EventParser();
      const at = [0, ...[...cuts].sort((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(whole);
    }),
  );
});

test('a live stream that falls silent is given up, and nonsense in it is passed over', async () => {
  const heard: unknown[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(new TextEncoder().encode(text));
      send('event: bucket\ndata: nonsense\n\nevent: bucket\ndata: {"bucket":1,"number":"x"}\n\n');
      send('event: bucket\ndata: {"bucket":"tenant:x","number":3}\n\n');
    },
  });
  await readLive(stream, (event) => heard.push(event), new AbortController().signal, 50);
  expect(heard).toEqual([{ bucket: 'tenant:x', number: 3 }]);
});

test('waits grow to four seconds and never to five, and start again after a success', () => {
  const backoff = new Backoff(() => 0.5);
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([550, 1100, 2200, 4400, 4400, 4400]);
  backoff.reset();
  expect(backoff.next()).toBe(550);
  const unlucky = new Backoff(() => 0.999);
  expect(unlucky.next()).toBeLessThanOrEqual(600);
  for (let failures = 0; failures < 50; failures += 1) expect(unlucky.next()).toBeLessThan(5_000);
});

const entry = (group: string, id: number, size = 10): OutboxEntry => ({
  seq: id,
  id: String(id),
  group,
  collection: 'deals',
  record: 'r',
  field: 'f',
  mutation: { id, value: 'x'.repeat(size) },
  state: 'waiting',
  number: 0,
});

test('a push holds whole groups, oldest first, up to its bounds', () => {
  const mixed = [entry('a', 1), entry('b', 2), entry('a', 3)];
  expect(nextBatch(mixed, true).groups.map(({ id, mutations }) => [id, mutations.length])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  // The read may have cut the last group in two.
  expect(nextBatch(mixed, false).groups.map(({ id }) => id)).toEqual(['a']);
  const large = [entry('a', 1, MAX_BATCH / 2), entry('b', 2, MAX_BATCH / 2), entry('c', 3)];
  expect(nextBatch(large, true).groups.map(({ id }) => id)).toEqual(['a']);
  expect(
    nextBatch([entry('huge', 1, MAX_BATCH * 2), entry('b', 2)], true).groups.map(({ id }) => id),
  ).toEqual(['huge']);
  const many = Array.from({ length: 300 }, (_, index) => entry(`g${index}`, index));
  expect(nextBatch(many, true).groups).toHaveLength(200);
  expect(nextBatch([], true)).toEqual({ groups: [], entries: [] });
});

const answering = (status: number, body: unknown) =>
  new ServerApi('https://sync.example.com', async () => {
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  });
const hello = {
  product: 'roadbook',
  version: '1',
  protocol: 1,
  oldestProtocol: 1,
  serverTime: '2026-01-01T00:00:00.000Z',
};

test.each([
  ['a page of something else', 200, '<html>Welcome to the hotel</html>', 'sync.bad_address'],
  ['JSON of something else', 200, { product: 'other' }, 'sync.bad_address'],
  ['a server that is older than this version', 200, { ...hello, protocol: 0 }, 'sync.bad_address'],
  ['a problem of ours', 429, { code: 'auth.too_many_tries', details: { seconds: 4 } }, 'auth.too_many_tries'],
  ['a problem of a proxy', 502, '<html>Bad gateway</html>', 'sync.offline'],
  ['a page that is not there', 404, 'Not found', 'sync.bad_address'],
  ['a proxy that wants us to wait', 429, '<html>Slow down</html>', 'request.rate_limited'],
])('an answer that is %s is named by its code', async (_what, status, body, code) => {
  await expect(answering(status, body).hello()).rejects.toMatchObject({ code });
});

test('a redirect is never followed, and no answer is called offline', async () => {
  const seen: RequestInit[] = [];
  const api = new ServerApi('https://sync.example.com', async (_url, init) => {
    seen.push(init);
    throw new TypeError('fetch failed');
  });
  await expect(api.hello()).rejects.toMatchObject({ code: 'sync.offline' });
  expect(seen[0]?.redirect).toBe('error');
  expect(await answering(200, hello).hello()).toEqual(hello);
});

test('a server that has dropped this version still answers: what waits can be sent to it', async () => {
  const newer = { ...hello, protocol: 9, oldestProtocol: 5 };
  expect(await answering(200, newer).hello()).toEqual(newer);
});

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a server whose certificate is not believed (%s) is not called offline',
  async (code) => {
    const api = new ServerApi('https://sync.example.com', async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('tls'), { code }) });
    });
    await expect(api.hello()).rejects.toMatchObject({ code: 'sync.not_trusted', details: { reason: code } });
  },
);

test('what went wrong is told as what it means for the person', () => {
  const of = (code: ErrorCode, details = {}) => failureOf(new RoadbookError(code, details));
  expect(of('sync.offline')).toEqual({ state: 'offline', error: null });
  expect(of('sync.bad_address')).toMatchObject({ state: 'offline', error: { code: 'sync.in_between' } });
  expect(of('sync.not_trusted', { reason: 'x' })).toMatchObject({ state: 'error' });
  expect(of('auth.token_invalid')).toMatchObject({ state: 'signed-out' });
  expect(of('request.rate_limited', { seconds: 90 })).toMatchObject({ state: 'error', wait: 90_000 });
  expect(of('auth.too_many_tries', { seconds: 1e9 })).toMatchObject({ state: 'error', wait: 3_600_000 });
  expect(of('request.rate_limited', { seconds: 'soon' })).toMatchObject({ state: 'error', wait: 0 });
});
