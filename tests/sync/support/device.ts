import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emit } from '../../../electron/ipc/contract.ts';
import { collections } from '../../../electron/records/collections.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import { type StoredSession, signedIn } from '../../../electron/records/stored-session.ts';
import { openWorkspace, type Workspace } from '../../../electron/records/workspace.ts';
import { type Log, silent } from '../../../electron/shell/log.ts';
import type { StoreApi } from '../../../electron/store/contract.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { RecordRow, ViewRequest } from '../../../shared/ipc/records.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import type { TestServer } from '../../factories/server.ts';
import { workerUrl } from '../../factories/store-thread.ts';
import { type TestNetwork, testNetwork } from './network.ts';
import { until } from './until.ts';

export { workerUrl };

export interface TestDevice {
  readonly folder: string;
  readonly network: TestNetwork;
  readonly session: StoredSession;
  readonly key: Uint8Array;
  workspace: Workspace;
  store: StoreApi;
  /** Every row of a list. */
  all(collection: string, filters?: ViewRequest['filters']): Promise<RecordRow[]>;
  get(collection: string, id: string): Promise<RecordRow>;
  update(collection: string, id: string, values: Record<string, unknown>): Promise<RecordRow>;
  /** One exchange that must go well; leaves nothing waiting. */
  sync(): Promise<void>;
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
  /** Opens what was closed, or what another process left behind. */
  reopen(): Promise<void>;
  /** Closes the store in order and opens it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface DeviceOptions {
  readonly name?: string;
  readonly now?: () => number;
  readonly pageRows?: number;
  readonly log?: Log;
  /** Hears what the window would be told. */
  readonly emit?: Emit;
  /** Hears when the server takes the person for something else. */
  readonly became?: (user: SessionUser) => void;
  /** Whether its person syncs by hand at the moment. */
  readonly byHand?: () => boolean;
  /** False: the first sync is not waited for. */
  readonly wait?: boolean;
}

/** A signed-in device with a real store in a folder of its own, synced once unless told otherwise. */
export async function startDevice(
  server: TestServer,
  person: { email: string; password: string },
  options: DeviceOptions = {},
): Promise<TestDevice> {
  const now = options.now ?? Date.now;
  const signed = await server.signIn(person, { name: options.name ?? 'Laptop' });
  const session = signedIn(server.url, { id: signed.device.id, name: signed.device.name }, signed, now());
  const folder = mkdtempSync(join(tmpdir(), 'roadbook-device-'));
  mkdirSync(folder, { recursive: true });
  const key = new Uint8Array(randomBytes(32));
  const network = testNetwork();

  const open = async (create: boolean) => {
    const store = await openStore({
      file: profileFiles(folder).store,
      key,
      create,
      collections,
      owner: 'test device',
      workerUrl,
    });
    if (create) await store.commit({ values: { session } });
    const stored = (await store.value('session')) as StoredSession;
    const workspace = await openWorkspace({
      store,
      stored,
      files: profileFiles(folder),
      now,
      random: (length) => new Uint8Array(randomBytes(length)),
      log: options.log ?? silent,
      emit: options.emit ?? (() => undefined),
      transport: network.transport,
      ...(options.byHand === undefined ? {} : { byHand: options.byHand }),
      ...(options.became === undefined ? {} : { became: options.became }),
      ...(options.pageRows === undefined ? {} : { pageRows: options.pageRows }),
    });
    return { store, workspace };
  };

  const opened = await open(true);
  const device: TestDevice = {
    folder,
    network,
    session,
    key,
    ...opened,
    async all(collection, filters = []) {
      const { lists } = device.workspace;
      const view = await lists.open({ collection, filters, sort: [{ field: 'name', direction: 'asc' }] });
      const { rows } = await lists.rows(view.viewId, 0, 500);
      await lists.close(view.viewId);
      return rows;
    },
    get: async (collection, id) => (await device.workspace.pages.get(collection, id)).row,
    update: (collection, id, values) => device.workspace.pages.update(collection, id, values),
    async sync() {
      const status = await device.workspace.sync.now();
      if (status.state !== 'online') {
        throw new Error(`sync ended ${status.state}: ${status.error?.code ?? 'no error'}`);
      }
    },
    async goOffline() {
      network.cut();
      await until(
        'the device notices that it is offline',
        () => device.workspace.sync.status().state === 'offline',
      );
    },
    async goOnline() {
      network.mend();
      await device.sync();
    },
    async restart() {
      await device.workspace.stop();
      await device.store.close();
      await device.reopen();
    },
    async reopen() {
      Object.assign(device, await open(false));
    },
    async close() {
      await device.workspace.stop();
      await device.store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.wait !== false) {
    await until('the first sync is done', () => device.workspace.sync.status().verifiedAt !== null);
  }
  return device;
}
