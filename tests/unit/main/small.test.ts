import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { diagnosticsText } from '../../../electron/shell/diagnostics.ts';
import { readFlags } from '../../../electron/shell/flags.ts';
import { lastLines, openLog, rotate } from '../../../electron/shell/log.ts';
import {
  firstState,
  placeWindow,
  readWindowState,
  writeWindowState,
} from '../../../electron/shell/window-state.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'roadbook-shell-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('an older runtime takes the packaged SQLite module unless another one is named', () => {
  const at = { resourcesPath: '/app/resources', packaged: false, join };
  expect(readFlags({ ...at, env: {}, napi: '9' }).sqliteBinding).toBe(
    '/app/resources/native/better_sqlite3.node',
  );
  expect(readFlags({ ...at, env: {}, napi: '10' }).sqliteBinding).toBeUndefined();
  expect(readFlags({ ...at, env: { ROADBOOK_SQLITE_BINDING: '/x.node' }, napi: '9' }).sqliteBinding).toBe(
    '/x.node',
  );
  const packed = { ...at, packaged: true, env: { ROADBOOK_SQLITE_BINDING: '/x.node' } };
  expect(readFlags({ ...packed, napi: '9' }).sqliteBinding).toBe('/app/resources/native/better_sqlite3.node');
  expect(readFlags({ ...packed, napi: '10' }).sqliteBinding).toBeUndefined();
  expect(readFlags({ ...at, env: { ROADBOOK_PROFILE: '' }, napi: '10' })).toEqual({
    profile: undefined,
    server: '',
    screenshot: undefined,
    sqliteBinding: undefined,
  });
});

test('window state survives a restart, and a torn or strange file costs nothing', () => {
  const file = join(folder(), 'deep', 'window.json');
  expect(readWindowState(file)).toEqual(firstState);
  const state = { ...firstState, width: 1280, x: 10, y: -20, maximized: true, theme: 'dark' as const };
  writeWindowState(file, state);
  expect(readWindowState(file)).toEqual(state);
  for (const text of ['{"width":', '[]', 'null', '{"width":1e9,"height":"x","theme":"red","x":null}']) {
    writeFileSync(file, text);
    expect(readWindowState(file)).toEqual(firstState);
  }
});

test('a window comes back only to a screen that still shows it', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const state = { ...firstState, x: 100, y: 50 };
  expect(placeWindow(state, [screen])).toEqual({ x: 100, y: 50, width: 1440, height: 900 });
  expect(placeWindow({ ...state, x: 5000 }, [screen])).toEqual({ width: 1440, height: 900 });
  expect(placeWindow(firstState, [screen])).toEqual({ width: 1440, height: 900 });
});

test('the log is one file and a few older ones, and holds no text that a person typed', () => {
  const logs = folder();
  const log = openLog(logs, { echo: false });
  log.info('sync.done', { rowsIn: 12, subject: 'Acme Racks' });
  log.error('ipc.failed', new Error('Acme Racks is broken'), { method: 'record.get' });
  const lines = lastLines(logs, 10);
  expect(lines).toHaveLength(2);
  expect(lines.join('\n')).toContain('sync.done {"rowsIn":12,"subject":"[redacted]"}');
  expect(lines.join('\n')).not.toContain('Acme');

  for (let age = 0; age < 7; age += 1) {
    writeFileSync(join(logs, 'roadbook.log'), `file ${age}\n`);
    rotate(logs);
  }
  writeFileSync(join(logs, 'roadbook.log'), 'file 7\n');
  expect(lastLines(logs, 10)).toEqual(['file 3', 'file 4', 'file 5', 'file 6', 'file 7']);
  expect(lastLines(logs, 2)).toEqual(['file 6', 'file 7']);
  expect(readFileSync(join(logs, 'roadbook.4.log'), 'utf8')).toBe('file 3\n');
});

test('diagnostics hold versions, numbers and codes, and nobody by name', () => {
  const text = diagnosticsText({
    versions: { electron: '33.2.1', node: undefined },
    platform: 'linux',
    arch: 'x64',
    at: '2026-11-22T10:00:00.000Z',
    counts: { deals: 900 },
    lines: ['2026-11-22T10:00:00.000 info app.started {}'],
    state: {
      phase: 'ready',
      error: null,
      suggestedServer: 'https://sync.acme.example',
      user: {
        id: 'u',
        name: 'Mara Lindahl',
        email: 'mara@northgate.example',
        role: 'rep',
        tenant: 't',
        tenantName: 'Northgate',
        team: '',
        territory: '',
      },
      deviceName: 'mara-laptop',
      version: '0.1.0',
      waiting: 3,
      due: null,
      keychain: false,
    },
    sync: {
      state: 'offline',
      waiting: 3,
      needYou: 1,
      heldBack: null,
      lastSyncAt: null,
      verifiedAt: null,
      error: null,
      server: 'https://sync.acme.example',
      progress: null,
    },
  });
  expect(text).toContain('waiting 3');
  expect(text).toContain('deals 900');
  expect(text).toContain('node unknown');
  expect(text).not.toMatch(/Mara|northgate|acme|mara-laptop/i);
});
