// One device: the main process's own parts (store, session, sync client) in a process of their own, told what to do
// by messages. Its event loop is watched as the app's would be.
import { randomBytes } from 'node:crypto';
import { profileFiles } from '../../../electron/records/profile.ts';
import { signedIn } from '../../../electron/records/stored-session.ts';
import { openWorkspace, type Workspace } from '../../../electron/records/workspace.ts';
import type { Store } from '../../../electron/store/open.ts';
import type { SyncStatus } from '../../../shared/ipc/session.ts';
import { openOurs, settled } from '../lib/bed.ts';
import { type LoopDelay, watchLoop } from '../lib/loop.ts';
import { signIn } from '../lib/server.ts';
import { Wire } from '../lib/wire.ts';

/** Times are milliseconds since 1970, so that processes can be compared. */
export interface Synced extends LoopDelay {
  readonly startedAt: number;
  /** The first page of contacts was there, all rows were, all words and column indexes were. */
  readonly usableAt: number;
  readonly rowsAt: number;
  readonly settledAt: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface Orders {
  begin: { order: { folder: string; url: string; email: string; password: string }; answer: Synced };
  /** Changes `count` contacts while the network is away. */
  offline: { order: { count: number }; answer: { millis: number } };
  /** Gives the network back and waits until nothing waits. */
  push: { order: object; answer: LoopDelay & { millis: number } };
  ids: { order: { count: number }; answer: { ids: string[] } };
  edit: { order: { id: string; value: string }; answer: { at: number } };
  /** Answers when the contact has the value. */
  watch: { order: { id: string; value: string }; answer: { at: number } };
  quiet: { order: object; answer: { millis: number; bytes: number; requests: number } };
  close: { order: object; answer: object };
}

type Handlers = { [Name in keyof Orders]: (order: Orders[Name]['order']) => Promise<Orders[Name]['answer']> };

const now = () => performance.timeOrigin + performance.now();
const byName = { collection: 'contacts', filters: [], sort: [{ field: 'name', direction: 'asc' as const }] };
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event: string, error: unknown) => console.error(event, error),
};

const wire = new Wire();
let store: Store;
let workspace: Workspace;

const handlers: Handlers = {
  async begin({ folder, url, email, password }) {
    const { device, response } = await signIn(url, email, password);
    store = await openOurs(profileFiles(folder).store, randomBytes(32), true);
    const loop = watchLoop();
    const startedAt = now();
    const usable = firstPage();
    let verified: (at: number) => void = () => undefined;
    const arrived = new Promise<number>((done) => {
      verified = done;
    });
    workspace = await openWorkspace({
      store,
      stored: signedIn(url, { id: device, name: 'Bench device' }, response, Date.now()),
      files: profileFiles(folder),
      now: Date.now,
      random: (length) => new Uint8Array(randomBytes(length)),
      log,
      emit: (name, payload) => {
        if (name === 'sync.status' && (payload as SyncStatus).verifiedAt !== null) verified(now());
      },
      transport: wire.fetch,
    });
    const usableAt = await usable;
    const rowsAt = await arrived;
    const bytes = wire.bytes;
    await settled(store);
    const settledAt = now();
    const delay = loop.stop();
    const rows = Object.values(await store.counts()).reduce((sum, count) => sum + count, 0);
    return { startedAt, usableAt, rowsAt, settledAt, rows, bytes, ...delay };
  },
  async offline({ count }) {
    wire.online = false;
    await workspace.sync.now();
    const ids = await firstIds(count);
    const start = performance.now();
    for (const [index, id] of ids.entries()) {
      await workspace.pages.update('contacts', id, { title: `Buyer ${index}` });
    }
    return { millis: performance.now() - start };
  },
  async push() {
    wire.online = true;
    const loop = watchLoop();
    const start = performance.now();
    while ((await workspace.sync.now()).waiting > 0);
    return { millis: performance.now() - start, ...loop.stop() };
  },
  ids: async ({ count }) => ({ ids: await firstIds(count) }),
  async edit({ id, value }) {
    const at = now();
    await workspace.pages.update('contacts', id, { title: value });
    return { at };
  },
  watch: ({ id, value }) =>
    new Promise((done, fail) => {
      const off = store.on((event) => {
        if (event.type !== 'rows' || event.collection !== 'contacts' || !event.ids.includes(id)) return;
        workspace.pages.get('contacts', id).then(({ row }) => {
          if (row.body.title !== value) return;
          off();
          done({ at: now() });
        }, fail);
      });
    }),
  async quiet() {
    const { bytes, requests } = wire;
    const start = performance.now();
    await workspace.sync.now();
    return {
      millis: performance.now() - start,
      bytes: wire.bytes - bytes,
      requests: wire.requests - requests,
    };
  },
  async close() {
    await workspace.stop();
    await store.close();
    return {};
  },
};

/** When the first page of the contacts could be shown. */
function firstPage(): Promise<number> {
  return new Promise((done, fail) => {
    const off = store.on((event) => {
      if (event.type !== 'rows' || event.collection !== 'contacts') return;
      off();
      const show = async () => {
        const { viewId } = await workspace.lists.open(byName);
        const page = await workspace.lists.rows(viewId, 0, 50);
        if (page.rows.length === 0) throw new Error('The first page is empty.');
        done(now());
        await workspace.lists.close(viewId);
      };
      show().catch(fail);
    });
  });
}

async function firstIds(count: number): Promise<string[]> {
  const ids: string[] = [];
  const { viewId } = await workspace.lists.open(byName);
  while (ids.length < count) {
    const page = await workspace.lists.rows(viewId, ids.length, Math.min(500, count - ids.length));
    if (page.rows.length === 0) break;
    ids.push(...page.rows.map((row) => row.id));
  }
  await workspace.lists.close(viewId);
  return ids;
}

process.on('message', ({ name, order }: { name: keyof Orders; order: never }) => {
  handlers[name](order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String((error as Error).stack ?? error) }),
  );
});
process.once('disconnect', () => process.exit());
