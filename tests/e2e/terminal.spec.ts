import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Entry } from './pages/entry.ts';
import { ask } from './support/bridge.ts';
import { expect, test } from './support/fixtures.ts';
import { Network } from './support/network.ts';
import { until } from './support/until.ts';

const PASSPHRASE = 'seven lanterns along the quay';

test('a terminal that goes away takes nothing along: Roadbook runs on, keeps what is made, and has nothing to report', async ({
  demo,
  device: newDevice,
}) => {
  const network = await Network.to(demo.port);
  const device = newDevice('terminal', { server: network.url });
  await device.start();
  await new Entry(device.page).firstRun(demo.person('rep'), PASSPHRASE);
  await network.cut();

  const { stdout, stderr, pid } = device.app.process();
  stdout?.destroy();
  stderr?.destroy();
  // Each line is written before the next one, so that the end of the pipe has been met when the last is answered.
  const codes = await device.app.evaluate(async () => {
    const line = (stream: NodeJS.WriteStream) =>
      new Promise<string>((done) => {
        stream.write('to nobody\n', (error) => done((error as { code?: string } | null)?.code ?? 'written'));
      });
    const met: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      for (let lines = 0; lines < 3; lines += 1) met.push(await line(stream));
    }
    return met;
  });
  expect(codes).toContain('EPIPE');

  await ask(device.page, 'record.create', {
    collection: 'accounts',
    values: { name: 'Lantern & Daughters' },
  });
  expect(device.pids()).toContain(pid);
  const log = join(device.laptop.profile, 'logs', 'roadbook.log');
  await until(() => readFileSync(log, 'utf8').includes('app.started'), { what: 'the log to be written' });
  expect(readFileSync(log, 'utf8')).not.toMatch(/app\.(uncaught|unhandled)/);
  await device.quit();

  const page = await device.start();
  await new Entry(page).open(PASSPHRASE);
  const found = await ask(page, 'search.query', { text: 'Lantern & Daughters', limit: 5 });
  expect(found.hits).toHaveLength(1);
  expect((await ask(page, 'sync.status', {})).waiting).toBeGreaterThan(0);
  await network.close();
});
