import { openStore } from '../../../electron/store/open.ts';
import { options } from '../../unit/store/options.ts';
import { emptyModel, next } from './plan.ts';

/** Makes a store and writes so many commits of the plan, closing it once in the middle. Arguments: file, commits. */
const [file = '', commits = '0'] = process.argv.slice(2);
const workerUrl = new URL('./tracing-worker.ts', import.meta.url);
let store = await openStore(options(file, { create: true, workerUrl }));
const model = emptyModel();
for (let n = 1; n <= Number(commits); n += 1) {
  await store.commit(next(model));
  // The thread begins to count anew: its notes say how many commits of this opening there were.
  if (n === Math.floor(Number(commits) / 2)) {
    await store.close();
    store = await openStore(options(file, { workerUrl }));
  }
}
process.kill(process.pid, 'SIGKILL');
