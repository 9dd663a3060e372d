import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuParts {
  readonly isMac: boolean;
  readonly devTools: boolean;
  /** The window does what the name says. */
  readonly command: (name: string) => void;
  readonly showLogs: () => void;
  readonly copyDiagnostics: () => void;
}

/** The application menu. Items without a role send a command to the window. */
export function buildMenu(parts: MenuParts): Menu {
  return Menu.buildFromTemplate([
    ...(parts.isMac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: fileItems(parts) },
    { label: 'Edit', role: 'editMenu' },
    { label: 'View', submenu: viewItems(parts) },
    { label: 'Help', role: 'help', submenu: helpItems(parts) },
  ]);
}

function fileItems({ isMac, command }: MenuParts): MenuItemConstructorOptions[] {
  return [
    { label: 'New record…', accelerator: 'CmdOrCtrl+N', click: () => command('record.new') },
    { label: 'Search', accelerator: 'CmdOrCtrl+K', click: () => command('search.open') },
    { type: 'separator' },
    { label: 'Sync now', accelerator: 'CmdOrCtrl+Shift+S', click: () => command('sync.now') },
    { label: 'Lock', accelerator: 'CmdOrCtrl+L', click: () => command('app.lock') },
    { type: 'separator' },
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
}

function viewItems({ devTools }: MenuParts): MenuItemConstructorOptions[] {
  return [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(devTools ? [{ type: 'separator' } as const, { role: 'toggleDevTools' } as const] : []),
  ];
}

function helpItems({ showLogs, copyDiagnostics }: MenuParts): MenuItemConstructorOptions[] {
  return [
    { label: 'Show logs', click: showLogs },
    { label: 'Copy diagnostics', click: copyDiagnostics },
  ];
}
