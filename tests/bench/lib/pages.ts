import { appendFileSync } from 'node:fs';
import { type Checkpoint, type PullResponse, routes } from '../../../shared/sync/wire.ts';
import type { RawSync, RawSynced } from '../children/raw-sync.ts';
import { child } from './child.ts';
import { client, people, post, type Server, signIn } from './server.ts';

const PAGE = 1_000;

/** Every page of a first sync as the server sends it, kept for the yardsticks. */
export interface Pages {
  readonly file: string;
  readonly tenant: string;
  readonly rows: number;
  /** Bytes of the rows alone, as JSON. */
  readonly rowBytes: number;
  /** Where a device that has them all stands. */
  readonly checkpoint: Checkpoint;
}

export async function download(server: Server, file: string): Promise<Pages> {
  const { response } = await signIn(server.url, people.ada.email);
  const token = response.accessToken;
  let checkpoint: PullResponse['checkpoint'] | null = null;
  let rows = 0;
  let rowBytes = 0;
  for (;;) {
    const text = await pullOnce(server, token, checkpoint);
    appendFileSync(file, `${text}\n`);
    const page: PullResponse = JSON.parse(text);
    rows += page.rows.length;
    for (const row of page.rows) rowBytes += Buffer.byteLength(JSON.stringify(row));
    checkpoint = page.checkpoint;
    if (!page.more) return { file, tenant: response.user.tenant, rows, rowBytes, checkpoint };
  }
}

async function pullOnce(server: Server, token: string, checkpoint: Checkpoint | null): Promise<string> {
  const request = { ...client(), checkpoint, limit: PAGE };
  return (await post(server.url + routes.pull, request, token)).text();
}

export interface Asked {
  readonly millis: number;
  /** Of both bodies, before compression. */
  readonly bytes: number;
  readonly requests: number;
}

/** The least that tells whether anything is new: one pull from where everything is known. */
export async function barePulls(server: Server, { checkpoint }: Pages, times: number): Promise<Asked[]> {
  const { response } = await signIn(server.url, people.ada.email);
  const asked: Asked[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    const text = await pullOnce(server, response.accessToken, checkpoint);
    const millis = performance.now() - start;
    const body = JSON.stringify({ ...client(), checkpoint, limit: PAGE });
    asked.push({ millis, bytes: Buffer.byteLength(body) + Buffer.byteLength(text), requests: 1 });
  }
  return asked;
}

/** The same rows, parsed and put into raw encrypted SQLite by a process of its own. */
export async function rawSync(order: RawSync): Promise<RawSynced> {
  const one = child<RawSynced>('raw-sync');
  await one.next();
  one.send(order);
  const answer = await one.next();
  await one.stop();
  return answer;
}
