import { join } from 'node:path';
import { chosenBenches } from './lib/benches.mjs';
import { node24, readJson, root } from './lib/paths.mjs';
import { run, say, toolEnv } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { describeRuntime, setup } from './setup.mjs';

const DIR = join(root, 'tests', 'bench');

/** `npm run bench -- [SUITE...] [--only=GROUP,...] [--option=...]` */
async function main() {
  // A typing error should cost nothing, so it is looked at before anything is set up.
  const chosen = chosenBenches(readJson(join(DIR, 'groups.json')), process.argv.slice(2));
  const runtime = await setup();
  say(describeRuntime(runtime));
  if ((await tasks.build([])) !== 0) throw new Error('The app could not be built; see above.');

  const failed = [];
  for (const { suite, options } of chosen) {
    console.log(`\n── ${suite}`);
    const code = await run(node24, [join(DIR, `${suite}.bench.ts`), ...options], { env: toolEnv() });
    if (code !== 0) failed.push(suite);
  }
  if (failed.length > 0) throw new Error(`These suites failed: ${failed.join(', ')}.`);
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
