import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bed } from './lib/bed.ts';
import { type Desktop, flags, runtime, screen } from './lib/desktop.ts';
import { Report } from './lib/figure.ts';
import { beside, type LoopDelay } from './lib/loop.ts';
import { machineLine } from './lib/machine.ts';
import { median, percentile } from './lib/measure.ts';
import { pssOfTree } from './lib/memory.ts';
import { inScratch, options } from './lib/options.ts';
import { download, rawSync } from './lib/pages.ts';
import { seed, startServer } from './lib/server.ts';
import { type ColdStart, coldStart, firstSync, LIST_ROW, startApp, startEmpty } from './ui/app.ts';
import { frameTimes, jumpTimes } from './ui/scrolling.ts';

const { rows, runs, seed: from, out, wanted } = options('ui');
const STARTS = 2 * runs + 1;
const SETTLE = 3_000;
const JUMPS = 20;
const TWICE = { of: 'ratio', atMost: 2 } as const;

const report = new Report('ui');
console.log(machineLine());
console.log(
  `Electron ${runtime().electronVersion}, flags on both sides: ${flags.join(' ')}; ${rows.toLocaleString('en-US')} contacts; files in the system's cache`,
);
const closeScreen = await screen();
try {
  await inScratch(async (folder) => {
    const profile = join(folder, 'profile');
    const empty = join(folder, 'empty');
    mkdirSync(profile);
    await fill(profile, join(folder, 'server'));
    if (wanted('start')) await starts(profile, empty);
    if (wanted('scroll')) await lists(profile, empty);
  });
} finally {
  closeScreen();
}
report.finish(out);

/** The first sync of a real app; its main process's event loop is watched from the inside. */
async function fill(profile: string, data: string): Promise<void> {
  await seed(data, rows, from);
  const server = await startServer(data);
  const app = await startApp(profile, server.url, ['--inspect=0']);
  try {
    await app.main?.evaluate(`{
      const { monitorEventLoopDelay } = process.getBuiltinModule('perf_hooks');
      globalThis.benchLoop = monitorEventLoopDelay({ resolution: 1 });
    }`);
    const watched = app.page.shownAt('#root *').then(() => app.main?.evaluate('benchLoop.enable()'));
    const { result, delay: idle } = await beside(() => firstSync(app, server));
    await watched;
    if (!wanted('first_sync')) return;
    const delay = (await app.main?.evaluate(
      `({ delayMax: benchLoop.max / 1e6 - 1, delayP99: benchLoop.percentile(99) / 1e6 - 1 })`,
    )) as LoopDelay;
    const pages = await download(server, `${data}-pages`);
    const bed = new Bed(data, 1, from);
    const raw = await rawSync({
      ...{ pages: pages.file, tenant: pages.tenant, layout: await bed.layout(), indexed: true },
      ...{ file: bed.file(), key: randomBytes(32) },
    });
    const shared = { better: 'lower', unit: 'ms', runs: 1 } as const;
    const watching = { ...shared, yardstickName: 'a process that only watches, meanwhile' };
    report.add({
      ...shared,
      name: 'ui.first_sync',
      value: result.millis,
      yardstick: raw.millis,
      yardstickName: 'parse and raw insert of the same pages, with words and indexes',
    });
    report.add(
      {
        ...watching,
        name: 'ui.first_sync.loop_delay_max',
        value: delay.delayMax,
        yardstick: idle.delayMax,
      },
      { of: 'value', atMost: 50 },
    );
    report.add({
      ...watching,
      name: 'ui.first_sync.loop_delay_p99',
      value: delay.delayP99,
      yardstick: idle.delayP99,
    });
  } finally {
    await app.stop();
    await server.stop();
  }
}

/** Offline, as on most mornings in the field. A and B in turn; the first of each is not counted. */
async function starts(profile: string, empty: string): Promise<void> {
  const ours: (ColdStart & { memory: number })[] = [];
  const theirs: { window: number; memory: number }[] = [];
  const one = async () => {
    const app = await startApp(profile, '');
    try {
      return { ...(await coldStart(app)), memory: await settled(app) };
    } finally {
      await app.stop();
    }
  };
  const other = async () => {
    const app = await startEmpty(empty);
    try {
      const window = (await app.page.firstPaintAt()) - app.startedAt;
      return { window, memory: await settled(app) };
    } finally {
      await app.stop();
    }
  };
  await one();
  await other();
  for (let run = 0; run < STARTS; run += 1) {
    ours.push(await one());
    theirs.push(await other());
  }
  const yardstick = median(theirs.map(({ window }) => window));
  const steps = {
    window: 'ui.start.window',
    unlock: 'ui.start.unlock_screen',
    list: 'ui.start.usable_list',
  } as const;
  for (const [step, name] of Object.entries(steps) as [keyof ColdStart, string][]) {
    report.add(
      {
        name,
        value: median(ours.map((start) => start[step])),
        unit: 'ms',
        better: 'lower',
        yardstick,
        yardstickName: 'empty Electron window, painted',
        runs: STARTS,
      },
      step === 'list' ? TWICE : undefined,
    );
  }
  report.add({
    name: 'ui.memory',
    value: median(ours.map(({ memory }) => memory)),
    unit: 'MB',
    better: 'lower',
    yardstick: median(theirs.map(({ memory }) => memory)),
    yardstickName: 'empty Electron app, all processes',
    runs: STARTS,
  });
}

async function settled(app: Desktop): Promise<number> {
  await new Promise((done) => setTimeout(done, SETTLE));
  return pssOfTree(app.pid);
}

/** Scrolling through all contacts, against a list that does nothing but scroll. */
async function lists(profile: string, empty: string): Promise<void> {
  const app = await startApp(profile, '');
  let ours: number[];
  let jumps: number[];
  try {
    await coldStart(app);
    await app.page.evaluate(`document.querySelector('button[title="Contacts"]').click()`);
    await app.page.shownAt(`[aria-rowcount="${rows + 1}"] ${LIST_ROW}`);
    await frameTimes(app.page, LIST_ROW);
    ours = await frameTimes(app.page, LIST_ROW);
    jumps = await jumpTimes(app.page, LIST_ROW, JUMPS);
  } finally {
    await app.stop();
  }
  const plain = await startEmpty(empty, 'list.html');
  let theirs: number[];
  let theirJumps: number[];
  try {
    await plain.page.shownAt('.row');
    await frameTimes(plain.page, '.row');
    theirs = await frameTimes(plain.page, '.row');
    theirJumps = await jumpTimes(plain.page, '.row', JUMPS);
  } finally {
    await plain.stop();
  }
  for (const [name, share] of Object.entries({ p50: 0.5, p99: 0.99 })) {
    report.add({
      name: `ui.scroll.frame_${name}`,
      value: percentile(ours, share),
      unit: 'ms',
      better: 'lower',
      yardstick: percentile(theirs, share),
      yardstickName: 'an empty virtual list',
      runs: ours.length,
    });
  }
  report.add({
    name: 'ui.scroll.jump_p95',
    value: percentile(jumps, 0.95),
    unit: 'ms',
    better: 'lower',
    yardstick: percentile(theirJumps, 0.95),
    yardstickName: 'an empty virtual list',
    runs: jumps.length,
  });
}
