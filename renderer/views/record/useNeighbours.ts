import { useCallback, useEffect, useRef, useState } from 'react';
import type { CollectionName } from '../../../shared/model/index.ts';
import { call, on } from '../../bridge.ts';
import { type ListContext, replaceRoute } from '../../state/router.ts';
import { seedRecord } from './seed.ts';

interface Place {
  /** From 0; -1 when the record is no longer in the list. */
  readonly index: number;
  readonly count: number;
}

/** Where a record stands in the list that it was opened from, and the way to the ones beside it. */
export function useNeighbours(collection: CollectionName, id: string, list: ListContext | undefined) {
  const [place, setPlace] = useState<Place | null>(null);
  /** A step that was asked for before the place was known: it is taken as soon as it is. */
  const asked = useRef<1 | -1 | null>(null);
  const viewId = list?.viewId;

  useEffect(() => {
    setPlace(null);
    if (viewId === undefined) return;
    let left = false;
    const look = async () => {
      const { index } = await call('view.indexOf', { viewId, id });
      const page = await call('view.rows', { viewId, from: Math.max(0, index), count: 1 });
      if (!left) setPlace({ index, count: page.count });
    };
    const gone = () => {
      // The list was closed: the record stands for itself.
      if (!left) setPlace(null);
    };
    look().catch(gone);
    const stop = on('view.changed', (view) => {
      if (view.viewId === viewId) look().catch(gone);
    });
    return () => {
      left = true;
      stop();
    };
  }, [viewId, id]);

  const go = useCallback(
    (step: 1 | -1) => {
      if (viewId === undefined || list === undefined) return;
      asked.current = place === null ? step : null;
      if (place === null) return;
      const to = place.index + step;
      if (place.index < 0 || to < 0 || to >= place.count) return;
      call('view.rows', { viewId, from: to, count: 1 }).then(
        ({ rows: [row], names }) => {
          if (row === undefined) return;
          seedRecord(row, names);
          replaceRoute({ name: 'record', collection, id: row.id, list });
        },
        // The list was closed meanwhile: there is no way on in it, and the buttons go.
        () => setPlace(null),
      );
    },
    [viewId, list, place, collection],
  );

  useEffect(() => {
    if (place !== null && asked.current !== null) go(asked.current);
  }, [place, go]);

  const unknown = viewId !== undefined && place === null;
  const hasNext = place !== null && place.index >= 0 && place.index < place.count - 1;
  return {
    place,
    previous: unknown || (place !== null && place.index > 0) ? () => go(-1) : undefined,
    next: unknown || hasNext ? () => go(1) : undefined,
  };
}
