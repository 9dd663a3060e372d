import type { AppState } from '../../../shared/ipc.ts';
import { count } from '../../format.ts';
import type { FirstSync } from './progress.ts';
import type { Step } from './Strip.tsx';

/** The six steps of a first run, told as far as they are known. */
export function stepsFor(state: AppState, sync?: FirstSync): readonly Step[] {
  const { user, phase } = state;
  const past = (candidates: readonly AppState['phase'][]) => candidates.includes(phase);
  return [
    { title: past(['sign-in']) ? 'Sign in' : 'Signed in', note: user?.name ?? 'once, with a connection' },
    {
      title: past(['first-sync']) ? 'Key made on this device' : 'Make the key on this device',
      note: past(['first-sync']) ? 'recovery code confirmed' : 'a passphrase and a recovery code',
    },
    {
      title: 'Records copied',
      note:
        sync === undefined
          ? 'everything works without a connection'
          : `${count(sync.rows)} of ${count(sync.total)} records`,
    },
    { title: 'Search index built', note: 'while rows arrive' },
    { title: 'Compared with the server', note: 'every record, by its digest' },
    { title: 'On the road', note: 'no connection needed' },
  ];
}
