import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { collections } from '../../../electron/records/collections.ts';
import { createKeyRing } from '../../../electron/records/keyring.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import { Session } from '../../../electron/records/session.ts';
import type { SessionParts } from '../../../electron/records/session-parts.ts';
import { openWorkspace, type Workspace } from '../../../electron/records/workspace.ts';
import { silent } from '../../../electron/shell/log.ts';
import { Backups } from '../../../electron/store/backup/backups.ts';
import { openStore } from '../../../electron/store/open.ts';
import { verifyStore } from '../../../electron/store/verify.ts';
import { startServer, type TestServer } from '../../factories/server.ts';
import { workerUrl } from '../../factories/store-thread.ts';
import { noKeychain } from '../../unit/keys/fake-keychain.ts';
import { end } from './end.ts';

export { workerUrl };
export const passphrase = 'a long passphrase for tests';
export const random = (length: number) => new Uint8Array(randomBytes(length));
export let server: TestServer;
export let person: { email: string; password: string };
export const folders: string[] = [];
export const sessions: Session[] = [];

beforeAll(async () => {
  server = await startServer();
  const { id } = await server.addCompany();
  person = await server.addPerson(id, { name: 'Ada' });
});

afterAll(async () => {
  await end(server, 'close');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.quit()));
});

export interface SessionDevice {
  readonly folder: string;
  readonly session: Session;
  workspace(): Workspace;
}

/** A session over a profile, as the app has it, without a window. */
export async function start(folder?: string, changes: Partial<SessionParts> = {}): Promise<SessionDevice> {
  const profile = folder ?? mkdtempSync(join(tmpdir(), 'roadbook-session-'));
  if (folder === undefined) folders.push(profile);
  const files = profileFiles(profile);
  let workspace: Workspace | undefined;
  const session = new Session({
    files,
    keys: createKeyRing(noKeychain, Date.now),
    openStore: (key, how) =>
      openStore({ file: files.store, key, ...how, collections, owner: 'test', workerUrl }),
    openAside: (file, key) =>
      openStore({ file, key, create: false, acceptOlder: true, collections, owner: 'test', workerUrl }),
    backups: (key) => new Backups(files.backups, Date.now, (file) => verifyStore({ file, key, workerUrl })),
    run: async (store, stored, became, orders) => {
      workspace = await openWorkspace({
        store,
        stored,
        files,
        now: Date.now,
        random,
        log: silent,
        emit: () => undefined,
        became,
        ...orders,
        transport: changes.transport ?? fetch,
      });
      return workspace;
    },
    transport: fetch,
    now: Date.now,
    random,
    log: silent,
    suggestedServer: '',
    version: '0.1.0',
    changed: () => undefined,
    ...changes,
  });
  sessions.push(session);
  await session.start();
  return {
    folder: profile,
    session,
    workspace: () => {
      if (workspace === undefined) throw new Error('nothing is open');
      return workspace;
    },
  };
}

export const signIn = ({ session }: SessionDevice) =>
  session.signIn(server.url, person.email, person.password);

/** A device that is set up, and then left as a program that has ended leaves it. */
export async function setUp(): Promise<{ folder: string; recoveryCode: string }> {
  const device = await start();
  await signIn(device);
  const { recoveryCode } = await device.session.createPassphrase(passphrase);
  await device.session.confirmRecovery();
  await device.session.quit();
  return { folder: device.folder, recoveryCode };
}
