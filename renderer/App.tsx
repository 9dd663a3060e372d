import { useEffect, useState } from 'react';
import { asRoadbookError } from './bridge.ts';
import { ErrorState } from './components/EmptyState.tsx';
import { useApp, watchApp } from './state/app.ts';
import { watchPreferences } from './state/preferences.ts';
import { watchSync } from './state/sync.ts';
import { EntryScreen } from './views/entry/EntryScreen.tsx';

type Workplace = typeof import('./Workplace.tsx').Workplace;

/** Which screen there is: the phase decides while something is in the way, the router once the records are open. */
export function App() {
  const { state, error } = useApp();
  const Workplace = useWorkplace();
  useEffect(watchApp, []);
  useEffect(watchPreferences, []);
  useEffect(watchSync, []);
  if (error !== null) return <ErrorState error={error} onRetry={() => window.location.reload()} />;
  if (state === null) return null;
  if (state.phase !== 'ready' || state.user === null) return <EntryScreen state={state} />;
  return Workplace === null ? null : <Workplace user={state.user} />;
}

/** The larger part of the code is loaded behind the first screen, while a person reads it and types. */
function useWorkplace(): Workplace | null {
  const [workplace, setWorkplace] = useState<Workplace | null>(null);
  useEffect(() => {
    import('./Workplace.tsx').then(
      (loaded) => setWorkplace(() => loaded.Workplace),
      (error: unknown) => useApp.setState({ error: asRoadbookError(error) }),
    );
  }, []);
  return workplace;
}
