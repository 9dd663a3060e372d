import { setTimeout as delay } from 'node:timers/promises';
import { prepareStore } from '../../../electron/store/open.ts';
import { type Bed, megabytes, openOurs, workerUrl } from '../lib/bed.ts';
import { child } from '../lib/child.ts';
import type { Report } from '../lib/figure.ts';
import { interleaved, median, timed } from '../lib/measure.ts';
import { pssOfTree } from '../lib/memory.ts';

const OPENS = 7;
/** Milliseconds after which a thread that was started ahead has loaded its code on any machine that is worth measuring. */
const THREAD_STARTS = 400;

export interface Files {
  readonly ours: string;
  readonly raw: string;
}

/** What happens before the clock runs, and what opens a side and says how to close it. */
interface Sides {
  readonly before?: () => Promise<void>;
  readonly ours: () => Promise<() => Promise<void>>;
  readonly raw: () => Promise<() => Promise<void>>;
}

/**
 * From the key to the first answer, and to the first page of a list; the thread was started ahead, as the app does
 * while the passphrase is typed. Once more with the start of the thread. The files are in the system's cache.
 */
export async function opens(bed: Bed, report: Report, files: Files): Promise<void> {
  await bed.layout();
  const prepared = async () => {
    prepareStore(workerUrl);
    await delay(THREAD_STARTS);
  };
  const steps: Record<string, Sides> = {
    open: {
      before: prepared,
      ours: async () => {
        const store = await openOurs(files.ours, bed.key, false);
        return () => store.close();
      },
      raw: async () => {
        const raw = await bed.openRaw(files.raw, false);
        return async () => raw.close();
      },
    },
    open_with_thread: {
      ours: async () => {
        const store = await openOurs(files.ours, bed.key, false);
        return () => store.close();
      },
      raw: async () => {
        const raw = await bed.openRaw(files.raw, false);
        return async () => raw.close();
      },
    },
    open_to_list: {
      before: prepared,
      ours: async () => {
        const store = await openOurs(files.ours, bed.key, false);
        const sort = [{ path: 'name', direction: 'asc' as const }];
        const { viewId } = await store.openView({ collection: 'contacts', selector: {}, sort });
        await store.viewRows(viewId, 0, 50);
        return () => store.close();
      },
      raw: async () => {
        const raw = await bed.openRaw(files.raw, false);
        raw.page(0);
        return async () => raw.close();
      },
    },
  };
  for (const [name, { before, ours, raw }] of Object.entries(steps)) {
    const once = async (open: () => Promise<() => Promise<void>>) => {
      let close: () => Promise<void> = async () => undefined;
      const millis = await timed(async () => {
        close = await open();
      });
      await close();
      return millis;
    };
    await once(ours);
    await once(raw);
    const pair = await interleaved(
      OPENS,
      async () => {
        await before?.();
        return once(ours);
      },
      () => once(raw),
    );
    report.add(
      {
        name: `store.${name}`,
        value: median(pair.ours),
        unit: 'ms',
        better: 'lower',
        yardstick: median(pair.theirs),
        yardstickName: 'raw aegis in the same thread',
        runs: OPENS,
      },
      before && { of: 'ratio', atMost: 1.5 },
    );
  }
}

/** What a process takes that has looked through the list and searched, and what lies on the disk. */
export async function sizes(bed: Bed, report: Report, files: Files): Promise<void> {
  const memory = async (side: keyof Files) => {
    const looker = child<'ready' | 'done'>('looker');
    try {
      await looker.next();
      looker.send({
        side,
        file: files[side],
        key: bed.key,
        layout: await bed.layout(),
        rows: bed.ids.length,
      });
      await looker.next();
      return pssOfTree(looker.pid);
    } finally {
      await looker.stop();
    }
  };
  report.add(
    {
      name: 'store.memory',
      value: await memory('ours'),
      unit: 'MB',
      better: 'lower',
      yardstick: await memory('raw'),
      yardstickName: 'a process with raw aegis, same pages read',
      runs: 1,
    },
    { of: 'value', atMost: 200 },
  );
  report.add({
    name: 'store.file_size',
    value: megabytes(files.ours),
    unit: 'MB',
    better: 'lower',
    yardstick: megabytes(files.raw),
    yardstickName: 'raw aegis file',
    runs: 1,
  });
}
