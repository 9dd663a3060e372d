import { expect, test } from '@playwright/test';
import { Device } from './support/device.ts';

// What comes over the bridge, and for whom. The page here plays an attacker who has found a way to run code in the window.

let device: Device;

test.beforeAll(async () => {
  device = new Device('bridge');
  await device.start();
  await expect(device.page.getByRole('heading', { level: 1 })).toBeVisible();
});

test.afterAll(() => device.dispose());

const call = (name: string, input: unknown) =>
  device.page.evaluate(
    ([method, payload]) => {
      const bridge = Reflect.get(window, 'roadbook') as {
        call(
          name: unknown,
          input: unknown,
        ): Promise<{ ok: boolean; error?: { code: string; message: string } }>;
      };
      return bridge.call(method, payload);
    },
    [name, input] as const,
  );

test('the bridge has two functions, and a page can change neither', async () => {
  const bridge = await device.page.evaluate(() => {
    const before = Reflect.get(window, 'roadbook') as object;
    const keys = Object.keys(before);
    Reflect.set(before, 'call', () => 'mine');
    Reflect.set(window, 'roadbook', { call: () => 'mine' });
    return { keys, same: Reflect.get(window, 'roadbook') === before, frozen: Object.isFrozen(before) };
  });
  expect(bridge).toEqual({ keys: ['call', 'on'], same: true, frozen: true });
});

test('an unknown method is refused by its code, also one that every object has', async () => {
  for (const name of ['no.such', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(await call(name, {}), name).toMatchObject({ ok: false, error: { code: 'ipc.unknown_method' } });
  }
});

test('a payload that does not fit its schema is refused before anything looks at it', async () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ['app.state', { more: 1 }],
    ['app.state', null],
    ['app.state', 'text'],
    ['app.unlock', { passphrase: 7 }],
    ['app.unlock', { passphrase: 'x'.repeat(2000) }],
    ['app.signIn', { server: 'x', email: 'y' }],
    ['view.open', { collection: 'deals', filters: [{ field: 'name', op: 'drop table' }], sort: [] }],
    ['view.rows', { viewId: 'v', from: -1, count: 10 }],
    ['view.rows', { viewId: 'v', from: 0, count: 100_000 }],
    ['record.get', { collection: 'deals', id: 'x'.repeat(99) }],
    ['record.get', { collection: 'deals', id: '../../etc' }],
    ['search.query', { text: 'x'.repeat(300), limit: 10 }],
    ['preferences.set', { theme: 'red', density: 'dense' }],
  ];
  for (const [name, input] of bad) {
    const answer = await call(name, input);
    expect(answer.ok, `${name} ${JSON.stringify(input)?.slice(0, 80)}`).toBe(false);
    expect(answer.error?.code).toBe('request.invalid');
  }
});

test('before unlocking, no method hands out a record', async () => {
  const id = '01890000-0000-7000-8000-000000000000';
  const asked: readonly (readonly [string, unknown])[] = [
    ['view.open', { collection: 'deals', filters: [], sort: [] }],
    ['record.get', { collection: 'deals', id }],
    ['record.create', { collection: 'accounts', values: { name: 'x' } }],
    ['search.query', { text: 'a', limit: 10 }],
    ['audit.rows', { filter: {}, from: 0, count: 10 }],
    ['counts.get', {}],
    ['tables.get', {}],
    ['app.draftKey', {}],
  ];
  for (const [name, input] of asked) {
    expect(await call(name, input), name).toMatchObject({ ok: false, error: { code: 'store.closed' } });
  }
});

test('a page that is not Roadbook gets no answer through the same bridge', async () => {
  const answer = await device.app.evaluate(async ({ BrowserWindow }) => {
    const [own] = BrowserWindow.getAllWindows();
    const contents = own?.webContents as unknown as { getLastWebPreferences(): { preload: string } };
    const { preload } = contents.getLastWebPreferences();
    // No window of Roadbook can be brought to show another page, so the main process plays the part.
    const foreign = new BrowserWindow({ show: false, webPreferences: { preload, partition: 'foreign' } });
    try {
      await foreign.loadURL('data:text/html,<title>foreign</title>');
      return await foreign.webContents.executeJavaScript(
        `window.roadbook ? window.roadbook.call('app.state', {}).catch((error) => String(error)) : 'no bridge'`,
      );
    } finally {
      foreign.destroy();
    }
  });
  if (answer !== 'no bridge') expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.bad_sender' } });
});

test('a frame inside the window gets no bridge and no answer', async () => {
  const bridge = await device.page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const inner = frame.contentWindow;
    const type = inner === null ? 'no window' : typeof Reflect.get(inner, 'roadbook');
    frame.remove();
    return type;
  });
  expect(bridge).toBe('undefined');
});
