import type { TestServer } from '../../factories/server.ts';

/**
 * Stops a server, or stops it and removes its data, without waiting for clients: a socket on which nothing was ever
 * asked (fetch opens one in advance) would otherwise hold it up for more than a minute.
 */
export async function end(server: TestServer, how: 'stop' | 'close'): Promise<void> {
  const ended = server[how]();
  server.app.server.closeAllConnections();
  await ended;
}
