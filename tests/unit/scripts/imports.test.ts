import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { inspectHouse } from '../../../scripts/imports/house.ts';

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

function complaints(files: Record<string, string>): string[] {
  root = mkdtempSync(join(tmpdir(), 'roadbook-house-'));
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), source);
  }
  return inspectHouse(root).complaints;
}

const forbidden: readonly (readonly [promise: string, file: string, source: string, complaint: RegExp])[] = [
  [
    'a window never reaches into the main process',
    'renderer/a.ts',
    `import '../electron/b.ts';`,
    /^renderer\/a\.ts:1 .*permission/,
  ],
  [
    'a window never imports a type of the main process',
    'renderer/a.ts',
    `import type { B } from '../electron/b.ts';`,
    /untrusted/,
  ],
  [
    'a window never imports Electron',
    'renderer/a.tsx',
    `\nimport { shell } from 'electron';`,
    /^renderer\/a\.tsx:2 .*sandbox/,
  ],
  ['a window has no Node', 'renderer/a.ts', `const fs = await import('node:fs');`, /sandbox/],
  ['a window has no network', 'renderer/a.ts', `await fetch('https://example.com');`, /no network/],
  [
    'the main process never reaches into the server',
    'electron/a.ts',
    `export * from '../sync-server/b.ts';`,
    /wire contract/,
  ],
  [
    'the server never reaches into the main process',
    'sync-server/a.ts',
    `import '../electron/b.ts';`,
    /without the desktop/,
  ],
  ['the server never imports Electron', 'sync-server/a.ts', `import 'electron/main';`, /plain Node/],
  [
    'the domain imports nothing from outside',
    'shared/a.ts',
    `import '../sync-server/b.ts';`,
    /as a parameter/,
  ],
  ['the domain imports no test helper', 'shared/a.ts', `import '../tests/factories/b.ts';`, /as a parameter/],
  ['the domain has no Node', 'shared/a.ts', `import { readFile } from 'fs/promises';`, /all three/],
  ['the domain sees no page', 'shared/a.ts', `export const width = () => window.innerWidth;`, /no page/],
  ['the domain reads no environment', 'shared/a.ts', `export const home = process.env.HOME;`, /no Node/],
  [
    'one file may name ipcMain',
    'electron/ipc/other.ts',
    `import { ipcMain } from 'electron';`,
    /router\.ts may name ipcMain/,
  ],
  [
    'ipcMain may not hide behind a namespace',
    'electron/a.ts',
    `import * as e from 'electron'; e.ipcMain.on('x', () => {});`,
    /ipcMain/,
  ],
  [
    'one file may name ipcRenderer',
    'electron/a.ts',
    `import { ipcRenderer } from 'electron';`,
    /preload\.ts/,
  ],
  ['a relative import names its extension', 'shared/a.ts', `import './b';`, /with its extension/],
];

test.each(forbidden)('%s', (_promise, file, source, complaint) => {
  const found = complaints({ [file]: source });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(complaint);
});

test('a ring of imports is named from end to end', () => {
  const found = complaints({
    'shared/a.ts': `import { b } from './b.ts'; export const a = b;`,
    'shared/b.ts': `import { c } from './c.ts'; export const b = c;`,
    'shared/c.ts': `import { a } from './a.ts'; export const c = a;`,
  });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('shared/a.ts → shared/b.ts → shared/c.ts → shared/a.ts');
});

test('what the house allows passes', () => {
  const allowed = {
    'electron/ipc/router.ts': `import { ipcMain } from 'electron'; import fs from 'node:fs'; import '../../shared/a.ts';`,
    'electron/preload.ts': `import { ipcRenderer } from 'electron';`,
    'renderer/a.tsx': `import React from 'react'; import './a.css'; import '../shared/a.ts'; export const A = () => <a window="x" />;`,
    'sync-server/a.ts': `import 'fastify'; import type { B } from './b.ts'; import '../shared/a.ts';`,
    'sync-server/b.ts': `import { x } from './a.ts'; export type B = typeof x;`,
    // Own names that happen to be those of the surroundings.
    'shared/a.ts': `export interface Visit { document: string; process(window: number): void }
      export const f = (document: Visit, { window = 1 }: { window?: number }) => document.process(window);
      import { Type } from 'typebox';`,
  };
  expect(complaints(allowed)).toEqual([]);
});
