import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { say } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { setup } from './setup.mjs';

const DIR = join(root, 'tests', 'torture');
const ENDING = '.torture.ts';

/** `npm run torture -- [NAME...] [--option VALUE...]`: options go to each torture as they are. */
async function main() {
  const args = process.argv.slice(2);
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const asked = first < 0 ? args : args.slice(0, first);
  const options = first < 0 ? [] : args.slice(first);
  const known = readdirSync(DIR)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length));
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown) throw new Error(`There is no torture "${unknown}". Known: ${known.join(', ')}.`);

  await setup({ electron: false });
  const failed = [];
  for (const name of asked.length > 0 ? asked : known) {
    console.log(`\n── ${name}`);
    if ((await tasks.torture([join(DIR, `${name}${ENDING}`), ...options])) !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Error(`These failed: ${failed.join(', ')}.`);
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
