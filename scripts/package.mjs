import { parseArgs } from 'node:util';
import { node24 } from './lib/paths.mjs';
import { run, say } from './lib/run.mjs';
import { tasks } from './lib/tasks.mjs';
import { describeRuntime, setup } from './setup.mjs';

const USAGE = `npm run package -- [TARGET...] [--release] [--drivable]
  TARGET      what electron-builder calls it: dir, tar.gz, zip, deb, AppImage, nsis, dmg
  --release   every target that electron-builder.yml names for this system
  --drivable  leaves the inspector open, for tests that drive the packaged app (out/package-e2e)`;

/** What can be made without a network beyond the package registry. */
const OFFLINE = { linux: ['dir', 'tar.gz'], win32: ['dir'], darwin: ['dir'] };

async function main() {
  const { values, positionals } = parseArgs({
    options: { release: { type: 'boolean' }, drivable: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const runtime = await setup();
  say(`packaging with ${describeRuntime(runtime)}`);
  if ((await tasks.build([])) !== 0) return 1;
  const usual = values.drivable ? ['dir'] : OFFLINE[process.platform];
  const targets = values.release ? [] : positionals.length > 0 ? positionals : usual;
  return run(node24, [
    'scripts/package/build.mjs',
    JSON.stringify({ targets, drivable: values.drivable ?? false }),
  ]);
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
