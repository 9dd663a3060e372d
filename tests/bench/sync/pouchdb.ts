import { join } from 'node:path';
import type { Synced } from '../children/device.ts';
import { child } from '../lib/child.ts';
import { device } from '../lib/device.ts';
import { interleaved, median } from '../lib/measure.ts';
import { begin, type Scene } from './scene.ts';

interface Replicated {
  readonly rows: number;
  readonly millis: number;
}

/** The peer: PouchDB that fetches the same rows from a PouchDB on the same machine. */
export async function pouchdb({ server, folder, pages, report, runs }: Scene): Promise<void> {
  const peer = child<{ port: number; rows: number }>('pouch-server', [
    pages.file,
    join(folder, 'pouch-server'),
  ]);
  try {
    const { port, rows } = await peer.next();
    const ours = async (run: number) => {
      const one = device();
      const synced: Synced = await one.do(
        'begin',
        begin(server, join(folder, `beside-pouchdb-${run}`), 'anna'),
      );
      await one.do('close', {});
      await one.stop();
      return (synced.rows / (synced.rowsAt - synced.startedAt)) * 1000;
    };
    const theirs = async (run: number) => {
      const url = `http://127.0.0.1:${port}/contacts`;
      const one = child<'ready' | Replicated>('pouch-device', [url, join(folder, `pouch-device-${run}`)]);
      try {
        await one.next();
        const done = one.next();
        one.send({});
        const answer = (await done) as Replicated;
        if (answer.rows !== rows) throw new Error(`PouchDB has ${answer.rows} of ${rows} rows`);
        return (answer.rows / answer.millis) * 1000;
      } finally {
        await one.stop();
      }
    };
    const pair = await interleaved(runs, ours, theirs);
    report.add({
      name: 'sync.pouchdb.initial',
      value: median(pair.ours),
      unit: 'rows/s',
      better: 'higher',
      yardstick: median(pair.theirs),
      yardstickName: 'PouchDB 9 from a PouchDB server, nothing encrypted or fsynced',
      runs,
    });
  } finally {
    await peer.stop();
  }
}
