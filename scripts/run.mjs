import { checkImportCall, WrongCall } from './lib/calls.mjs';
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
  // A typing error should cost nothing, so it is looked at before anything is set up.
  const usage = name === 'import' ? checkImportCall(args) : null;
  if (usage !== null) {
    console.log(usage);
    process.exit(0);
  }
  await setup({ electron: false });
  process.exit(await task(args));
} catch (error) {
  say(error.message);
  process.exit(error instanceof WrongCall ? 2 : 1);
}
