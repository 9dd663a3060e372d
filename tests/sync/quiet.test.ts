import { expect, test } from 'vitest';
import { routes } from '../../shared/sync/wire.ts';
import { company } from './support/company.ts';
import type { TestDevice } from './support/device.ts';

/** What a sync asks the server for. */
async function askedBy(device: TestDevice, work: () => Promise<unknown>): Promise<string[]> {
  const before = device.network.asked.length;
  await work();
  // The live stream comes and goes by itself, and so do tokens.
  return device.network.asked
    .slice(before)
    .filter((path) => ([routes.push, routes.pull, routes.report] as string[]).includes(path));
}

test('a sync that finds nothing new is a pull and nothing else', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.workspace.pages.create('accounts', { name: 'Anker Gasthof' });
  await a.sync();
  await a.sync();
  // Should it have synced by itself meanwhile, that was a pull, too.
  expect(new Set(await askedBy(a, () => a.sync()))).toEqual(new Set([routes.pull]));
});

test('a report that the server may not have heard is made again, whatever there is to say', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.sync();
  await a.sync();
  await a.workspace.pages.create('accounts', { name: 'Anker Gasthof' });
  a.network.loseAnswer(routes.report);
  const asked = await askedBy(a, async () => {
    await a.workspace.sync.now();
    await a.sync();
  });
  expect(asked.filter((path) => path === routes.report).length).toBeGreaterThan(1);
  expect(await askedBy(a, () => a.sync())).not.toContain(routes.report);
});
