import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, routes } from '../../../shared/sync/wire.ts';
import { Bed } from '../lib/bed.ts';
import { device } from '../lib/device.ts';
import { beside } from '../lib/loop.ts';
import { median, percentile, timed } from '../lib/measure.ts';
import { barePulls } from '../lib/pages.ts';
import { RawLog } from '../lib/raw-log.ts';
import { RawStore } from '../lib/raw-store.ts';
import type { Server } from '../lib/server.ts';
import { editOf } from '../store/writes.ts';
import { begin, type Scene } from './scene.ts';

const EDITS = 1_000;
const LIVE = 20;
const ASKS = 5;

/** What a day in the field makes of it: edits without a network, their way up, and on to a colleague. */
export async function edits(scene: Scene): Promise<void> {
  const { server, folder, report, rows } = scene;
  const anna = device();
  const ben = device();
  try {
    await anna.do('begin', begin(server, join(folder, 'anna'), 'anna'));
    await ben.do('begin', begin(server, join(folder, 'ben'), 'ben'));
    await noChange(scene, anna);
    await visible(scene, anna, ben);

    const count = Math.min(EDITS, rows);
    const made = await anna.do('offline', { count });
    report.add({
      name: 'sync.offline_edits',
      value: (count / made.millis) * 1000,
      unit: 'edits/s',
      better: 'higher',
      yardstick: (count / (await rawEdits(scene, count))) * 1000,
      yardstickName: 'raw aegis, the same rows, one transaction an edit',
      runs: 1,
    });
    const { result: pushed, delay } = await beside(() => anna.do('push', {}));
    const raw = rawPush(join(folder, 'log.sqlite'), count);
    const yardstickName = 'raw SQLite, as many edits a transaction';
    report.add({
      name: 'sync.push',
      value: (count / pushed.millis) * 1000,
      unit: 'edits/s',
      better: 'higher',
      yardstick: (count / raw) * 1000,
      yardstickName,
      runs: 1,
    });
    report.add(
      {
        name: 'sync.push_1000',
        value: (pushed.millis / count) * EDITS,
        unit: 'ms',
        better: 'lower',
        yardstick: (raw / count) * EDITS,
        yardstickName,
        runs: 1,
      },
      { of: 'value', atMost: 1_000 },
    );
    report.add(
      {
        name: 'sync.push.loop_delay_max',
        value: pushed.delayMax,
        unit: 'ms',
        better: 'lower',
        yardstick: delay.delayMax,
        yardstickName: 'a process that only watches, meanwhile',
        runs: 1,
      },
      { of: 'value', atMost: 50 },
    );
  } finally {
    await anna.stop();
    await ben.stop();
  }
}

/** A sync that finds nothing. */
async function noChange({ server, pages, report }: Scene, anna: ReturnType<typeof device>): Promise<void> {
  const quiet = await anna.do('quiet', {});
  const asked = await barePulls(server, pages, ASKS);
  const units = { bytes: 'bytes', requests: 'requests', millis: 'ms' } as const;
  for (const [what, unit] of Object.entries(units) as [keyof typeof units, string][]) {
    report.add(
      {
        name: what === 'millis' ? 'sync.no_change' : `sync.no_change.${what}`,
        value: quiet[what],
        unit,
        better: 'lower',
        yardstick: median(asked.map((one) => one[what])),
        yardstickName: 'one bare pull from where everything is known',
        runs: 1,
      },
      what === 'requests' ? { of: 'value', atMost: 1 } : undefined,
    );
  }
}

/** Milliseconds from a save on one device until another one has the value. */
async function visible(
  { server, report }: Scene,
  anna: ReturnType<typeof device>,
  ben: ReturnType<typeof device>,
): Promise<void> {
  const { ids } = await anna.do('ids', { count: LIVE });
  const waits: number[] = [];
  for (const [index, id] of ids.entries()) {
    const value = `Visible ${index}`;
    const seen = ben.do('watch', { id, value });
    const { at } = await anna.do('edit', { id, value });
    waits.push((await seen).at - at);
  }
  const echo = await echoes(server);
  for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95 })) {
    report.add(
      {
        name: `sync.edit_to_visible.${name}`,
        value: percentile(waits, share),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(echo, share) * 2,
        yardstickName: 'two empty requests to the same server',
        runs: waits.length,
      },
      name === 'p95' ? { of: 'value', atMost: 100 } : undefined,
    );
  }
}

async function echoes(server: Server): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < LIVE; index += 1) {
    samples.push(await timed(async () => (await fetch(server.url + routes.hello)).text()));
  }
  return samples;
}

/** Milliseconds of as many edits in raw encrypted SQLite: row, words, chained history, outbox. */
async function rawEdits({ folder, rows, seed }: Scene, count: number): Promise<number> {
  const own = join(folder, 'raw-edits');
  mkdirSync(own);
  const bed = new Bed(own, rows, seed);
  const raw = new RawStore(bed.file(), randomBytes(32), await bed.layout(), true);
  try {
    for (const docs of bed.batches()) raw.insert(docs);
    raw.index();
    const made = bed.docs.slice(0, count).map(editOf);
    return await timed(() => {
      for (const { doc, entry, mutation } of made) raw.edit(doc, entry, mutation);
    });
  } finally {
    raw.close();
  }
}

function rawPush(file: string, count: number): number {
  const ids = Array.from({ length: count }, (_, index) => String(index));
  const raw = new RawLog(
    file,
    ids.map((id) => ({ id, json: JSON.stringify({ id, body: { title: '' } }) })),
  );
  const groups = ids.map((record, index) => ({
    id: record,
    mutations: [{ id: record, record, field: 'title', value: `Buyer ${index}` }],
  }));
  const start = performance.now();
  raw.apply(groups as unknown as Group[]);
  const millis = performance.now() - start;
  raw.close();
  return millis;
}
