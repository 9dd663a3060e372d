import { RoadbookError } from '../../shared/errors.ts';
import type { SearchResult } from '../../shared/ipc/records.ts';
import { HybridClock } from '../../shared/sync/hlc.ts';
import type { RandomBytes } from '../../shared/sync/ids.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { Emit } from '../ipc/contract.ts';
import type { Log } from '../shell/log.ts';
import type { StoreApi } from '../store/contract.ts';
import type { Transport } from '../sync/api.ts';
import { SyncEngine } from '../sync/engine.ts';
import { Act } from './acts.ts';
import { Audit } from './audit.ts';
import { type Context, values } from './context.ts';
import { DeviceBackups } from './device-backups.ts';
import { Inbox } from './inbox.ts';
import { Lists } from './lists.ts';
import { Live } from './live.ts';
import { Marks } from './marks.ts';
import { dueByDay, NoticeKeeper } from './notice.ts';
import { Pages } from './pages.ts';
import type { ProfileFiles } from './profile.ts';
import { Records } from './records.ts';
import { searchEverything } from './search.ts';
import type { Running } from './session-parts.ts';
import type { StoredSession } from './stored-session.ts';
import { Tables } from './tables.ts';
import { Withdrawn } from './withdrawn.ts';

export interface WorkspaceParts {
  readonly store: StoreApi;
  readonly stored: StoredSession;
  readonly files: ProfileFiles;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly emit: Emit;
  readonly transport: Transport;
  /** Nothing travels before the person asks. */
  readonly byHand?: () => boolean;
  /** The server takes this person for something else by now: role, team or territory have changed. */
  readonly became?: (user: SessionUser) => void;
  /** Something came as an order to this device; not yet checked. */
  readonly ordered?: (order: unknown) => void;
  /** This device leaves the company, and nothing waits on it any more. */
  readonly drained?: () => void;
  /** Rows wanted in one page of a pull. */
  readonly pageRows?: number;
}

/** Everything that works on the open store, for as long as it is open. */
export interface Workspace extends Running {
  readonly lists: Lists;
  readonly pages: Pages;
  readonly audit: Audit;
  readonly inbox: Inbox;
  readonly tables: Tables;
  readonly sync: SyncEngine;
  readonly backups: DeviceBackups;
  readonly withdrawn: Withdrawn;
  search(query: { text: string; collections?: string[] | undefined; limit: number }): Promise<SearchResult>;
}

/** Puts the parts together over an open store and starts to sync. */
export async function openWorkspace(parts: WorkspaceParts): Promise<Workspace> {
  const { store, stored, now, random, log, emit } = parts;
  const failed = (error: unknown) => log.error('workspace.failed', error);
  const stamp = (await store.value(values.clock)) as string | undefined;
  const clock = new HybridClock(stored.device.id, now, stamp ?? undefined);
  const marks = new Marks(store, stored.user.id);
  const notice = new NoticeKeeper(parts.files);
  // One object for all parts: what changes in it holds for the next act of any of them.
  const user: SessionUser = { ...stored.user };
  const withdrawn = new Withdrawn(store);
  const backups = new DeviceBackups({ store, files: parts.files, now, log });
  const clearBackups = async () => {
    const upTo = await withdrawn.backupsUpTo();
    if (upTo === 0) return;
    await backups.replace(upTo);
    await withdrawn.backupsCleared(upTo);
  };
  let clearing = Promise.resolve();
  const clearBackupsSoon = () => {
    clearing = clearing
      .then(clearBackups)
      .catch((error: unknown) => (stopping ? undefined : log.error('backup.not_replaced', error)));
  };
  let stopping = false;
  const sync = new SyncEngine({
    store,
    transport: parts.transport,
    ...(parts.byHand === undefined ? {} : { byHand: parts.byHand }),
    now,
    random,
    log,
    session: stored,
    clock,
    ...(parts.pageRows === undefined ? {} : { pageRows: parts.pageRows }),
    ...(parts.ordered === undefined ? {} : { ordered: parts.ordered }),
    ...(parts.drained === undefined ? {} : { drained: parts.drained }),
    needYou: () => marks.needYou,
    changed: (status) => {
      emit('sync.status', status);
      notice.keep({ waiting: status.waiting }).catch(failed);
    },
    became: (now) => {
      Object.assign(user, now);
      parts.became?.(now);
    },
    withdrew: () => {
      emit('records.withdrawn', {});
      clearBackupsSoon();
    },
  });
  await Promise.all([marks.load(), sync.load()]);
  const context: Context = {
    store: untilStopped(store, () => stopping),
    user,
    device: stored.device,
    clock,
    now,
    random,
    isOffline: () => sync.isOffline,
    saved: () => sync.saved(),
  };
  const tables = new Tables(store, failed);
  const live = new Live(store, stored.device.id);
  // On a new device there is no list to hurry for, and everything is about to change.
  const following = later(sync.firstSyncDone ? FOLLOW_AFTER : 0, () =>
    Promise.all([
      marks.follow(live, () => sync.announce(), failed),
      tables.follow(live, () => emit('tables.changed', {}), failed),
    ]).catch((error: unknown) => (stopping ? undefined : failed(error))),
  );
  const lists = new Lists(context, marks, (opening, share) => emit('view.opening', { opening, share }));
  const records = new Records(context);
  const forward = forwardEvents(store, lists, emit, failed);
  sync.start();
  backups.start(clearBackups);
  clearBackupsSoon();
  return {
    store,
    lists,
    pages: new Pages(context, records, lists, marks),
    audit: new Audit(context, lists),
    inbox: new Inbox(context, records),
    tables,
    sync,
    backups,
    withdrawn,
    verifiedBackup: (id, signal) => backups.verified(id, signal),
    firstSyncDone: sync.firstSyncDone,
    search: (query) => searchEverything(context, lists, query),
    event: async (kind) => {
      const act = new Act(context);
      act.event(kind, {});
      // What has happened has happened: a full disk that takes no entry must not undo it or keep records open.
      await store.commit(act.commit()).catch((error: unknown) => log.error('event.unnoted', error, { kind }));
    },
    signedInAgain: async (session) => {
      Object.assign(user, session.user);
      await sync.signedInAgain(session);
    },
    startWorking: () => sync.startWorking(),
    askToLeave: () => sync.askToLeave(),
    leave: () => sync.leave(),
    stop: async () => {
      stopping = true;
      forward.stop();
      await dueByDay(store, stored.user.id, now()).then((due) => notice.keep({ due }), failed);
      await sync.stop();
      await backups.stop();
      await clearing;
      marks.stop();
      tables.stop();
      await following.stop();
      await live.close();
    },
  };
}

/** The store as acts see it: from the moment at which it is being stopped, nothing is saved that nobody would send. */
function untilStopped(store: StoreApi, stopped: () => boolean): StoreApi {
  const commit: StoreApi['commit'] = async (change) => {
    if (stopped()) throw new RoadbookError('store.closed');
    return store.commit(change);
  };
  return new Proxy(store, {
    get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)),
  });
}

/** Milliseconds before changes are followed: what was read first stands until then, and the first list has the machine. */
const FOLLOW_AFTER = 500;

function later(millis: number, task: () => Promise<unknown>) {
  let running: Promise<unknown> | undefined;
  const timer = setTimeout(() => {
    running = task();
  }, millis);
  return {
    async stop() {
      clearTimeout(timer);
      await running;
    },
  };
}

/** Counts are asked for at most this often while rows stream in. */
const COUNTS_MS = 250;

/** What the store tells, as the window hears it. */
function forwardEvents(store: StoreApi, lists: Lists, emit: Emit, failed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  const counts = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      store
        .counts()
        .then((found) => emit('counts.changed', { counts: found }))
        .catch(failed);
    }, COUNTS_MS);
  };
  const off = store.on((event) => {
    switch (event.type) {
      case 'view':
        if (lists.has(event.view.viewId)) emit('view.changed', { ...event.view });
        break;
      case 'rows':
        emit('records.changed', { collection: event.collection, ids: [...event.ids] });
        counts();
        break;
      case 'history':
        emit('audit.changed', { total: event.total });
        break;
      case 'search-complete':
      case 'preparing':
        break;
    }
  });
  return {
    stop() {
      off();
      clearTimeout(timer);
    },
  };
}
