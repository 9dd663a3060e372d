// Yardstick of the live stream: a bare server that keeps its answers open and writes one line into each when it is told
// to. No database, no sessions, no buckets.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const open = new Set<ServerResponse>();
let number = 0;
const line = () => `event: bucket\ndata: ${JSON.stringify({ bucket: 'company', number })}\n\n`;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(line());
    open.add(response);
    return;
  }
  request.resume().once('end', () => {
    number += 1;
    for (const stream of open) stream.write(line());
    response.end();
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.once('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
