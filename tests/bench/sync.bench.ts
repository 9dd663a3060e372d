import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, type PullResponse, routes } from '../../shared/sync/wire.ts';
import type { Synced } from './children/device.ts';
import { Bed } from './lib/bed.ts';
import { child } from './lib/child.ts';
import { device } from './lib/device.ts';
import { Report } from './lib/figure.ts';
import type { LoopDelay } from './lib/loop.ts';
import { machineLine } from './lib/machine.ts';
import { interleaved, median, percentile, timed } from './lib/measure.ts';
import { inScratch, options } from './lib/options.ts';
import { RawLog } from './lib/raw-log.ts';
import { client, PASSWORD, people, post, type Server, seed, signIn, startServer } from './lib/server.ts';

const { rows, runs, seed: from, out, only } = options();
const wanted = (group: string) => only.length === 0 || only.includes(group);
const EDITS = 1_000;
const LIVE = 20;
const PAGE = 1_000;

const report = new Report('sync');
console.log(machineLine());
console.log(`${rows.toLocaleString('en-US')} contacts from a real server process into an encrypted store`);
await inScratch(async (folder) => {
  const data = join(folder, 'server');
  await seed(data, rows, from);
  const server = await startServer(data);
  try {
    if (wanted('initial')) await initial(server, folder);
    if (wanted('edits')) await edits(server, folder);
  } finally {
    await server.stop();
  }
});
report.finish(out);

function begin(server: Server, folder: string, person: keyof typeof people) {
  mkdirSync(folder, { recursive: true });
  return { folder, url: server.url, email: people[person].email, password: PASSWORD };
}

/** From an empty store to all rows, then to all words. */
async function initial(server: Server, folder: string): Promise<void> {
  const pages = join(folder, 'pages');
  const tenant = await download(server, pages);
  const bed = new Bed(folder, 1, from);
  const layout = await bed.layout();
  const synced: Synced[] = [];
  const idle: LoopDelay[] = [];
  const ours = async (run: number) => {
    const one = device();
    const control = child<LoopDelay>('idle');
    await control.next();
    const answer = await one.do('begin', begin(server, join(folder, `device-${run}`), 'anna'));
    control.send({});
    idle.push(await control.next());
    await control.stop();
    await one.do('close', {});
    await one.stop();
    synced.push(answer);
    return answer.rowsAt - answer.startedAt;
  };
  const raw = (indexed: boolean) => async () => {
    const one = child<{ rows: number; millis: number }>('raw-sync');
    await one.next();
    one.send({ pages, file: bed.file(), key: randomBytes(32), layout, tenant, indexed });
    const { millis } = await one.next();
    await one.stop();
    return millis;
  };
  const { ours: rowsIn, theirs: rawRows } = await interleaved(runs, ours, raw(false));
  const rawAll = await raw(true)();
  const { rows: count, bytes } = synced[0] ?? { rows: 0, bytes: 0 };
  const yardstickName = 'parse and raw insert of the same pages';
  const rate = (millis: readonly number[]) => (count / median(millis)) * 1000;
  report.add({
    name: 'sync.initial',
    value: rate(rowsIn),
    unit: 'rows/s',
    better: 'higher',
    yardstick: rate(rawRows),
    yardstickName,
    runs,
  });
  report.add({
    name: 'sync.initial.until_search_complete',
    value: rate(synced.map((one) => one.settledAt - one.startedAt)),
    unit: 'rows/s',
    better: 'higher',
    yardstick: rate([rawAll]),
    yardstickName: `${yardstickName}, words and column indexes`,
    runs,
  });
  const alone = { yardstick: null, yardstickName: '', better: 'lower', runs } as const;
  report.add({
    ...alone,
    name: 'sync.initial.until_usable',
    value: median(synced.map((one) => one.usableAt - one.startedAt)),
    unit: 'ms',
  });
  const idleName = 'a process that only watches, meanwhile';
  report.add(
    {
      ...alone,
      name: 'sync.initial.loop_delay_max',
      value: Math.max(...synced.map((one) => one.delayMax)),
      unit: 'ms',
      yardstick: Math.max(...idle.map((one) => one.delayMax)),
      yardstickName: idleName,
    },
    { of: 'value', atMost: 50 },
  );
  report.add({
    ...alone,
    name: 'sync.initial.loop_delay_p99',
    value: median(synced.map((one) => one.delayP99)),
    unit: 'ms',
    yardstick: median(idle.map((one) => one.delayP99)),
    yardstickName: idleName,
  });
  report.add({ ...alone, name: 'sync.initial.bytes_per_row', value: bytes / count, unit: 'bytes' });
}

/** All pages as the server sends them, for the yardstick. */
async function download(server: Server, file: string): Promise<string> {
  const { response } = await signIn(server.url, people.ada.email);
  let checkpoint: PullResponse['checkpoint'] | null = null;
  for (;;) {
    const request = { ...client(), checkpoint, limit: PAGE };
    const text = await (await post(server.url + routes.pull, request, response.accessToken)).text();
    appendFileSync(file, `${text}\n`);
    const page: PullResponse = JSON.parse(text);
    checkpoint = page.checkpoint;
    if (!page.more) return response.user.tenant;
  }
}

/** What a day in the field makes of it: edits without a network, their way up, and on to a colleague. */
async function edits(server: Server, folder: string): Promise<void> {
  const anna = device();
  const ben = device();
  try {
    await anna.do('begin', begin(server, join(folder, 'anna'), 'anna'));
    await ben.do('begin', begin(server, join(folder, 'ben'), 'ben'));

    const quiet = await anna.do('quiet', {});
    const alone = { yardstick: null, yardstickName: '', better: 'lower', runs: 1 } as const;
    report.add({ ...alone, name: 'sync.no_change.bytes', value: quiet.bytes, unit: 'bytes' });
    report.add({ ...alone, name: 'sync.no_change.requests', value: quiet.requests, unit: 'requests' });
    report.add({ ...alone, name: 'sync.no_change', value: quiet.millis, unit: 'ms' });

    const waits = await live(anna, ben);
    const echo = await echoes(server);
    for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95 })) {
      report.add({
        name: `sync.edit_to_visible.${name}`,
        value: percentile(waits, share),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(echo, share) * 2,
        yardstickName: 'two empty requests to the same server',
        runs: waits.length,
      });
    }

    const count = Math.min(EDITS, rows);
    const made = await anna.do('offline', { count });
    const pushed = await anna.do('push', {});
    report.add({
      ...alone,
      name: 'sync.offline_edits',
      value: (count / made.millis) * 1000,
      unit: 'edits/s',
      better: 'higher',
    });
    report.add({
      name: 'sync.push',
      value: (count / pushed.millis) * 1000,
      unit: 'edits/s',
      better: 'higher',
      yardstick: (count / rawPush(join(folder, 'log.sqlite'), count)) * 1000,
      yardstickName: 'raw SQLite, as many edits a transaction',
      runs: 1,
    });
    report.add(
      { ...alone, name: 'sync.push.loop_delay_max', value: pushed.delayMax, unit: 'ms' },
      { of: 'value', atMost: 50 },
    );
  } finally {
    await anna.stop();
    await ben.stop();
  }
}

/** Milliseconds from a save on one device until another one has the value. */
async function live(anna: ReturnType<typeof device>, ben: ReturnType<typeof device>): Promise<number[]> {
  const { ids } = await anna.do('ids', { count: LIVE });
  const waits: number[] = [];
  for (const [index, id] of ids.entries()) {
    const value = `Visible ${index}`;
    const seen = ben.do('watch', { id, value });
    const { at } = await anna.do('edit', { id, value });
    waits.push((await seen).at - at);
  }
  return waits;
}

async function echoes(server: Server): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < LIVE; index += 1) {
    samples.push(await timed(async () => (await fetch(server.url + routes.hello)).text()));
  }
  return samples;
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
