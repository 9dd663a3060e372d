import { useCallback, useEffect, useState } from 'react';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { call, on } from '../../bridge.ts';
import { count, instant } from '../../format.ts';
import { fromTo, recordOf, titleOf } from '../audit/describe.ts';
import { useCompanyStages } from '../record/useCompany.ts';
import { useKnownNames } from '../record/useNames.ts';
import { onceForEachStep } from '../record/useRecord.ts';
import { opens, RecordLink } from '../record/Value.tsx';

/** How far back the log is read for changes that wait; those made before that are counted, not listed. */
const LOOK_BACK = 500;
const MOST = 50;

/** Changes made here that the server has not accepted yet, newest first. */
export function Waiting({ total }: { readonly total: number }) {
  const [entries, setEntries] = useState<readonly AuditEntry[]>([]);
  const stages = useCompanyStages();
  const names = useKnownNames();
  const load = useCallback(() => {
    call('audit.rows', {
      filter: { kinds: ['change', 'create', 'delete', 'restore'] },
      from: 0,
      count: LOOK_BACK,
    }).then(
      (answer) => setEntries(answer.entries.filter((entry) => entry.state === 'saved')),
      // The count above still tells how many there are.
      () => setEntries([]),
    );
  }, []);
  useEffect(() => {
    load();
    const stops = [on('audit.changed', load), on('sync.status', onceForEachStep(load))];
    return () => {
      for (const stop of stops) stop();
    };
  }, [load]);
  const shown = entries.slice(0, MOST);
  return (
    <section aria-label="Waiting changes">
      <div className="row sync-head">
        <h2 className="b">Waiting changes</h2>
        <span className="n q f11">{count(total)}</span>
      </div>
      {total === 0 && shown.length === 0 && (
        <p className="m sync-none">Nothing waits. What you change offline is listed here until it is sent.</p>
      )}
      <ul className="waiting">
        {shown.map((entry) => {
          const change = fromTo(entry, stages, names);
          return (
            <li key={entry.seq}>
              <span className="dot un" aria-hidden="true" />
              <span className="waiting-what">
                <span className="tr">
                  {opens(entry.collection) ? (
                    <RecordLink
                      collection={entry.collection}
                      id={entry.record}
                      name={recordOf(entry)}
                      className="b"
                    />
                  ) : (
                    <span className="b tr">{recordOf(entry)}</span>
                  )}
                </span>
                <span className="f12 q tr">
                  {titleOf(entry)}
                  {change !== null && (
                    <>
                      {' to '}
                      <span className={change.figures ? 'n' : undefined}>{change.to || 'empty'}</span>
                    </>
                  )}
                  {entry.offline && ', made offline'}
                </span>
              </span>
              <span className="n q f11">{instant(entry.at)}</span>
            </li>
          );
        })}
      </ul>
      {total > shown.length && shown.length > 0 && (
        <p className="q f12 sync-more">
          and {count(total - shown.length)} more, all of them saved on this disk
        </p>
      )}
    </section>
  );
}
