import { create } from 'zustand';
import type { Preferences } from '../../shared/ipc.ts';
import { call } from '../bridge.ts';

interface PreferenceStore extends Preferences {
  /** Not kept: a narrow window for an hour is not a wish for ever. */
  readonly sidebar: boolean;
}

export const usePreferences = create<PreferenceStore>()(() => ({
  theme: 'system',
  density: 'dense',
  lockMinutes: 15,
  sync: 'automatic',
  sidebar: true,
}));

const dark = () => window.matchMedia('(prefers-color-scheme: dark)');

/** The theme stands before anything is drawn; what the person chose follows from the main process. */
export function watchPreferences(): () => void {
  const apply = () => {
    const { theme } = usePreferences.getState();
    document.documentElement.dataset.theme = theme === 'system' ? (dark().matches ? 'dark' : 'light') : theme;
  };
  apply();
  const media = dark();
  media.addEventListener('change', apply);
  const stop = usePreferences.subscribe(apply);
  call('preferences.get').then(
    (preferences) => usePreferences.setState(preferences),
    // Without an answer the defaults stand.
    () => apply(),
  );
  return () => {
    media.removeEventListener('change', apply);
    stop();
  };
}

/** Changes at once; put back when it could not be kept. */
export async function setPreferences(change: Partial<Preferences>): Promise<void> {
  const { theme, density, lockMinutes, sync } = usePreferences.getState();
  const before = { theme, density, lockMinutes, sync };
  usePreferences.setState(change);
  try {
    usePreferences.setState(await call('preferences.set', { ...before, ...change }));
  } catch (error) {
    usePreferences.setState(before);
    throw error;
  }
}

export function toggleSidebar(): void {
  usePreferences.setState((state) => ({ sidebar: !state.sidebar }));
}

/** Height of a list row in CSS pixels; the tokens hold the same numbers. */
export function rowHeight(density: Preferences['density']): number {
  return density === 'comfortable' ? 40 : 32;
}
