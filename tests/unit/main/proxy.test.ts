import { expect, test } from 'vitest';
import { proxyOf } from '../../../electron/shell/proxy.ts';

test.each([
  ['DIRECT', undefined],
  ['', undefined],
  ['PROXY proxy.example:3128', 'http://proxy.example:3128'],
  ['PROXY proxy.example:3128; DIRECT', 'http://proxy.example:3128'],
  ['DIRECT; PROXY proxy.example:3128', undefined],
  ['HTTPS proxy.example:443', 'https://proxy.example:443'],
  ['SOCKS5 proxy.example:1080;PROXY proxy.example:3128', 'http://proxy.example:3128'],
  ['SOCKS proxy.example:1080', undefined],
  ['proxy [::1]:3128', 'http://[::1]:3128'],
])('what the system says, “%s”, is the way %s', (ways, way) => {
  expect(proxyOf(ways)).toBe(way);
});
