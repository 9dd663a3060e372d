import { Engine } from '../../../electron/store/engine/engine.ts';
import { HeadFile, headKey } from '../../../electron/store/engine/head.ts';
import { watchSteps } from '../../../electron/store/engine/steps.ts';
import { collections, KEY, OWNER } from '../../fixtures/stores/library.ts';
import { rawWith } from './raw.ts';

/** Opens the store named on the command line and is killed at a step of its migration, or after one more write. */
const [file = '', step = '', format = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');

if (step === 'write-and-die') {
  rawWith(file, KEY, (db) => {
    db.prepare("INSERT INTO settings (key, value) VALUES ('last words', '\"still here\"')").run();
    const [store, counter] = ['store', 'counter'].map((key) =>
      db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key),
    );
    const head = new HeadFile(file, headKey(KEY));
    head.write({ store: String(store), format: Number(format), counter: Number(counter) });
    die();
  });
}
watchSteps((passed) => {
  if (passed === step) die();
});
new Engine(
  {
    file,
    key: KEY,
    create: false,
    acceptOlder: false,
    nativeBinding: undefined,
    collections,
    owner: OWNER,
  },
  () => undefined,
);
