import { Check, Lock } from 'lucide-react';
import { useEffect } from 'react';
import type { AppState } from '../../../shared/ipc.ts';
import { call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAct } from '../../components/useAct.ts';
import { bytes, count } from '../../format.ts';
import { setAppState } from '../../state/app.ts';
import { useSync } from '../../state/sync.ts';
import { EntryFrame } from './EntryFrame.tsx';
import { Odometer } from './Odometer.tsx';
import { aboutTime, firstSync, type ObjectProgress } from './progress.ts';
import { StepStrip } from './Strip.tsx';
import { stepsFor } from './steps.ts';

const NOTHING_YET = {
  rows: 0,
  total: 0,
  rowsPerSecond: 0,
  bytes: 0,
  collections: [],
  searchReady: false,
  done: false,
};

/** The records arrive. Working may begin at any time: they go on arriving behind it. */
export function FirstSync({ state }: { readonly state: AppState }) {
  const status = useSync((store) => store.status);
  const progress = status?.progress ?? NOTHING_YET;
  const sync = firstSync(progress);
  const { busy, error, run } = useAct();
  const step = !progress.done ? 2 : !progress.searchReady ? 3 : status?.verifiedAt === null ? 4 : 5;

  const start = () => {
    if (!busy) void run(async () => setAppState(await call('app.startWorking')));
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const onControl = event.target instanceof HTMLElement && event.target.closest('button, input') !== null;
      if (event.key === 'Enter' && !onControl) start();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  return (
    <EntryFrame
      wide
      title={progress.done ? 'Everything is here' : 'Bringing your records here'}
      lead={
        progress.done
          ? 'From now on everything works without a connection, and syncs when there is one.'
          : 'Once, and everything works without a connection. You can start now; lists fill as rows arrive.'
      }
      strip={<StepStrip steps={stepsFor(state, sync)} current={step} />}
      foot={<Connection status={status} />}
      footEnd={
        <span className="row">
          <Icon of={Lock} size={14} tone={3} />
          Encrypted on this disk
        </span>
      }
    >
      <div className="row sync-total">
        <span className="n big">{count(sync.rows)}</span>
        <span className="m">
          of <span className="n">{count(sync.total)}</span> records
        </span>
        <span className="sp" />
        <span className="m">
          <span className="n">{sync.percent}%</span>
          {sync.secondsLeft !== null && (
            <>
              , about <span className="n">{aboutTime(sync.secondsLeft)}</span> left
            </>
          )}
        </span>
      </div>
      <Odometer label="Records copied" percent={sync.percent} />
      <div className="sync-table">
        <div className="sync-object h" aria-hidden="true">
          <span>Object</span>
          <span />
          <span className="r">Here</span>
          <span className="r">Total</span>
        </div>
        {sync.objects.map((object) => (
          <ObjectLine key={object.name} object={object} />
        ))}
      </div>
      <div className="row sync-actions">
        <Button variant="primary" kbd="Enter" onClick={start} aria-disabled={busy}>
          Start working
        </Button>
        <span className="sp" />
        <span className="q f12">
          <span className="n">{count(Math.round(progress.rowsPerSecond))}</span> rows/s,{' '}
          <span className="n">{bytes(progress.bytes)}</span>, resumes if cut
        </span>
      </div>
      <Problem error={error} />
    </EntryFrame>
  );
}

function ObjectLine({ object: { name, here, total, state } }: { readonly object: ObjectProgress }) {
  const share = total === 0 ? (state === 'done' ? 1 : 0) : here / total;
  const quiet = state === 'waiting' ? 'q' : 'b';
  return (
    <div className="sync-object">
      <span className="row">
        <span className="slot acc" aria-hidden="true">
          {state === 'done' && <Check size={14} strokeWidth={1.5} absoluteStrokeWidth />}
          {state === 'running' && <span className="dot un" />}
        </span>
        <span className={quiet}>{name}</span>
      </span>
      <span className="thin" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className={state === 'waiting' ? 'n r q' : 'n r'}>{count(here)}</span>
      <span className="n r q">{count(total)}</span>
    </div>
  );
}

function Connection({ status }: { readonly status: ReturnType<typeof useSync.getState>['status'] }) {
  if (status === null) return <span>Waiting for the first answer</span>;
  const connected = status.state === 'online' || status.state === 'syncing';
  const host = status.server.replace(/^https?:\/\//, '');
  return (
    <span className="row tr">
      <span className={connected ? 'dot on' : 'dot off'} aria-hidden="true" />
      <span className="tr">
        {connected
          ? `Connected to ${host}`
          : `${status.error?.message ?? 'No connection.'} What is here stays; the rest comes with the connection.`}
      </span>
    </span>
  );
}
