import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sevenZip from '7zip-bin';
import { build, Platform } from 'electron-builder';
import { readRuntime, root } from '../lib/paths.mjs';
import { say } from '../lib/run.mjs';
import { verifyPackage } from './verify.mjs';

// Runs under Node 24, as electron-builder asks for; scripts/package.mjs starts it after set-up and build.
const { targets, drivable } = JSON.parse(process.argv[2] ?? '{}');
const runtime = readRuntime();

// Its own download of the same program would need a network beyond the package registry.
// The package arrives without the permission to run it.
if (process.platform !== 'win32') chmodSync(sevenZip.path7za, 0o755);
process.env.ELECTRON_BUILDER_7ZIP_PATH ??= sevenZip.path7za;
process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= '1';

const platform = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC }[process.platform];

/** What depends on this machine's runtime and therefore cannot stand in electron-builder.yml. */
const machine = {
  extends: join(root, 'electron-builder.yml'),
  electronDist: runtime.electronDir,
  electronVersion: runtime.electronVersion,
  // Where this runtime cannot load the binding that the package brings, the one compiled for it comes along.
  ...(runtime.nativeBinding
    ? { extraResources: [{ from: runtime.nativeBinding, to: 'native/better_sqlite3.node' }] }
    : {}),
  // A test can drive an app only over the inspector, which a released package keeps shut.
  ...(drivable
    ? { electronFuses: { enableNodeCliInspectArguments: true }, directories: { output: 'out/package-e2e' } }
    : {}),
};

await build({
  projectDir: root,
  config: machine,
  targets: platform.createTarget(targets.length > 0 ? targets : undefined),
  publish: 'never',
});

const output = join(root, 'out', drivable ? 'package-e2e' : 'package');
const unpacked = readdirSync(output).filter((name) =>
  /^(linux|win)(-\w+)?-unpacked$|^mac(-\w+)?$/.test(name),
);
for (const name of unpacked) {
  const brings = runtime.nativeBinding ? ['native/better_sqlite3.node'] : [];
  await verifyPackage(join(output, name), { drivable, brings });
  say(`${name}: fuses and contents are as they must be`);
}
