import { randomBytes } from 'node:crypto';
import type { Preferences } from '../shared/ipc.ts';
import type { Emit, Handlers } from './ipc/contract.ts';
import { createHandlers } from './ipc/handlers.ts';
import { loadArgon2 } from './keys/wrap.ts';
import { collections } from './records/collections.ts';
import { createKeyRing } from './records/keyring.ts';
import { profileFiles } from './records/profile.ts';
import { Session } from './records/session.ts';
import { openWorkspace, type Workspace } from './records/workspace.ts';
import { diagnosticsText } from './shell/diagnostics.ts';
import { systemKeychain } from './shell/keychain.ts';
import { type Log, lastLines } from './shell/log.ts';
import { throughProxies } from './shell/proxy.ts';
import { Backups, listBackups } from './store/backup/backups.ts';

export interface ServiceParts {
  readonly profile: string;
  readonly server: string;
  readonly sqliteBinding: string | undefined;
  readonly workerUrl: URL;
  readonly version: string;
  readonly logs: string;
  readonly log: Log;
  readonly emit: Emit;
  readonly preferences: { get(): Preferences; set(next: Preferences): Preferences };
  readonly clearWindow: () => void;
  /** Takes everything from the window and from what it has stored. */
  readonly emptyWindow: () => Promise<void>;
  /** What the system says about the way to an address. */
  readonly resolveProxy: (url: string) => Promise<string>;
  readonly openFolder: (folder: string) => Promise<void>;
  readonly copyText: (text: string) => void;
}

export interface Services {
  readonly handlers: Handlers;
  /** The page begins anew: what it had open is closed, what it showed once is shown again. */
  windowLoading(): Promise<void>;
  /** The first screen is there: what a key will need is made ready while a person reads and types. */
  painted(): void;
  isOpen(): boolean;
  /** Closes the records and clears the window, as when the person locks. */
  lock(): Promise<void>;
  /** The machine woke up: the network may be another one. */
  resumed(): void;
  quit(): Promise<void>;
}

const LOG_LINES = 200;

/** Puts the parts together: session, open records, sync, and the methods that the window calls. */
export async function startServices(parts: ServiceParts): Promise<Services> {
  const { log, emit } = parts;
  const now = Date.now;
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const keys = createKeyRing(systemKeychain, now);
  let workspace: Workspace | null = null;

  const files = profileFiles(parts.profile);
  const storeParts = (key: Uint8Array) => ({
    key,
    collections,
    // The chain hangs on a secret that only this store's key gives.
    owner: Buffer.from(keys.derive(key, 'audit chain')).toString('hex'),
    workerUrl: parts.workerUrl,
    ...(parts.sqliteBinding === undefined ? {} : { nativeBinding: parts.sqliteBinding }),
  });

  const expectStore = () => {
    Promise.all([import('./store/open.ts'), loadArgon2()])
      .then(([{ prepareStore }]) => prepareStore(parts.workerUrl, parts.sqliteBinding))
      .catch((error: unknown) => log.error('store.prepare_failed', error));
  };
  const transport = throughProxies({
    resolve: parts.resolveProxy,
    direct: fetch,
    chosen: (way) => log.info('sync.way', { way }),
  });
  const session = new Session({
    files,
    keys,
    openStore: async (key, how) => {
      const { openStore } = await import('./store/open.ts');
      return openStore({ ...storeParts(key), file: files.store, ...how });
    },
    openAside: async (file, key) => {
      const { openStore } = await import('./store/open.ts');
      return openStore({ ...storeParts(key), file, create: false, acceptOlder: true });
    },
    backups: (key) =>
      new Backups(files.backups, now, async (file) => {
        const { verifyStore } = await import('./store/verify.ts');
        await verifyStore({ ...storeParts(key), file });
      }),
    expectStore,
    logs: parts.logs,
    clearWindow: parts.clearWindow,
    emptyWindow: parts.emptyWindow,
    run: async (store, stored, became, orders) => {
      workspace = await openWorkspace({
        store,
        stored,
        files,
        now,
        random,
        log,
        emit,
        became,
        ...orders,
        transport,
        byHand: () => parts.preferences.get().sync === 'by-hand',
      });
      return workspace;
    },
    transport,
    now,
    random,
    log,
    suggestedServer: parts.server,
    version: parts.version,
    changed: (state) => {
      if (state.phase === 'locked' || state.phase === 'blocked' || state.phase === 'wiped') workspace = null;
      emit('app.state', state);
    },
  });
  await session.start();

  const handlers = createHandlers({
    session,
    workspace: () => {
      // Asks the session first, which knows whether the records are open.
      const running = session.running;
      if (workspace === null || running !== workspace)
        throw new Error('the session runs without its workspace');
      return workspace;
    },
    preferences: parts.preferences,
    preferencesChanged: () => workspace?.sync.modeChanged(),
    clearWindow: parts.clearWindow,
    listBackups: () => listBackups(files.backups),
    showLogs: () => parts.openFolder(parts.logs),
    diagnostics: async () => {
      const text = diagnosticsText({
        versions: {
          electron: process.versions.electron,
          chrome: process.versions.chrome,
          node: process.versions.node,
        },
        platform: process.platform,
        arch: process.arch,
        state: session.state(),
        sync: workspace?.sync.status() ?? null,
        counts: (await workspace?.store.counts()) ?? {},
        lines: lastLines(parts.logs, LOG_LINES),
        at: new Date(now()).toISOString(),
      });
      parts.copyText(text);
      return text;
    },
  });

  return {
    handlers,
    windowLoading: async () => {
      session.windowReloaded();
      await workspace?.lists.closeAll();
    },
    painted: () => {
      if (session.state().phase === 'locked') expectStore();
    },
    isOpen: () => session.isOpen,
    lock: async () => {
      await handlers['app.lock']({});
    },
    resumed: () => workspace?.sync.hurry(),
    quit: () => session.quit(),
  };
}
