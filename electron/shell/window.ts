import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type Session, screen } from 'electron';
import { START_URL } from './origin.ts';
import { placeWindow, type WindowState } from './window-state.ts';

/** Ground colour before the first paint, so that a start never flashes. As in the design tokens. */
const ground = { light: '#fbfaf7', dark: '#151613' } as const;

export interface WindowParts {
  readonly session: Session;
  readonly preload: string;
  readonly state: WindowState;
  readonly devTools: boolean;
  /** Window size and place changed. */
  readonly moved: (window: BrowserWindow) => void;
}

/** The window: sandboxed, isolated, without Node, without spell-check downloads; shown when it has painted. */
export function createWindow({ session, preload, state, devTools, moved }: WindowParts): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(state, areas),
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Roadbook',
    backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) {
    window.on(event as 'resize', () => moved(window));
  }
  return window;
}

export function loadStart(window: BrowserWindow): Promise<void> {
  return window.loadURL(START_URL);
}

export function preloadPath(appFolder: string): string {
  return join(appFolder, 'preload.cjs');
}
