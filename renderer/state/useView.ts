import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ViewRequest } from '../../shared/ipc.ts';
import type { ViewSource } from './ViewSource.ts';
import { acquireView, readyView, releaseView } from './viewCache.ts';

const nothing = { subscribe: () => () => undefined, getStamp: () => 0 };
const FIRST_LOOK = 60;

/**
 * An open view while the component shows it. While the request changes (another order, another filter) the rows of the
 * old one stay until the new one has its first, so that nothing flashes.
 */
export function useView(request: ViewRequest | null, options: { summary?: boolean } = {}): ViewSource | null {
  return useOpenView(request, options).source;
}

/** The same, with the view that is still being opened, which may take seconds where no index has its order. */
export function useOpenView(
  request: ViewRequest | null,
  options: { summary?: boolean } = {},
): { readonly source: ViewSource | null; readonly opening: ViewSource | null } {
  const key = request === null ? null : JSON.stringify(request);
  const summary = options.summary === true;
  const [source, setSource] = useState<ViewSource | null>(() =>
    request === null ? null : readyView(request, summary),
  );
  const [opening, setOpening] = useState<ViewSource | null>(null);
  useEffect(() => {
    if (key === null) return;
    const opened = acquireView(JSON.parse(key) as ViewRequest, summary);
    const show = () => {
      setOpening(opened.state === 'opening' ? opened : null);
      if (opened.state === 'opening') return;
      if (opened.state === 'ready' && opened.count > 0 && !opened.hasRows) {
        opened.look(0, FIRST_LOOK);
        return;
      }
      setSource(opened);
    };
    setSource((old) => (old === null || old.state !== 'ready' ? opened : old));
    const stop = opened.subscribe(show);
    show();
    return () => {
      stop();
      setOpening(null);
      releaseView(opened);
    };
  }, [key, summary]);
  const store = source ?? nothing;
  useSyncExternalStore(store.subscribe, store.getStamp);
  const slow = opening ?? nothing;
  useSyncExternalStore(slow.subscribe, slow.getStamp);
  return { source, opening };
}
