import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AuditEntry, RecordRow, ViewRequest } from '../../../shared/ipc.ts';
import type { CollectionName } from '../../../shared/model/index.ts';
import { call, on } from '../../bridge.ts';
import { type TimelineEvent, timeline } from './timeline.ts';
import { useRows } from './useRows.ts';

/** Entries and activities that the timeline shows; older ones are in the audit log and in the list of activities. */
export const MOST_ENTRIES = 200;
const MOST_ACTIVITIES = 100;

/** Everything that happened to one record, and around it. */
export function useHistory(collection: CollectionName, id: string) {
  const [history, setHistory] = useState<readonly AuditEntry[] | null>(null);

  const reload = useCallback(() => {
    call('record.history', { collection, id, limit: MOST_ENTRIES }).then(
      ({ entries }) => setHistory(entries),
      // Without its history the record is still of use; the audit log shows what is wrong.
      () => setHistory([]),
    );
  }, [collection, id]);

  useEffect(() => {
    reload();
    const stops = [on('audit.changed', reload), on('records.withdrawn', reload)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [reload]);
  useEffect(
    () =>
      on('records.changed', (changed) => {
        if (changed.collection === collection && changed.ids.includes(id)) reload();
      }),
    [collection, id, reload],
  );

  const request = useMemo(
    (): ViewRequest => ({
      collection: 'activities',
      filters: [{ field: 'regarding', op: 'is', value: id }],
      sort: [{ field: 'createdAt', direction: 'desc' }],
    }),
    [id],
  );
  const activities = useRows(request, MOST_ACTIVITIES);
  /** Written here a moment ago: shown at once, and until the list of activities has them. */
  const [written, setWritten] = useState<readonly RecordRow[]>([]);
  const shown = useMemo(() => {
    const known = new Set(activities.rows.map((row) => row.id));
    return [...written.filter((row) => !known.has(row.id)), ...activities.rows];
  }, [written, activities.rows]);
  const show = useCallback((row: RecordRow) => setWritten((before) => [row, ...before]), []);
  const takeBack = useCallback(
    (activity: string) => setWritten((before) => before.filter((row) => row.id !== activity)),
    [],
  );
  const events = useMemo((): TimelineEvent[] => timeline(history ?? [], shown), [history, shown]);

  return {
    events,
    history: history ?? [],
    activities: shown,
    show,
    takeBack,
    names: activities.names,
    loading: history === null || activities.count === null,
  };
}
