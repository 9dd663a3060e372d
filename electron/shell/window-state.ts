import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Preferences } from '../../shared/ipc/session.ts';

/** What the shell remembers outside the encrypted store: sizes and looks, nothing of customers. */
export interface WindowState {
  readonly width: number;
  readonly height: number;
  readonly x: number | null;
  readonly y: number | null;
  readonly maximized: boolean;
  readonly theme: Preferences['theme'];
  readonly density: Preferences['density'];
  readonly lockMinutes: Preferences['lockMinutes'];
  readonly sync: Preferences['sync'];
}

export const firstState: WindowState = {
  width: 1440,
  height: 900,
  x: null,
  y: null,
  maximized: false,
  theme: 'system',
  density: 'dense',
  lockMinutes: 15,
  sync: 'automatic',
};

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The remembered state, or the first one where the file is absent or not readable: a look is never worth an error. */
export function readWindowState(file: string): WindowState {
  try {
    return sane(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return firstState;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Bounds for a new window: the remembered place when a screen still shows it, otherwise only the size. */
export function placeWindow(state: WindowState, screens: readonly Area[]): Partial<Area> {
  const { x, y, width, height } = state;
  const visible = screens.some(
    (screen) =>
      x !== null &&
      y !== null &&
      x + width / 2 >= screen.x &&
      x + width / 2 < screen.x + screen.width &&
      y >= screen.y &&
      y < screen.y + screen.height,
  );
  return visible && x !== null && y !== null ? { x, y, width, height } : { width, height };
}

function sane(read: unknown): WindowState {
  const given = (typeof read === 'object' && read !== null ? read : {}) as Record<string, unknown>;
  const number = (value: unknown, least: number, otherwise: number) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 20_000
      ? value
      : otherwise;
  const place = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 50_000 ? value : null;
  const { theme, density, lockMinutes, sync } = given;
  return {
    width: number(given.width, 640, firstState.width),
    height: number(given.height, 480, firstState.height),
    x: place(given.x),
    y: place(given.y),
    maximized: given.maximized === true,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'comfortable' ? density : 'dense',
    sync: sync === 'by-hand' ? sync : firstState.sync,
    lockMinutes:
      lockMinutes === 0 || lockMinutes === 5 || lockMinutes === 60 ? lockMinutes : firstState.lockMinutes,
  };
}
