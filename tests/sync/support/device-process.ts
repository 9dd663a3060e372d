import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { collections } from '../../../electron/records/collections.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import type { StoredSession } from '../../../electron/records/stored-session.ts';
import { openWorkspace } from '../../../electron/records/workspace.ts';
import { silent } from '../../../electron/shell/log.ts';
import { openStore } from '../../../electron/store/open.ts';
import { workerUrl } from '../../factories/store-thread.ts';

// A device in a process of its own, so that a test can kill it at any moment. Before each commit of a page it says "page"
// and waits for a line: however busy the machine is, it is never further than the test knows.
const [folder = '', key = '', pageRows = '50'] = process.argv.slice(2);

const store = await openStore({
  file: profileFiles(folder).store,
  key: Buffer.from(key, 'hex'),
  create: false,
  collections,
  owner: 'test device',
  workerUrl,
});
const lines = createInterface({ input: process.stdin });
// Whoever would let it go on is gone.
lines.once('close', () => process.exit(1));
const { commit } = store;
store.commit = async (change) => {
  if (change.memberships !== undefined) {
    const mayGoOn = new Promise((done) => lines.once('line', done));
    process.stdout.write('page\n');
    await mayGoOn;
  }
  return commit(change);
};
await openWorkspace({
  store,
  stored: (await store.value('session')) as StoredSession,
  files: profileFiles(folder),
  now: Date.now,
  random: (length) => new Uint8Array(randomBytes(length)),
  log: silent,
  emit: () => undefined,
  transport: fetch,
  pageRows: Number(pageRows),
});
