import { join } from 'node:path';
import { BENCH_USAGE, chosenBenches } from './lib/benches.mjs';
import { WrongCall } from './lib/calls.mjs';
import { whenNpmIsGone } from './lib/npm.mjs';
import { node24, readJson, root } from './lib/paths.mjs';
import { say } from './lib/run.mjs';
import { endRun, runSuite } from './lib/suite.mjs';
import { tasks } from './lib/tasks.mjs';
import { describeRuntime, setup } from './setup.mjs';

const DIR = join(root, 'tests', 'bench');

/** `npm run bench -- [SUITE...] [--only=GROUP,...] [--option=...]` */
async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(BENCH_USAGE);
    return;
  }
  // A typing error should cost nothing, so it is looked at before anything is set up.
  const chosen = chosenBenches(readJson(join(DIR, 'groups.json')), args);
  whenNpmIsGone(() => endRun('npm was ended: stopping'));
  const runtime = await setup();
  say(describeRuntime(runtime));
  if ((await tasks.build([])) !== 0) throw new Error('The app could not be built; see above.');

  const failed = [];
  for (const { suite, options } of chosen) {
    console.log(`\n── ${suite}`);
    const code = await runSuite(`The suite ${suite}`, node24, [join(DIR, `${suite}.bench.ts`), ...options]);
    if (code > 128) {
      process.exitCode = code;
      return;
    }
    if (code !== 0) failed.push(suite);
  }
  if (failed.length > 0) throw new Error(`These suites failed: ${failed.join(', ')}.`);
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exitCode = error instanceof WrongCall ? 2 : 1;
}
