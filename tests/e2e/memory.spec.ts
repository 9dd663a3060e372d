import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openWithPassphrase } from '../../electron/keys/keys.ts';
import { keyNeedles, lookIntoProcess } from '../security/support/memory.ts';
import { type Needle, needlesOf } from '../security/support/needles.ts';
import { Entry } from './pages/entry.ts';
import { Shell } from './pages/shell.ts';
import { ask } from './support/bridge.ts';
import type { Device } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { canaries } from './support/secrets.ts';

const PASSPHRASE = 'the mill wheel turns at dusk';
const NEXT = 'the mill wheel stands at dawn';

// What this proves. The memory of the main process, threads, native code and freed memory included, holds the data key
// in none of its forms once the records are locked. The heap snapshot holds every object that JavaScript can still
// reach there, but neither the bytes of buffers nor what was freed: it proves that no text of the records is kept, not
// that freed memory was overwritten. The window's process is a new page after locking; entry.spec.ts looks at it.

/** What of the needles stands in a heap snapshot of the main process. */
async function inSnapshot(device: Device, needles: readonly Needle[]): Promise<string[]> {
  const file = join(device.laptop.base, 'main.heapsnapshot');
  await device.app.evaluate((_electron, path) => {
    process.getBuiltinModule('v8').writeHeapSnapshot(path);
  }, file);
  const bytes = readFileSync(file);
  rmSync(file);
  return needles.filter((needle) => bytes.includes(needle.bytes)).map(({ text, form }) => `${text}: ${form}`);
}

test('after locking the main process holds the data key in no form, and no text of the records', async ({
  demo,
  device: newDevice,
}) => {
  // biome-ignore lint/suspicious/noSkippedTests: only where there is no /proc, and it says so
  test.skip(process.platform !== 'linux', 'another process is looked into through /proc');
  const device = newDevice('memory', { server: demo.url });
  const page = await device.start();
  const words = canaries(['account', 'edited', 'control'] as const);
  await new Entry(page).firstRun(demo.person('rep'), PASSPHRASE);
  const { id } = await ask(page, 'record.create', {
    collection: 'accounts',
    values: { name: words.account },
  });
  await ask(page, 'record.update', { collection: 'accounts', id, values: { industry: words.edited } });
  await ask(page, 'keys.changePassphrase', { passphrase: PASSPHRASE, newPassphrase: NEXT });
  await ask(page, 'keys.newRecoveryCode', { passphrase: NEXT });
  await ask(page, 'keys.confirmRecoveryCode', {});

  const key = await openWithPassphrase(join(device.laptop.profile, 'keys.json'), NEXT);
  const keyForms = keyNeedles(key);
  const pid = device.app.process().pid ?? 0;
  const seen = () => lookIntoProcess(pid, keyForms).map(({ form, times }) => `${form} ${times} times`);
  // A look that finds nothing while SQLite holds the key would be none.
  expect(seen().join()).toContain('raw');

  await new Shell(page).lock();
  await new Entry(page).unlock('the mill wheel in the night');
  await expect(new Entry(page).passphrase).toHaveAccessibleDescription(/does not open this device/);
  // The thread of the store ends a moment after the screen says that it is locked.
  await expect.poll(seen, { timeout: 60_000 }).toEqual([]);

  await device.app.evaluate((_electron, control) => {
    Reflect.set(globalThis, 'planted', [control]);
  }, words.control);
  const control = needlesOf([words.control]).filter(({ form }) => form === 'utf-8');
  expect(await inSnapshot(device, control)).toEqual([`${words.control}: utf-8`]);
  expect(await inSnapshot(device, [...keyForms, ...needlesOf([words.account, words.edited])])).toEqual([]);
});
