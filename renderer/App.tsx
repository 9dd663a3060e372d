import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AppState } from '../shared/ipc.ts';
import { asRoadbookError } from './bridge.ts';
import { ErrorState } from './components/EmptyState.tsx';
import { useApp, watchApp } from './state/app.ts';
import { watchPreferences } from './state/preferences.ts';
import { watchSync } from './state/sync.ts';
import { EntryScreen } from './views/entry/EntryScreen.tsx';

type WorkplaceModule = typeof import('./Workplace.tsx');

/** Which screen there is: the phase decides while something is in the way, the router once the records are open. */
export function App() {
  const { state, error } = useApp();
  const module = useWorkplaceModule(state !== null);
  const user = state?.phase === 'ready' ? state.user : null;
  const entered = useEntered(user === null ? null : module);
  const before = useRef<AppState | null>(null);
  const held = useRef(false);
  useEffect(watchApp, []);
  useEffect(watchPreferences, []);
  useEffect(watchSync, []);
  if (state !== null && user === null) before.current = state;
  if (state?.phase === 'first-sync' || state?.phase === 'ready') held.current = true;
  if (error !== null) return <ErrorState error={error} onRetry={() => window.location.reload()} />;
  if (user !== null && module !== null && entered) return <module.Workplace user={user} />;
  // A page that has held records is loaded anew at once: what is typed into it now would be lost with it.
  if (held.current && state?.phase === 'locked') return null;
  // Until the workplace can be drawn with its rows, the screen that led to it stays.
  return before.current === null ? null : <EntryScreen state={before.current} />;
}

/** True once what the workplace shows first is here. */
function useEntered(module: WorkplaceModule | null): boolean {
  const [entered, setEntered] = useState(false);
  useLayoutEffect(() => {
    if (module === null) return;
    let gone = false;
    const { prepared, leave } = module.enterWorkplace();
    prepared.then(() => {
      if (!gone) setEntered(true);
    });
    return () => {
      gone = true;
      setEntered(false);
      leave();
    };
  }, [module]);
  return entered;
}

/** The larger part of the code is loaded once the first screen is painted, while a person reads it and types. */
function useWorkplaceModule(painted: boolean): WorkplaceModule | null {
  const [module, setModule] = useState<WorkplaceModule | null>(null);
  useEffect(() => {
    if (!painted) return;
    const load = () => {
      import('./Workplace.tsx').then(setModule, (error: unknown) =>
        useApp.setState({ error: asRoadbookError(error) }),
      );
    };
    // The frame after the one that is about to be painted; a hidden window paints none and has no hurry.
    const timer = setTimeout(load, 100);
    const frame = requestAnimationFrame(() => setTimeout(load));
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [painted]);
  return module;
}
