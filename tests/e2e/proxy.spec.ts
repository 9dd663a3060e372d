import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Entry } from './pages/entry.ts';
import { expect, test } from './support/fixtures.ts';

test('the proxy that the system names is the way to the server; one that refuses is told apart from no network', async ({
  device: newDevice,
}) => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const { port } = proxy.address() as AddressInfo;
    const device = newDevice('proxy', { switches: [`--proxy-server=http://127.0.0.1:${port}`] });
    const page = await device.start();
    await page.getByLabel('Server', { exact: true }).fill('https://sync.example.test');
    await new Entry(page).signIn({
      role: 'rep',
      name: 'Rita',
      email: 'rita@example.test',
      password: 'a password of hers',
    });
    await expect(page.getByLabel('Server', { exact: true })).toHaveAccessibleDescription(
      /Something between here and the server/,
    );
    expect(new Set(asked)).toEqual(new Set(['sync.example.test:443']));
  } finally {
    proxy.close();
  }
});
