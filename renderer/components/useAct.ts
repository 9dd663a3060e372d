import { useCallback, useState } from 'react';
import type { RoadbookError } from '../../shared/errors.ts';
import { asRoadbookError } from '../bridge.ts';

/** One act of a form: runs once at a time, and keeps what went wrong until the next try. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RoadbookError | null>(null);

  const run = useCallback(async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (thrown) {
      setError(asRoadbookError(thrown));
    } finally {
      setBusy(false);
    }
  }, []);

  return { busy, error, run, setError };
}
