import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import argon2 from 'argon2';
import { formatStamp } from '../../shared/sync/hlc.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { type Group, type PullResponse, type PushResponse, routes } from '../../shared/sync/wire.ts';
import { hashPassword } from '../../sync-server/auth/passwords.ts';
import { child } from './lib/child.ts';
import { Report } from './lib/figure.ts';
import { Client } from './lib/http.ts';
import { machineLine } from './lib/machine.ts';
import { interleaved, median, timed } from './lib/measure.ts';
import { pssOfTree } from './lib/memory.ts';
import { inScratch, options } from './lib/options.ts';
import { RawLog } from './lib/raw-log.ts';
import { client, PASSWORD, people, type Server, seed, signIn, startServer } from './lib/server.ts';

const { rows, runs, seed: from, out, wanted } = options('server');
const PAGE = 2_000;
const PUSHES = 5;
const GROUPS = 100;
const SIGN_INS = 24;

const report = new Report('server');
const http = new Client();

console.log(machineLine());
console.log(
  `${rows.toLocaleString('en-US')} contacts; both sides over loopback, no compression, synchronous=FULL`,
);
await inScratch(async (folder) => {
  const data = join(folder, 'server');
  await seed(data, rows, from);
  const server = await startServer(data);
  try {
    const { accessToken } = (await signIn(server.url, people.anna.email)).response;
    if (wanted('pull')) await pulls(server, accessToken, folder);
    if (wanted('push')) await pushes(server, accessToken, folder);
    if (wanted('sign_in')) await signIns(server);
  } finally {
    await server.stop();
  }
});
http.close();
report.finish(out);

/** Rows a second that one server process gives to one device, and the memory that it has taken by then. */
async function pulls(server: Server, token: string, folder: string): Promise<void> {
  const file = join(folder, 'pages');
  const pages = await pullAll(server, token, (text) => appendFileSync(file, `${text}\n`));
  const raw = child<number>('raw-server', [file]);
  try {
    const port = await raw.next();
    const rawAll = async () => {
      let count = 0;
      for (let page = 0; page < pages.pages; page += 1) {
        count += (await http.post(`http://127.0.0.1:${port}/${page}`, {})).bytes;
      }
      return count;
    };
    await rawAll();
    const { ours, theirs } = await interleaved(
      runs,
      () => timed(() => pullAll(server, token)),
      () => timed(rawAll),
    );
    report.add({
      name: 'server.pull',
      value: (pages.rows / median(ours)) * 1000,
      unit: 'rows/s',
      better: 'higher',
      yardstick: (pages.rows / median(theirs)) * 1000,
      yardstickName: 'JSON.stringify and send of the same pages',
      runs,
    });
    report.add({
      name: 'server.memory',
      value: pssOfTree(server.pid),
      unit: 'MB',
      better: 'lower',
      yardstick: pssOfTree(raw.pid),
      yardstickName: 'HTTP server with the same pages in memory',
      runs: 1,
    });
  } finally {
    await raw.stop();
  }
}

async function pullAll(server: Server, token: string, keep?: (text: string) => void) {
  let checkpoint: PullResponse['checkpoint'] | null = null;
  for (let pages = 1, count = 0; ; pages += 1) {
    const answer = await ask(server, routes.pull, { ...client(), checkpoint, limit: PAGE }, token);
    keep?.(answer);
    const page: PullResponse = JSON.parse(answer);
    count += page.rows.length;
    checkpoint = page.checkpoint;
    if (!page.more) return { pages, rows: count };
  }
}

async function ask(server: Server, route: string, body: unknown, token: string): Promise<string> {
  const answer = await http.post(server.url + route, body, { authorization: `Bearer ${token}` });
  if (answer.status !== 200) throw new Error(`${route} answered ${answer.status}: ${answer.text}`);
  return answer.text;
}

/** One-field edits a second, each a group with its own verdict: merged, numbered, chained and fsynced. */
async function pushes(server: Server, token: string, folder: string): Promise<void> {
  const first = await ask(server, routes.pull, { ...client(), checkpoint: null, limit: PAGE }, token);
  const page: PullResponse = JSON.parse(first);
  const contacts = page.rows.filter((row) => row.collection === 'contacts' || row.collection === 'accounts');
  const made = (run: number): Group[][] =>
    Array.from({ length: PUSHES }, (_, push) =>
      Array.from({ length: GROUPS }, (_, index) => {
        const row = contacts[(push * GROUPS + index) % contacts.length];
        if (!row) throw new Error('The server gave no contacts.');
        const now = Date.now();
        return {
          id: uuidv7(now, (length) => new Uint8Array(randomBytes(length))),
          mutations: [
            {
              id: uuidv7(now, (length) => new Uint8Array(randomBytes(length))),
              collection: row.collection,
              record: row.id,
              op: 'set' as const,
              field: 'description',
              base: row.body.description ?? null,
              baseRev: row.rev,
              value: `Called in run ${run}, asks for an offer.`,
              clock: formatStamp({ millis: now, counter: index, node: randomUUID() }),
              madeAt: new Date(now).toISOString(),
              offline: true,
            },
          ],
        };
      }),
    );
  const raw = new RawLog(
    join(folder, 'raw.sqlite'),
    page.rows.map((row) => ({ id: row.id, json: JSON.stringify(row) })),
  );
  const count = PUSHES * GROUPS;
  const { ours, theirs } = await interleaved(
    runs,
    async (run) => {
      const groups = made(run);
      return timed(async () => {
        for (const some of groups) {
          const body = { ...client(), epoch: page.checkpoint.epoch, groups: some };
          const answer: PushResponse = JSON.parse(await ask(server, routes.push, body, token));
          const accepted = answer.verdicts.filter(({ status }) => status === 'accepted').length;
          if (accepted !== some.length)
            throw new Error(`Only ${accepted} of ${some.length} groups were accepted.`);
        }
      });
    },
    async (run) => {
      const groups = made(run).flat();
      return timed(() => raw.apply(groups));
    },
  );
  raw.close();
  report.add({
    name: 'server.push',
    value: (count / median(ours)) * 1000,
    unit: 'groups/s',
    better: 'higher',
    yardstick: (count / median(theirs)) * 1000,
    yardstickName: 'raw SQLite, as many groups a transaction',
    runs,
  });
}

/** Sign-ins a second of one server process, four at a time: Argon2id is meant to be the bound. */
async function signIns(server: Server): Promise<void> {
  const hash = await hashPassword(PASSWORD);
  const four = async (work: () => Promise<unknown>) => {
    const lane = async () => {
      for (let index = 0; index < SIGN_INS / 4; index += 1) await work();
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
  };
  const { ours, theirs } = await interleaved(
    runs,
    () => timed(() => four(() => signIn(server.url, people.ben.email))),
    () => timed(() => four(() => argon2.verify(hash, PASSWORD))),
  );
  report.add({
    name: 'server.sign_in',
    value: (SIGN_INS / median(ours)) * 1000,
    unit: 'sign-ins/s',
    better: 'higher',
    yardstick: (SIGN_INS / median(theirs)) * 1000,
    yardstickName: 'Argon2id alone, four at a time',
    runs,
  });
}
