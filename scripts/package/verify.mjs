import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

const { DISABLE, ENABLE } = FuseState;

/** What must be read back from the binary that people get; a setting that was only written proves nothing. */
const EXPECTED = {
  RunAsNode: DISABLE,
  EnableCookieEncryption: ENABLE,
  EnableNodeOptionsEnvironmentVariable: DISABLE,
  EnableNodeCliInspectArguments: DISABLE,
  EnableEmbeddedAsarIntegrityValidation: ENABLE,
  OnlyLoadAppFromAsar: ENABLE,
  LoadBrowserProcessSpecificV8Snapshot: DISABLE,
  GrantFileProtocolExtraPrivileges: DISABLE,
};

function resourcesOf(dir) {
  const app = readdirSync(dir).find((name) => name.endsWith('.app'));
  return app ? join(dir, app, 'Contents', 'Resources') : join(dir, 'resources');
}

/** The executable that electron-builder made in an unpacked folder. */
function executableOf(dir) {
  const names = readdirSync(dir);
  const name = names.find(
    (each) => each === 'roadbook' || each === 'Roadbook.exe' || each === 'Roadbook.app',
  );
  if (!name) throw new Error(`There is no executable in ${dir}.`);
  return join(dir, name);
}

/**
 * Looks at an unpacked package as a stranger would. Throws with everything that is not as it must be.
 * @param {{ drivable: boolean, brings: string[] }} expected brings: paths below the resources folder
 */
export async function verifyPackage(dir, { drivable, brings }) {
  const wrong = [];
  const wire = await getCurrentFuseWire(executableOf(dir));
  for (const [name, state] of Object.entries(EXPECTED)) {
    const wanted = drivable && name === 'EnableNodeCliInspectArguments' ? ENABLE : state;
    if (wire[FuseV1Options[name]] !== wanted) wrong.push(`the fuse ${name} is not as set`);
  }
  const resources = resourcesOf(dir);
  for (const file of ['app.asar', ...brings]) {
    if (!existsSync(join(resources, file))) wrong.push(`resources/${file} is missing`);
  }
  for (const file of ['default_app.asar', 'app']) {
    if (existsSync(join(resources, file))) wrong.push(`resources/${file} would let it start something else`);
  }
  if (wrong.length > 0) throw new Error(`${dir}: ${wrong.join('; ')}.`);
}
