import { useEffect, useState } from 'react';
import type { ViewRequest } from '../../shared/ipc.ts';
import { call, on } from '../bridge.ts';

/** How many records a view holds, kept up to date; null until it is known. `request` null: nothing to count. */
export function useViewCount(request: ViewRequest | null): number | null {
  const [count, setCount] = useState<number | null>(null);
  const key = request === null ? null : JSON.stringify(request);
  useEffect(() => {
    setCount(null);
    if (key === null) return;
    let viewId: string | null = null;
    let gone = false;
    const stop = on('view.changed', (view) => {
      if (view.viewId === viewId) setCount(view.count);
    });
    call('view.open', JSON.parse(key) as ViewRequest).then(
      (view) => {
        if (gone) return closeView(view.viewId);
        viewId = view.viewId;
        setCount(view.count);
      },
      // A number that cannot be had is left out; the list itself shows what is wrong.
      () => setCount(null),
    );
    return () => {
      gone = true;
      stop();
      if (viewId !== null) closeView(viewId);
    };
  }, [key]);
  return count;
}

/** Lets a view go. Locking closes them all at once, so an unknown view is nothing to speak of. */
export function closeView(viewId: string): void {
  call('view.close', { viewId }).catch(() => undefined);
}

/** Ends an opening that nobody waits for any more; one that is over or was ended by locking is nothing to speak of. */
export function cancelView(opening: string): void {
  call('view.cancel', { opening }).catch(() => undefined);
}
