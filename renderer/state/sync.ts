import { create } from 'zustand';
import type { SyncStatus } from '../../shared/ipc.ts';
import { asRoadbookError, call, on } from '../bridge.ts';

interface SyncStore {
  readonly status: SyncStatus | null;
}

export const useSync = create<SyncStore>()(() => ({ status: null }));

export function watchSync(): () => void {
  const set = (status: SyncStatus) => useSync.setState({ status });
  const stop = on('sync.status', set);
  // Before the first answer there is simply no pill text; an error here is the same "not known yet".
  call('sync.status').then(set, () => useSync.setState({ status: null }));
  return stop;
}

/** Asks for a sync now; what becomes of it arrives as status. */
export async function syncNow(): Promise<void> {
  try {
    useSync.setState({ status: await call('sync.now') });
  } catch (error) {
    const { code, message, hint, details } = asRoadbookError(error);
    // Before the first status there is no pill that could show it.
    if (useSync.getState().status === null) console.warn('A sync could not be asked for.', code);
    useSync.setState((state) =>
      state.status === null
        ? state
        : { status: { ...state.status, error: { code, message, hint, details: { ...details } } } },
    );
  }
}
