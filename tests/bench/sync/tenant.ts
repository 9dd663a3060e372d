import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, type PullResponse, routes } from '../../../shared/sync/wire.ts';
import { Client } from '../lib/http.ts';
import { interleaved, median } from '../lib/measure.ts';
import { client, people, type Server, seed, signIn, startServer } from '../lib/server.ts';
import { accountIds, pusher } from './pusher.ts';
import type { Scene } from './scene.ts';

const SMALLER = 10;
const CHANGES = 60;

/** The same change in a company and in one of a tenth of its size: what a pull costs must not depend on the rest. */
export async function tenant(scene: Scene): Promise<void> {
  const { server, report, rows, folder, seed: from } = scene;
  const data = join(folder, 'smaller');
  mkdirSync(data);
  await seed(data, Math.max(1, Math.round(rows / SMALLER)), from);
  const small = await startServer(data);
  try {
    const [ours, theirs] = [await reader(server), await reader(small)];
    const pair = await interleaved(CHANGES, ours.change, theirs.change);
    const yardstickName = 'the same change in a company of a tenth of the size';
    const add = (name: string, unit: string, value: number, yardstick: number) =>
      report.add(
        { name, value, unit, better: 'lower', yardstick, yardstickName, runs: CHANGES },
        { of: 'ratio', atMost: 1.25 },
      );
    add('sync.pull_one_change', 'ms', median(pair.ours), median(pair.theirs));
    add('sync.pull_one_change.bytes', 'bytes', ours.bytes(), theirs.bytes());
    ours.close();
    theirs.close();
  } finally {
    await small.stop();
  }
}

/** Somebody who is level with the server, and somebody else who changes an account. */
async function reader(server: Server) {
  const http = new Client();
  const { response } = await signIn(server.url, people.ben.email);
  const headers = { authorization: `Bearer ${response.accessToken}` };
  const push = await pusher(server);
  const ids = await accountIds(server);
  let checkpoint: Checkpoint | null = null;
  let bytes = 0;
  const pull = async (): Promise<PullResponse> => {
    const answer = await http.post(
      server.url + routes.pull,
      { ...client(), checkpoint, limit: 1_000 },
      headers,
    );
    if (answer.status !== 200) throw new Error(`a pull was answered with ${answer.status}: ${answer.text}`);
    const page: PullResponse = JSON.parse(answer.text);
    checkpoint = page.checkpoint;
    bytes = answer.bytes;
    return page;
  };
  while ((await pull()).more);
  return {
    /** Milliseconds of the pull that brings one change. */
    change: async (index: number): Promise<number> => {
      await push.edit(ids[index % ids.length] ?? '', `Changed ${index}`);
      const start = performance.now();
      const { rows } = await pull();
      const millis = performance.now() - start;
      if (rows.length !== 1) throw new Error(`one change brought ${rows.length} rows`);
      return millis;
    },
    bytes: () => bytes,
    close: () => {
      http.close();
      push.close();
    },
  };
}
