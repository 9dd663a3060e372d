import { say } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { setup } from './setup.mjs';

// One door for the small commands, so that each also works in a checkout that nobody has set up yet.
const [name, ...args] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  say(`There is no command "${name ?? ''}". Known: ${Object.keys(tasks).join(', ')}.`);
  process.exit(2);
}
try {
  await setup({ electron: false });
  process.exit(await task(args));
} catch (error) {
  say(error.message);
  process.exit(1);
}
