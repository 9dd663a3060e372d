import type { SyncStatus } from '../../../shared/ipc.ts';
import { count, counted, instant, time, today } from '../../format.ts';
import { navigate } from '../../state/router.ts';
import { useSync } from '../../state/sync.ts';

export interface PillState {
  readonly mark: 'offline' | 'in-step' | 'sending' | 'waiting' | 'needs-you';
  readonly text: string;
  /** 0 to 1 while sending. */
  readonly progress: number;
}

/** One line about the sync, never alarming: being offline is normal. */
export function pillState(status: SyncStatus, now: Date = new Date()): PillState {
  const saved = counted(status.waiting, 'change', 'changes');
  const waits = status.waiting > 0;
  switch (status.state) {
    case 'offline':
      return plain('offline', waits ? `Offline, ${saved} saved here` : 'Offline');
    case 'by-hand':
      return plain('offline', waits ? `By hand, ${saved} saved here` : 'Syncs by hand');
    case 'signed-out':
      return plain('offline', waits ? `Signed out, ${saved} saved here` : 'Signed out');
    case 'error':
      return plain('offline', waits ? `Not in step, ${saved} saved here` : 'Not in step');
    case 'syncing': {
      const { progress } = status;
      const part = progress === null || progress.total === 0 ? 0.5 : progress.rows / progress.total;
      const text = waits
        ? `Sending ${saved}`
        : progress !== null && !progress.done
          ? `Receiving ${count(progress.rows)}`
          : 'Syncing';
      return { mark: 'sending', text, progress: Math.min(1, part) };
    }
    case 'online':
      if (status.needYou > 0) {
        return plain('needs-you', status.needYou === 1 ? '1 needs you' : `${count(status.needYou)} need you`);
      }
      if (waits) return plain('waiting', `${saved} waiting`);
      return plain('in-step', `In step${since(status.lastSyncAt, now)}`);
  }
}

function since(at: string | null, now: Date): string {
  if (at === null) return '';
  return today(new Date(at)) === today(now) ? `, ${time(at)}` : `, ${instant(at, now)}`;
}

function plain(mark: PillState['mark'], text: string): PillState {
  return { mark, text, progress: 0 };
}

export function SyncPill() {
  const status = useSync((state) => state.status);
  const pill = status === null ? null : pillState(status);
  const open = () => navigate(pill?.mark === 'needs-you' ? { name: 'inbox' } : { name: 'sync' });
  return (
    <button type="button" className="sync" onClick={open} title={pill?.text}>
      {pill !== null && <PillMark pill={pill} />}
      <span className="tr" role="status">
        {pill?.text}
      </span>
    </button>
  );
}

function PillMark({ pill }: { readonly pill: PillState }) {
  switch (pill.mark) {
    case 'offline':
      return <span className="dot off" aria-hidden="true" />;
    case 'in-step':
      return <span className="dot on" aria-hidden="true" />;
    case 'waiting':
      return <span className="dot un" aria-hidden="true" />;
    case 'needs-you':
      return <span className="dia" aria-hidden="true" />;
    case 'sending':
      return (
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className="sync-ring">
          <circle cx="4" cy="4" r="3.25" className="sync-ring-all" />
          <circle
            cx="4"
            cy="4"
            r="3.25"
            pathLength="1"
            strokeDasharray={`${Math.max(0.08, pill.progress)} 1`}
            className="sync-ring-part"
          />
        </svg>
      );
  }
}
