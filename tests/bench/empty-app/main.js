// The least that Electron can do: one window with a page in it, as safe as the product's. What the product takes
// beyond this is its own doing.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow } from 'electron';

const here = dirname(fileURLToPath(import.meta.url));
const profile = app.commandLine.getSwitchValue('bench-profile');
if (profile) app.setPath('userData', profile);

function open() {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  return window.loadFile(join(here, app.commandLine.getSwitchValue('bench-page') || 'empty.html'));
}

app.on('window-all-closed', () => app.quit());
// Not awaited at the top level: Electron holds `ready` back until this module has been evaluated.
app.whenReady().then(open);
