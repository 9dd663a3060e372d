import type { AppState } from '../../../shared/ipc.ts';
import { counted, instant } from '../../format.ts';

export interface WipedWords {
  readonly title: string;
  readonly lead: string;
  /** What became of the changes that were made here. */
  readonly changes: string;
  readonly next: string;
}

/** What a person reads after a wipe. */
export function wipedWords(wiped: AppState['wiped'], now: Date): WipedWords {
  const when = wiped === undefined ? '' : `, ${instant(wiped.at, now)}`;
  const next = 'This device can be set up again at any time, by anybody who may sign in to a company.';
  if (wiped?.kind === 'leave') {
    return {
      title: 'This device has left the company',
      lead: `Everything that was made here was handed in, then the device was wiped${when}.`,
      changes:
        'None was lost. The server took in all of them; what it could not apply waits there for an admin.',
      next,
    };
  }
  return {
    title: 'This device was wiped',
    lead: `An admin declared it lost or stolen, so its records were removed${when}.`,
    changes: unsentWords(wiped?.unsent ?? null),
    next: `If it is in your hands, tell your admin. ${next}`,
  };
}

function unsentWords(unsent: number | null): string {
  if (unsent === null) return 'What had been sent is on the server. What had not been sent is gone.';
  if (unsent === 0) return 'None was lost: everything that was made here had been sent.';
  const many = unsent === 1 ? 'One change' : counted(unsent, 'change', 'changes');
  return `${many} that had not been sent ${unsent === 1 ? 'is' : 'are'} gone. Everything else is on the server.`;
}
