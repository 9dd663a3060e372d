// Yardstick of the sync server: pages lie ready as objects, each request costs JSON.stringify and a send.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = ''] = process.argv.slice(2);
const pages: unknown[] = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const page = pages[Number(request.url?.slice(1))];
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(page));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
