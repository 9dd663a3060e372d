import '../../components/problem.css';
import './sync.css';
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { entityOf } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { count, counted, instant } from '../../format.ts';
import { useShortcuts } from '../../keys.ts';
import { useCounts } from '../../state/counts.ts';
import { listCollections, navigate } from '../../state/router.ts';
import { syncNow, useSync } from '../../state/sync.ts';
import { PageHead } from '../shell/Page.tsx';
import { KeptByServer } from './KeptByServer.tsx';
import { SignInAgain } from './SignInAgain.tsx';
import { Waiting } from './Waiting.tsx';
import { syncWords } from './words.ts';

/** How this device stands towards the server: in words, in numbers, and what to do. */
export function SyncPage() {
  const status = useSync((state) => state.status);
  const counts = useCounts((state) => state.counts);
  const [busy, setBusy] = useState(false);
  const now = useMinute();
  const start = () => {
    if (busy) return;
    setBusy(true);
    void syncNow().finally(() => setBusy(false));
  };
  useShortcuts({ s: start });
  const words = syncWords(status);
  const syncing = busy || status?.state === 'syncing';
  return (
    <>
      <PageHead
        icon={RefreshCw}
        title="Sync status"
        actions={
          <Button
            variant={status?.state === 'signed-out' ? 'default' : 'primary'}
            icon={RefreshCw}
            kbd="S"
            aria-disabled={syncing}
            onClick={start}
          >
            {syncing ? 'Syncing' : 'Sync now'}
          </Button>
        }
      />
      <div className="sync-page">
        <section className="sync-state" aria-label="State">
          <span className={`sync-mark ${words.mark}`} aria-hidden="true" />
          <div>
            <h2 className="f15 bb">{words.title}</h2>
            <p className="m">{words.note}</p>
          </div>
        </section>
        {status?.error !== null && status?.error !== undefined && (
          <div className="problem" role="alert">
            <div className="row">
              <span className="b sp">{status.error.message}</span>
              <span className="n q f11">{status.error.code}</span>
            </div>
            <div className="m f12">{status.error.hint}</div>
          </div>
        )}
        {status?.heldBack && <KeptByServer heldBack={status.heldBack} now={now} />}
        {status?.state === 'signed-out' && <SignInAgain server={status.server} />}
        <dl className="sync-figures">
          <Figure
            label="Waiting here"
            value={status === null ? null : count(status.waiting)}
            note="changes not yet sent"
          />
          <Figure
            label="Need you"
            value={status === null ? null : count(status.needYou)}
            note={status !== null && status.needYou > 0 ? 'in the inbox' : 'nothing to settle'}
            onOpen={status !== null && status.needYou > 0 ? () => navigate({ name: 'inbox' }) : undefined}
          />
          <Figure
            label="Last sync"
            value={status?.lastSyncAt ? instant(status.lastSyncAt, now) : null}
            note={status?.lastSyncAt ? 'sent and fetched' : 'not yet'}
          />
          <Figure
            label="Verified identical"
            value={status?.verifiedAt ? instant(status.verifiedAt, now) : null}
            note={status?.verifiedAt ? 'every digest matched the server' : 'after the first whole sync'}
          />
        </dl>
        <div className="sync-columns">
          <Waiting total={status?.waiting ?? 0} />
          <section aria-label="On this device">
            <div className="row sync-head">
              <h2 className="b">On this device</h2>
              <span className="sp" />
              <span className="n q f11 tr">{status?.server}</span>
            </div>
            <table className="sync-counts">
              <thead>
                <tr className="h">
                  <th scope="col">Object</th>
                  <th scope="col" className="r">
                    Records
                  </th>
                </tr>
              </thead>
              <tbody>
                {listCollections.map((collection) => (
                  <tr key={collection}>
                    <td>
                      <button
                        type="button"
                        className="b"
                        onClick={() => navigate({ name: 'list', collection })}
                      >
                        {entityOf(collection).labelPlural}
                      </button>
                    </td>
                    <td className="n r">{count(counts[collection] ?? 0)}</td>
                  </tr>
                ))}
                <tr>
                  <td className="q">All, with people and rules</td>
                  <td className="n r q">
                    {count(Object.values(counts).reduce((sum, part) => sum + part, 0))}
                  </td>
                </tr>
              </tbody>
            </table>
            {status?.progress !== null && status?.progress !== undefined && !status.progress.done && (
              <p className="f12 m sync-more">
                {counted(status.progress.rows, 'record', 'records')} of {count(status.progress.total)} are
                here; the rest is on its way.
              </p>
            )}
          </section>
        </div>
      </div>
    </>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string | null;
  readonly note: string;
  readonly onOpen?: (() => void) | undefined;
}

function Figure({ label, value, note, onOpen }: FigureProps) {
  return (
    <div>
      <dt className="h">{label}</dt>
      <dd className="n big tr">{value ?? <span className="q">—</span>}</dd>
      <dd className="f11 q">
        {onOpen === undefined ? (
          note
        ) : (
          <button type="button" className="acc" onClick={onOpen}>
            {note}
          </button>
        )}
      </dd>
    </div>
  );
}

/** "today" and "yesterday" go on being true while the page stays open. */
function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
