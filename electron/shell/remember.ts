import { type BrowserWindow, nativeTheme } from 'electron';
import type { Preferences } from '../../shared/ipc/session.ts';
import type { Log } from './log.ts';
import { readWindowState, type WindowState, writeWindowState } from './window-state.ts';

/** Keeps window size and preferences in one small file; written after things have come to rest. */
export function remember(file: string, log: Log) {
  let state: WindowState = readWindowState(file);
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    try {
      writeWindowState(file, state);
    } catch (error) {
      log.error('window.state_failed', error);
    }
  };
  return {
    get state() {
      return state;
    },
    save,
    moved(window: BrowserWindow): void {
      state = { ...state, ...window.getNormalBounds(), maximized: window.isMaximized() };
      clearTimeout(timer);
      timer = setTimeout(save, 1000);
    },
    preferences: {
      get: (): Preferences => ({
        theme: state.theme,
        density: state.density,
        lockMinutes: state.lockMinutes,
        sync: state.sync,
      }),
      set: (next: Preferences): Preferences => {
        state = { ...state, ...next };
        nativeTheme.themeSource = next.theme;
        save();
        return next;
      },
    },
  };
}
