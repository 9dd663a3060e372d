import type { SyncStatus } from '../../../shared/ipc.ts';
import { counted } from '../../format.ts';

export interface SyncWords {
  readonly title: string;
  readonly note: string;
  /** off: hollow ring; on: pine dot; busy: ring that fills; need: diamond. */
  readonly mark: 'off' | 'on' | 'busy' | 'need';
}

/** A device's standing as a person says it. Being offline is ordinary; only what needs a person is marked. */
export function syncWords(status: SyncStatus | null): SyncWords {
  if (status === null) return { title: 'Looking at the sync', note: 'One moment.', mark: 'off' };
  const waiting = counted(status.waiting, 'change', 'changes');
  const safe =
    status.waiting === 0
      ? 'Everything made here has been sent.'
      : `${waiting} saved here, sent when the connection is back. Nothing is lost by closing Roadbook.`;
  switch (status.state) {
    case 'online':
      return status.waiting === 0
        ? { title: 'In step with the server', note: safe, mark: 'on' }
        : { title: 'Online', note: `${waiting} on the way to the server.`, mark: 'busy' };
    case 'syncing':
      return { title: 'Syncing', note: 'Sending what was made here and fetching what is new.', mark: 'busy' };
    case 'offline':
      return { title: 'Offline', note: safe, mark: 'off' };
    case 'by-hand':
      return {
        title: 'Syncs when you ask',
        note:
          status.waiting === 0
            ? 'Everything made here has been sent. What is new on the server comes when you sync.'
            : `${waiting} saved here, sent when you sync. Nothing is lost by closing Roadbook.`,
        mark: 'off',
      };
    case 'signed-out':
      return {
        title: 'Signed out of the server',
        note:
          status.waiting === 0
            ? 'Everything made here has been sent. Sign in again to stay in step.'
            : `${waiting} saved here. Nothing is lost: they are sent once you have signed in again.`,
        mark: 'need',
      };
    case 'error':
      return {
        title: 'The last sync did not finish',
        note: `Roadbook tries again by itself. ${safe}`,
        mark: 'off',
      };
  }
}
