import { collections } from '../../../electron/records/collections.ts';
import { type Context, values } from '../../../electron/records/context.ts';
import { Inbox } from '../../../electron/records/inbox.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import { Records } from '../../../electron/records/records.ts';
import type { StoredSession } from '../../../electron/records/stored-session.ts';
import type { Log } from '../../../electron/shell/log.ts';
import type { Commit, StoreApi } from '../../../electron/store/contract.ts';
import { openStore } from '../../../electron/store/open.ts';
import { SyncEngine } from '../../../electron/sync/engine.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { HybridClock } from '../../../shared/sync/hlc.ts';
import type { Mutation } from '../../../shared/sync/wire.ts';
import { workerUrl } from '../../factories/store-thread.ts';
import { act } from '../acts.ts';
import { KEY } from '../company.ts';
import { Chance } from '../random.ts';
import { Line } from './line.ts';
import type { Birth, Order, Reply, Told } from './messages.ts';

// A device in a process of its own: the store in its thread, and the sync client with its loop, its live stream and
// its tokens, over real sockets. Whoever started it tells it what to do, and kills it.

const born = JSON.parse(process.argv[2] ?? '') as Birth;
const names = [born.seed, born.index, born.life] as const;
const chance = new Chance('device process', ...names);

/** Resolves when the message has left this process: what is told before a commit is known whatever happens then. */
const tell = (told: Told): Promise<void> =>
  new Promise((done, fail) => process.send?.(told, (error: Error | null) => (error ? fail(error) : done())));
const say = (told: Told): void => void tell(told).catch(() => process.exit());
const note = (name: string): void => say({ told: 'count', name });

let { skew, full } = born;
const now = () => Date.now() + skew;
const random = (length: number) => chance.bytes(length);

/** What happens at which call of the store. */
let planned: { calls: number; readonly run: () => void }[] = [];
function called(): void {
  for (const one of planned) one.calls -= 1;
  const due = planned.filter(({ calls }) => calls <= 0);
  planned = planned.filter(({ calls }) => calls > 0);
  for (const { run } of due) run();
}

async function commit(store: StoreApi, change: Commit) {
  if (full > 0) {
    full -= 1;
    note('disk full');
    throw new RoadbookError('store.disk_full');
  }
  const made = (change.outbox ?? []).map(({ id, group, mutation }) => ({
    id,
    said: { group, mutation: mutation as Mutation },
  }));
  const held = (change.settle ?? []).filter(({ state }) => state === 'quarantined').map(({ id }) => id);
  const left = (change.purge ?? []).map(({ collection, id }) => `${collection} ${id}`);
  if (made.length + held.length + left.length > 0) {
    await tell({ told: 'making', made: made.map(({ said }) => said), held, left });
  }
  const result = await store.commit(change);
  if (made.length > 0) say({ told: 'saved', ids: made.map(({ id }) => id) });
  return result;
}

/** The store, with everything that can happen to its calls. */
function struck(store: StoreApi): StoreApi {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'on' || name === 'close') return member;
      return (...args: unknown[]) => {
        called();
        return name === 'commit' ? commit(target, args[0] as Commit) : Reflect.apply(member, target, args);
      };
    },
  });
}

const log: Log = {
  info: note,
  warn(event) {
    note(event);
    // It heals itself, but nothing here has damaged anything.
    if (event === 'sync.differs') say({ told: 'wrong', what: `digests differ on device ${born.index}` });
  },
  error(event, error) {
    note(event);
    if (!(error instanceof RoadbookError)) say({ told: 'wrong', what: `${event}: ${whole(error)}` });
  },
};
const whole = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const opened = await openStore({
  file: profileFiles(born.folder).store,
  key: KEY,
  create: false,
  collections,
  owner: 'simulator',
  workerUrl,
});
const store = struck(opened);
const session = (await opened.value(values.session)) as StoredSession;
const stamp = (await opened.value(values.clock)) as string | undefined;
const clock = new HybridClock(session.device.id, now, stamp ?? undefined);
const line = new Line(born.line, ['line', ...names], note, (pushed) => say({ told: 'pushed', ...pushed }));
const user = { ...session.user };
const sync = new SyncEngine({
  store,
  transport: line.transport,
  session,
  clock,
  now,
  random,
  log,
  needYou: () => 0,
  changed: () => undefined,
  became: (by) => Object.assign(user, by),
  withdrew: () => note('withdrawal'),
  pageRows: 7,
});
await sync.load();
const context: Context = {
  store,
  user,
  device: session.device,
  clock,
  now,
  random,
  isOffline: () => sync.isOffline,
  saved: () => sync.saved(),
};
const records = new Records(context);
const desk = { store, context, records, inbox: new Inbox(context, records) };

/** Somebody does something; what is not allowed or has no room is no fault. */
async function doSomething(dice: number): Promise<void> {
  const counts: Record<string, number> = {};
  try {
    await act(desk, new Chance(dice), counts);
  } catch (error) {
    if (error instanceof RoadbookError) note('act refused');
    else say({ told: 'wrong', what: `an act threw ${whole(error)}` });
  }
  for (const name of Object.keys(counts)) note(name);
}

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'act':
      return doSomething(order.chance);
    case 'amid':
      planned.push({ calls: order.calls, run: () => void doSomething(order.chance) });
      return;
    case 'doom':
      planned.push({ calls: order.calls, run: () => process.kill(process.pid, 'SIGKILL') });
      return;
    case 'full':
      full += order.commits;
      return;
    case 'skew':
      skew = order.millis;
      return;
    case 'line':
      return line.become(order.line);
    case 'echo':
      return line.echo(new Chance(order.chance));
    case 'sync':
      return sync.hurry();
    case 'settle':
      await sync.now();
      return;
    case 'sign-in':
      return sync.signedInAgain(order.session);
    case 'spare':
      planned = [];
      full = 0;
      return;
    case 'stop':
      await sync.stop();
      return opened.close();
  }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  obey(order).then(
    () => {
      const reply: Reply = { order: id, status: sync.status() };
      process.send?.(reply);
      if (order.do === 'stop') process.disconnect();
    },
    (error: unknown) => say({ told: 'wrong', what: `${order.do}: ${whole(error)}` }),
  );
});
process.once('disconnect', () => process.exit());
sync.start();
say({ told: 'ready' });
