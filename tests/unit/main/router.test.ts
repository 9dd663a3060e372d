import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Handlers } from '../../../electron/ipc/contract.ts';
import { silent } from '../../../electron/shell/log.ts';
import { reviveWindow } from '../../../electron/shell/revive.ts';
import { hardenContents, hardenSession } from '../../../electron/shell/security.ts';

type Listener = (event: unknown, ...args: unknown[]) => unknown;
const registered = new Map<string, Listener>();

vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, listener: Listener) => registered.set(channel, listener),
    removeHandler: (channel: string) => registered.delete(channel),
  },
}));

const { attachRouter, emitTo } = await import('../../../electron/ipc/router.ts');

const mainFrame = { url: 'app://roadbook/index.html#/deals' };
const contents = { mainFrame, isDestroyed: () => false, send: vi.fn() };
const called = vi.fn(() => ({ phase: 'sign-in' }));
type Contents = Parameters<typeof attachRouter>[0];

beforeEach(() => {
  called.mockClear();
  contents.send.mockClear();
  attachRouter(
    contents as unknown as Contents,
    Promise.resolve({ 'app.state': called } as unknown as Handlers),
    silent,
  );
});

const call = (event: unknown) => registered.get('roadbook:call')?.(event, 'app.state', {});

test('only one channel is open', () => {
  expect([...registered.keys()]).toEqual(['roadbook:call']);
});

test('the main frame of our own window is answered', async () => {
  expect(await call({ sender: contents, senderFrame: mainFrame })).toEqual({
    ok: true,
    value: { phase: 'sign-in' },
  });
});

test.each([
  ['another window', { sender: { mainFrame }, senderFrame: mainFrame }],
  ['a frame inside the page', { sender: contents, senderFrame: { url: mainFrame.url } }],
  ['a frame that is gone', { sender: contents, senderFrame: null }],
  ['a frame that never was', { sender: contents, senderFrame: undefined }],
])('%s is refused', async (_who, event) => {
  expect(await call(event)).toMatchObject({ ok: false, error: { code: 'ipc.bad_sender' } });
  expect(called).not.toHaveBeenCalled();
});

test.each([
  'https://roadbook/index.html',
  'app://roadbook.example/index.html',
  'app://user@roadbook/index.html',
  'file:///index.html',
  'about:blank',
  '',
])('a main frame that shows %s is refused', async (url) => {
  const frame = { url };
  const strange = { ...contents, mainFrame: frame };
  attachRouter(
    strange as unknown as Contents,
    Promise.resolve({ 'app.state': called } as unknown as Handlers),
    silent,
  );
  expect(await call({ sender: strange, senderFrame: frame })).toMatchObject({
    ok: false,
    error: { code: 'ipc.bad_sender' },
  });
  expect(called).not.toHaveBeenCalled();
});

test('events go to a window only while it exists', () => {
  const emit = emitTo(contents as unknown as Contents);
  emit('command', { name: 'search.open' });
  expect(contents.send).toHaveBeenCalledWith('roadbook:event', 'command', { name: 'search.open' });
  emitTo({ ...contents, isDestroyed: () => true } as unknown as Contents)('command', { name: 'x' });
  expect(contents.send).toHaveBeenCalledOnce();
});

function fakeSession() {
  const hooks: Record<string, (...args: never[]) => unknown> = {};
  const keep = (name: string) => (hook: (...args: never[]) => unknown) => {
    hooks[name] = hook;
  };
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    setSpellCheckerEnabled: vi.fn(),
    webRequest: { onBeforeRequest: keep('web') },
  });
  return { session, hooks: hooks as Record<string, (...args: unknown[]) => unknown> };
}

test('a session gives no permission, no device, no download and no network', () => {
  const { session, hooks } = fakeSession();
  hardenSession(session as unknown as Parameters<typeof hardenSession>[0], silent);
  for (const permission of ['geolocation', 'media', 'notifications', 'clipboard-read', 'openExternal']) {
    const answer = vi.fn();
    hooks.request?.({}, permission, answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(hooks.check?.({}, permission)).toBe(false);
  }
  expect(hooks.device?.({})).toBe(false);
  expect(session.setSpellCheckerEnabled).toHaveBeenCalledWith(false);
  const preventDefault = vi.fn();
  session.emit('will-download', { preventDefault });
  expect(preventDefault).toHaveBeenCalled();
  for (const [url, cancel] of [
    ['app://roadbook/index.html', false],
    ['https://example.com/', true],
    ['file:///etc/passwd', true],
    ['ws://127.0.0.1/', true],
  ] as const) {
    const answer = vi.fn();
    hooks.web?.({ url }, answer);
    expect(answer, url).toHaveBeenCalledWith({ cancel });
  }
});

test('a page goes nowhere, opens nothing and embeds nothing', () => {
  let opens: () => unknown = () => undefined;
  const page = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: () => unknown) => {
      opens = handler;
    },
  });
  hardenContents(page as unknown as Parameters<typeof hardenContents>[0], silent);
  for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
    const preventDefault = vi.fn();
    page.emit(event, { preventDefault, url: 'app://roadbook/index.html' });
    expect(preventDefault, event).toHaveBeenCalled();
  }
  const preventDefault = vi.fn();
  page.emit('will-frame-navigate', { preventDefault, url: 'https://example.com/' });
  expect(preventDefault).toHaveBeenCalled();
  expect(opens()).toEqual({ action: 'deny' });
});

test('a page whose process died is loaded again, but not for ever', () => {
  const page = Object.assign(new EventEmitter(), { reload: vi.fn() });
  let now = 0;
  reviveWindow(page as unknown as Parameters<typeof reviveWindow>[0], silent, () => now);
  page.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
  expect(page.reload).not.toHaveBeenCalled();
  for (let death = 0; death < 5; death += 1) {
    page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
  }
  expect(page.reload).toHaveBeenCalledTimes(3);
  now = 120_000;
  page.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
  expect(page.reload).toHaveBeenCalledTimes(4);
});
