import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveAsset, serveAsset } from '../../../electron/shell/assets.ts';
import { isOwnUrl } from '../../../electron/shell/origin.ts';
import { isAllowedRequest } from '../../../electron/shell/security.ts';

let folder: string;
let root: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roadbook-assets-'));
  root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets', 'index.js'), 'export {};');
  writeFileSync(join(root, 'assets', 'index.js.map'), '{}');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  mkdirSync(join(folder, 'renderer-other'));
  writeFileSync(join(folder, 'renderer-other', 'index.js'), 'secret');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (url: string, method = 'GET') => serveAsset({ url, method }, root);

describe('the app:// protocol', () => {
  test('serves the built pages with their type', async () => {
    const page = await get('app://roadbook/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toBe('<!doctype html>');
    const code = await get('app://roadbook/assets/index.js?v=1');
    expect(code.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    'app://roadbook/../secret.js',
    'app://roadbook/%2e%2e/secret.js',
    'app://roadbook/assets/..%2f..%2fsecret.js',
    'app://roadbook/..%5csecret.js',
    'app://roadbook/%2e%2e%2frenderer-other/index.js',
    'app://roadbook//etc/passwd',
    'app://roadbook/%00index.html',
    'app://roadbook/%E0%A4%A',
    'app://roadbook/assets',
    'app://roadbook/assets/index.js.map',
    'app://roadbook/missing.js',
    'app://other/index.html',
    'app://roadbook.example/index.html',
    'file:///etc/passwd',
  ])('does not serve %s', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  test('resolves nothing outside its folder, whatever the path says', () => {
    for (const path of ['..%2fsecret.js', '%2e%2e%2fsecret.js', 'assets/%2e%2e/%2e%2e/secret.js']) {
      const asset = resolveAsset(`app://roadbook/${path}`, root);
      expect(asset === null || asset.file.startsWith(join(root, '/'))).toBe(true);
    }
  });

  test('answers nothing but GET', async () => {
    for (const method of ['POST', 'PUT', 'HEAD', 'DELETE']) {
      expect((await get('app://roadbook/index.html', method)).status).toBe(405);
    }
  });

  test('sends the policy with every answer, errors included', async () => {
    for (const url of ['app://roadbook/index.html', 'app://roadbook/missing.js']) {
      const { headers } = await get(url);
      const csp = headers.get('content-security-policy') ?? '';
      expect(csp.split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'none'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'none'",
        ]),
      );
      expect(csp).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });
});

describe('our own address', () => {
  test.each(['app://roadbook/index.html', 'app://roadbook/', 'app://roadbook/#/deals'])('is %s', (url) => {
    expect(isOwnUrl(url)).toBe(true);
  });

  test.each([
    'app://roadbook.example/',
    'app://roadbook@example.com/',
    'app://user@roadbook/',
    'app://roadbook:80/',
    'https://roadbook/',
    'file:///roadbook',
    'about:blank',
    'not an address',
    '',
  ])('is not %s', (url) => {
    expect(isOwnUrl(url)).toBe(false);
  });

  test.each([
    'http://127.0.0.1/',
    'https://example.com/',
    'ws://example.com/',
    'file:///etc/passwd',
    'data:,x',
  ])('is the only one that the window may ask for, not %s', (url) => {
    expect(isAllowedRequest(url)).toBe(false);
  });
});
