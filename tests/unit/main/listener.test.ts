import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { StoreApi } from '../../../electron/store/contract.ts';
import type { ServerApi } from '../../../electron/sync/api.ts';
import { Backoff } from '../../../electron/sync/backoff.ts';
import { Listener, type ListenerParts } from '../../../electron/sync/listener.ts';
import type { Tokens } from '../../../electron/sync/tokens.ts';

const server = createServer();
const stopped = new AbortController();
afterEach(() => {
  stopped.abort();
  server.closeAllConnections();
  server.close();
});

test('a live stream that is cut off is a line of information with its reason, not an error inside the program', async () => {
  server.on('request', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n', () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lines: unknown[] = [];
  const never = () => expect.unreachable();
  let woke: () => void = never;
  const ended = new Promise<void>((resolve) => {
    woke = resolve;
  });
  const live = async () => (await fetch(url)).body as ReadableStream<Uint8Array>;
  const parts: ListenerParts = {
    // The stream ends before anything of the store is asked for.
    store: {} as StoreApi,
    api: () => ({ live }) as unknown as ServerApi,
    tokens: () => ({ use: (task: (token: string) => unknown) => task('token') }) as unknown as Tokens,
    backoff: new Backoff(() => 0),
    log: {
      info: (...line: unknown[]) => lines.push(line),
      warn: never,
      error: never,
    } as unknown as ListenerParts['log'],
    wake: () => woke(),
    stopped: stopped.signal,
  };
  new Listener(parts).start();
  await ended;
  expect(lines).toEqual([['sync.live_ended', { code: 'sync.offline', reason: 'UND_ERR_SOCKET' }]]);
});
