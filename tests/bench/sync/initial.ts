import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Synced } from '../children/device.ts';
import type { RawSynced } from '../children/raw-sync.ts';
import { Bed } from '../lib/bed.ts';
import { device } from '../lib/device.ts';
import { beside, type LoopDelay } from '../lib/loop.ts';
import { interleaved, median } from '../lib/measure.ts';
import { rawSync } from '../lib/pages.ts';
import { begin, type Scene } from './scene.ts';

/** From an empty store to all rows, then to all words. */
export async function initial({ server, folder, pages, report, runs, seed }: Scene): Promise<void> {
  const bed = new Bed(folder, 1, seed);
  const layout = await bed.layout();
  const synced: Synced[] = [];
  const idle: LoopDelay[] = [];
  const rawOnly: RawSynced[] = [];
  const ours = async (run: number) => {
    const one = device();
    const { result: answer, delay } = await beside(() =>
      one.do('begin', begin(server, join(folder, `device-${run}`), 'anna')),
    );
    idle.push(delay);
    await one.do('close', {});
    await one.stop();
    synced.push(answer);
    return answer.rowsAt - answer.startedAt;
  };
  const raw = (indexed: boolean) =>
    rawSync({
      ...{ pages: pages.file, tenant: pages.tenant, layout, indexed },
      ...{ file: bed.file(), key: randomBytes(32) },
    });
  const { ours: rowsIn, theirs: rawRows } = await interleaved(runs, ours, async () => {
    const answer = await raw(false);
    rawOnly.push(answer);
    return answer.millis;
  });
  const rawAll = (await raw(true)).millis;
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
  report.add({
    name: 'sync.initial.until_usable',
    value: median(synced.map((one) => one.usableAt - one.startedAt)),
    unit: 'ms',
    better: 'lower',
    yardstick: median(rawOnly.map((one) => one.usableMillis)),
    yardstickName: 'parse, raw insert and a list page of the first pages',
    runs,
  });
  const idleName = 'a process that only watches, meanwhile';
  report.add(
    {
      name: 'sync.initial.loop_delay_max',
      value: Math.max(...synced.map((one) => one.delayMax)),
      unit: 'ms',
      better: 'lower',
      yardstick: Math.max(...idle.map((one) => one.delayMax)),
      yardstickName: idleName,
      runs,
    },
    { of: 'value', atMost: 50 },
  );
  report.add({
    name: 'sync.initial.loop_delay_p99',
    value: median(synced.map((one) => one.delayP99)),
    unit: 'ms',
    better: 'lower',
    yardstick: median(idle.map((one) => one.delayP99)),
    yardstickName: idleName,
    runs,
  });
  report.add({
    name: 'sync.initial.bytes_per_row',
    value: bytes / count,
    unit: 'bytes',
    better: 'lower',
    yardstick: pages.rowBytes / pages.rows,
    yardstickName: 'the rows alone, as JSON',
    runs,
  });
}
