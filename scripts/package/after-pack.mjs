import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An unpacked runtime still holds the small app that opens a folder named on the command line. A package without it
 * can start nothing but Roadbook.
 */
export default function afterPack(context) {
  const { appOutDir, packager, electronPlatformName } = context;
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources');
  rmSync(join(resources, 'default_app.asar'), { force: true });
}
