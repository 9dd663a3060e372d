import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root } from './lib/paths.mjs';
import { run, say, toolEnv } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { describeRuntime, setup } from './setup.mjs';

const DIR = join(root, 'tests', 'bench');
const ENDING = '.bench.ts';
/** The order of a full run: what the later ones build on comes first. */
const ORDER = ['store', 'sync', 'ui', 'server'];

function suites() {
  const found = existsSync(DIR) ? readdirSync(DIR) : [];
  const names = found.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length));
  const rank = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** `npm run bench -- [SUITE...] [--option...]`: options go to each suite as they are. */
async function main() {
  const args = process.argv.slice(2);
  const options = args.filter((arg) => arg.startsWith('-'));
  const asked = args.filter((arg) => !arg.startsWith('-'));
  const unknown = asked.filter((name) => !suites().includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no suite "${unknown[0]}". Known: ${suites().join(', ')}.`);

  const runtime = await setup();
  say(describeRuntime(runtime));
  if ((await tasks.build([])) !== 0) throw new Error('The app could not be built; see above.');

  const failed = [];
  for (const name of asked.length > 0 ? asked : suites()) {
    console.log(`\n── ${name}`);
    const code = await run(node24, [join(DIR, `${name}${ENDING}`), ...options], { env: toolEnv() });
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Error(`These suites failed: ${failed.join(', ')}.`);
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
