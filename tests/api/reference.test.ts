import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../factories/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** `METHOD /path` of everything that the server answers. HEAD comes with GET; assets are listed without their folder. */
function served(): string[] {
  const lines = server.app.printRoutes({ commonPrefix: false }).split('\n');
  const open: string[] = [];
  return lines.flatMap((line) => {
    const found = /^((?:│ {3}| {4})*)(?:├|└)── (\S+)(?: \(([^)]+)\))?/.exec(line);
    if (found === null) return [];
    const [, indent = '', part = '', methods = ''] = found;
    open.splice(indent.length / 4, open.length, part);
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD' && part !== '*')
      .map((method) => `${method} ${open.join('')}`);
  });
}

test('the reference names every route that the server has, and none that it has not', () => {
  const text = readFileSync(new URL('../../docs/API_REFERENCE.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/^\| `(\/[^`*]+)` \| (GET|POST|PUT|PATCH|DELETE) \|/gm)].map(
    ([, path, method]) => `${method} ${path}`,
  );
  expect(named.toSorted()).toEqual([...new Set(served())].toSorted());
});
