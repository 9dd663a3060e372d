import { useEffect, useState } from 'react';
import type { ViewRequest, ViewSummary } from '../../../shared/ipc.ts';
import { call, on } from '../../bridge.ts';
import { closeView } from '../../state/useViewCount.ts';

/** Count and sums of a view, kept up to date; null until known. `request` null: nothing is asked. */
export function useSummary(request: ViewRequest | null): ViewSummary | null {
  const [summary, setSummary] = useState<ViewSummary | null>(null);
  const key = request === null ? null : JSON.stringify(request);
  useEffect(() => {
    setSummary(null);
    if (key === null) return;
    let viewId: string | null = null;
    let gone = false;
    const read = async (id: string) => {
      const answer = await call('view.summary', { viewId: id });
      if (!gone) setSummary(answer);
    };
    // A figure that cannot be had is left out.
    const failed = () => setSummary(null);
    const stop = on('view.changed', (view) => {
      if (view.viewId === viewId) read(view.viewId).catch(failed);
    });
    call('view.open', JSON.parse(key) as ViewRequest)
      .then(async (view) => {
        if (gone) return closeView(view.viewId);
        viewId = view.viewId;
        await read(view.viewId);
      })
      .catch(failed);
    return () => {
      gone = true;
      stop();
      if (viewId !== null) closeView(viewId);
    };
  }, [key]);
  return summary;
}
