import { useCallback, useEffect, useRef, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { RecordDetail, RecordRow, SyncStatus } from '../../../shared/ipc.ts';
import { type Body, type CollectionName, entityOf, isScopeField } from '../../../shared/model/index.ts';
import { asRoadbookError, call, on } from '../../bridge.ts';
import { forgetSeed, seedOf } from './seed.ts';

/** What the person saw when an edit began, so that the server can tell whether it was still so. */
interface Seen {
  readonly rev: number;
  readonly values: Body;
}

export interface OpenRecord {
  /** As it will be once everything is saved: edits show at once. null until it is known. */
  readonly row: RecordRow | null;
  readonly detail: RecordDetail | null;
  /** Why it cannot be shown. */
  readonly error: RoadbookError | null;
  /** Fields that are being saved, or wait to be sent. */
  readonly waiting: ReadonlySet<string>;
  /** Changes fields as one act. The row shows them at once; a refusal takes them back and is thrown. */
  save(values: Body, seen?: Seen): Promise<void>;
  reload(): void;
}

/** One record, kept up to date while it is looked at. */
export function useRecord(collection: CollectionName, id: string): OpenRecord {
  const [detail, setDetail] = useState<RecordDetail | null>(() => seedOf(collection, id));
  const [error, setError] = useState<RoadbookError | null>(null);
  const [pending, setPending] = useState<readonly Body[]>([]);
  const asked = useRef(0);

  const reload = useCallback(() => {
    asked.current += 1;
    const turn = asked.current;
    call('record.get', { collection, id }).then(
      (answer) => {
        // An older answer must not undo what a newer one showed.
        if (turn !== asked.current) return;
        setDetail(answer);
        setError(null);
      },
      (thrown: unknown) => {
        if (turn !== asked.current) return;
        const problem = asRoadbookError(thrown);
        // It has left this device: what was read of it must not stay on the screen either.
        if (problem.code === 'record.not_found') setDetail(null);
        setError(problem);
      },
    );
  }, [collection, id]);

  useEffect(() => {
    forgetSeed();
    reload();
    const stops = [
      on('records.changed', (changed) => {
        const mine = changed.collection === collection && changed.ids.includes(id);
        if (mine || changed.collection === 'inbox') reload();
      }),
      // What it points to may have left this device.
      on('records.withdrawn', reload),
      // What waits to be sent changes with each sync, without a change of the row.
      on('sync.status', onceForEachStep(reload)),
    ];
    return () => {
      asked.current += 1;
      for (const stop of stops) stop();
    };
  }, [collection, id, reload]);

  const save = useCallback(
    async (values: Body, seen?: Seen) => {
      setPending((before) => [...before, values]);
      try {
        const row = await call('record.update', {
          collection,
          id,
          values,
          ...(seen === undefined ? {} : { seen }),
        });
        setDetail((before) => (before === null ? before : { ...before, row }));
        reload();
      } finally {
        setPending((before) => before.filter((entry) => entry !== values));
      }
    },
    [collection, id, reload],
  );

  const row = detail === null ? null : pending.reduce(withValues, detail.row);
  return {
    row,
    detail,
    error: detail === null ? error : null,
    waiting: new Set([...(detail?.waitingFields ?? []), ...pending.flatMap((values) => Object.keys(values))]),
    save,
    reload,
  };
}

/** Progress is told many times a second; what a record shows of it changes only with these numbers. */
export function onceForEachStep(act: () => void): (status: SyncStatus) => void {
  let before = '';
  return ({ waiting, needYou, lastSyncAt }) => {
    const step = `${waiting} ${needYou} ${lastSyncAt}`;
    if (step !== before) act();
    before = step;
  };
}

function withValues(row: RecordRow, values: Body): RecordRow {
  const body = { ...row.body };
  const scope: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isScopeField(name)) scope[name] = typeof value === 'string' ? value : '';
    else if (value === null || value === undefined) delete body[name];
    else body[name] = value;
  }
  return { ...row, ...scope, body, name: entityOf(row.collection as CollectionName).title(body) };
}
