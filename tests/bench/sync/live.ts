import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { routes, type Tokens } from '../../../shared/sync/wire.ts';
import { Store } from '../../../sync-server/store/store.ts';
import type { Heard, ListenOrder } from '../children/listeners.ts';
import { type Child, child } from '../lib/child.ts';
import { percentile } from '../lib/measure.ts';
import { pssOfTree } from '../lib/memory.ts';
import { people, post, type Server, seed, startServer } from '../lib/server.ts';
import { accountIds, pusher } from './pusher.ts';
import type { Scene } from './scene.ts';

const DEVICES = 500;
const PUSHES = 20;
const CONTACTS = 1_000;
const BESIDE = 'a bare server that writes a line into as many open answers';

/**
 * Many devices that listen to one server process: what each of them costs, and how soon all of them hear of a change.
 * The server is one that has done nothing else, so that its memory is that of its listeners.
 */
export async function live({ report, folder, seed: from }: Scene): Promise<void> {
  const data = join(folder, 'listened-to');
  await seed(data, CONTACTS, from);
  const enrolled = await enrol(data, DEVICES);
  const server = await startServer(data);
  const ours = await listenTo(server, enrolled).finally(() => server.stop());
  const bare = await listenToBare();
  for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95 })) {
    report.add(
      {
        name: `sync.live_500.fan_out.${name}`,
        value: percentile(ours.waits, share),
        unit: 'ms',
        better: 'lower',
        yardstick: percentile(bare.waits, share),
        yardstickName: BESIDE,
        runs: ours.waits.length,
      },
      name === 'p95' ? { of: 'value', atMost: 250 } : undefined,
    );
  }
  report.add({
    name: 'sync.live_500.memory_per_device',
    value: ours.kilobytes,
    unit: 'kB',
    better: 'lower',
    yardstick: bare.kilobytes,
    yardstickName: BESIDE,
    runs: DEVICES,
  });
}

async function listenTo(server: Server, enrolled: readonly Enrolled[]): Promise<Listened> {
  const before = pssOfTree(server.pid);
  const tokens: string[] = [];
  for (const one of enrolled) {
    const answer = await post(server.url + routes.refresh, one);
    tokens.push(((await answer.json()) as Tokens).accessToken);
  }
  const push = await pusher(server);
  const ids = await accountIds(server);
  return fanOut(server.pid, before, {
    url: server.url + routes.live,
    headers: tokens.map((token) => ({ authorization: `Bearer ${token}` })),
    change: (index) => push.edit(ids[index % ids.length] ?? '', `Heard ${index}`),
  }).finally(() => push.close());
}

async function listenToBare(): Promise<Listened> {
  const raw = child<number>('raw-live');
  const port = await raw.next();
  const url = `http://127.0.0.1:${port}/`;
  return fanOut(raw.pid, pssOfTree(raw.pid), {
    url,
    headers: Array.from({ length: DEVICES }, () => ({})),
    change: async () => void (await (await fetch(url, { method: 'POST' })).text()),
  }).finally(() => raw.stop());
}

interface Listened {
  /** Milliseconds from the sending of a change until a stream has heard of it. */
  readonly waits: readonly number[];
  /** Of the server, for each stream; what the process took to get there counts. */
  readonly kilobytes: number;
}

interface Audience {
  readonly url: string;
  readonly headers: ListenOrder['headers'];
  /** Something that all of them are to hear of. */
  readonly change: (index: number) => Promise<void>;
}

/** @param before the process's memory when it had just started, in MB */
async function fanOut(pid: number, before: number, { url, headers, change }: Audience): Promise<Listened> {
  const listeners = child<string | Heard>('listeners');
  try {
    await listeners.next();
    // What the first changes cost once is not what a stream costs.
    for (let index = 0; index < 3; index += 1) await change(index);
    const opened = listeners.next();
    listeners.send({ url, headers });
    const told = await opened;
    if (told !== 'open') throw new Error(String(told));
    const waits: number[] = [];
    for (let index = 0; index < PUSHES; index += 1)
      waits.push(...(await oneChange(listeners, index + 3, change)));
    return { waits, kilobytes: ((pssOfTree(pid) - before) * 1024) / headers.length };
  } finally {
    await listeners.stop();
  }
}

async function oneChange(
  listeners: Child<string | Heard>,
  index: number,
  change: Audience['change'],
): Promise<number[]> {
  const armed = listeners.next();
  listeners.send('arm');
  await armed;
  const all = listeners.next();
  const at = performance.timeOrigin + performance.now();
  await change(index);
  return ((await all) as Heard).map((heard) => heard - at);
}

interface Enrolled {
  readonly device: string;
  readonly refreshToken: string;
}

/** As many devices of one person, enrolled without a password each, which would take most of the time. */
async function enrol(data: string, count: number): Promise<Enrolled[]> {
  const store = await Store.open({ data });
  const enrolled: Enrolled[] = [];
  try {
    const user = await store.accounts.userByEmail(people.ben.email);
    if (user === undefined) throw new Error('nobody is there to listen');
    for (let index = 0; index < count; index += 1) {
      const device = { id: randomUUID(), name: `Listener ${index}`, platform: 'linux', app: '0' };
      const { refreshToken } = await store.sessions.signIn(user, device, '');
      enrolled.push({ device: device.id, refreshToken });
    }
  } finally {
    await store.close();
  }
  return enrolled;
}
