import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../electron/store/open.ts';
import { getRxStorage } from '../../electron/store/rx-storage.ts';
import { options } from '../unit/store/options.ts';
import { conform } from './lib/conformance.ts';
import { tortureOptions } from './lib/options.ts';

/** `npm run torture -- conformance [--minutes N] [--seed S [--path P]]` */
const { minutes = 5, seed, path } = tortureOptions();
const folder = mkdtempSync(join(tmpdir(), 'roadbook-torture-'));
const store = await openStore(options(join(folder, 'store.db'), { create: true }));
const end = performance.now() + minutes * 60_000;
let runs = 0;
console.log(`conformance: seed ${seed}`);
for (let part = 0; ; part += 1) {
  const once = path === undefined ? { seed: seed + part, runs: 100 } : { seed, path, runs: 1 };
  const outcome = await conform(getRxStorage(store) as never, once);
  runs += outcome.runs;
  if (outcome.failure) {
    console.log(outcome.failure.report);
    console.log(`{ seed: ${outcome.failure.seed}, path: '${outcome.failure.path}' }`);
    process.exitCode = 1;
    break;
  }
  if (path !== undefined || performance.now() > end) break;
}
console.log(`conformance: ${runs} lives of a collection, ${process.exitCode ? 'one differs' : 'all alike'}`);
await store.close();
rmSync(folder, { recursive: true, force: true });
