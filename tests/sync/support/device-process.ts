import { randomBytes } from 'node:crypto';
import { collections } from '../../../electron/records/collections.ts';
import { profileFiles } from '../../../electron/records/profile.ts';
import type { StoredSession } from '../../../electron/records/stored-session.ts';
import { openWorkspace } from '../../../electron/records/workspace.ts';
import { silent } from '../../../electron/shell/log.ts';
import { openStore } from '../../../electron/store/open.ts';
import { workerUrl } from '../../factories/store-thread.ts';

// A device in a process of its own, so that a test can kill it at any moment. Says "ready", then one line per commit
// of a page.
const [folder = '', key = '', pageRows = '50'] = process.argv.slice(2);

const store = await openStore({
  file: profileFiles(folder).store,
  key: Buffer.from(key, 'hex'),
  create: false,
  collections,
  owner: 'test device',
  workerUrl,
});
const { commit } = store;
store.commit = async (change) => {
  if (change.memberships !== undefined) process.stdout.write('page\n');
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
process.stdout.write('ready\n');
