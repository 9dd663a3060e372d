import { create } from 'zustand';
import type { RoadbookError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc.ts';
import { asRoadbookError, call, on } from '../bridge.ts';

interface AppStore {
  /** null until the main process has answered for the first time. */
  readonly state: AppState | null;
  readonly error: RoadbookError | null;
}

export const useApp = create<AppStore>()(() => ({ state: null, error: null }));

/** Methods that answer with a new state (unlock, sign in …) hand it over here, so that the screen changes at once. */
export function setAppState(state: AppState): void {
  useApp.setState({ state, error: null });
}

/** Asks once and then listens; answers with the way to stop. */
export function watchApp(): () => void {
  const stop = on('app.state', setAppState);
  call('app.state').then(setAppState, (error: unknown) => useApp.setState({ error: asRoadbookError(error) }));
  return stop;
}
