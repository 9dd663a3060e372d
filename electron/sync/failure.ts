import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { SyncStatus } from '../../shared/ipc/session.ts';

/** What a failed exchange means for the person; nothing that waits here is touched by it. */
export interface Failure {
  readonly state: Extract<SyncStatus['state'], 'offline' | 'signed-out' | 'error'>;
  /** Shown to the person; being offline is no error. */
  readonly error: PlainError | null;
  /** Milliseconds that the server wants to be left alone. */
  readonly wait?: number;
}

/** Longest wait that a server is granted, milliseconds: an hour. */
const LONGEST_WAIT = 3_600_000;

export function failureOf(error: unknown): Failure {
  const plain = toPlainError(error);
  switch (plain.code) {
    case 'sync.offline':
      return { state: 'offline', error: null };
    case 'sync.in_between':
      return { state: 'offline', error: plain };
    case 'sync.bad_address':
      // The address was right when this person signed in: a portal or a proxy answers in the server's place.
      return { state: 'offline', error: toPlainError(new RoadbookError('sync.in_between')) };
    case 'request.rate_limited':
    case 'auth.too_many_tries':
      return { state: 'error', error: plain, wait: waitOf(plain.details) };
    default:
      return { state: plain.code.startsWith('auth.') ? 'signed-out' : 'error', error: plain };
  }
}

function waitOf(details: PlainError['details']): number {
  const seconds = Number(details.seconds);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT) : 0;
}
