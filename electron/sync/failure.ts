import { type PlainError, RoadbookError, toPlainError } from '../../shared/errors.ts';
import type { SyncStatus } from '../../shared/ipc/session.ts';

/** What a failed exchange means for the person; nothing that waits here is touched by it. */
export interface Failure {
  readonly state: Extract<SyncStatus['state'], 'offline' | 'signed-out' | 'error'>;
  /** Shown to the person; being offline is no error. */
  readonly error: PlainError | null;
}

export function failureOf(error: unknown): Failure {
  const plain = toPlainError(error);
  if (plain.code === 'sync.offline') return { state: 'offline', error: null };
  return { state: isSignedOut(error) ? 'signed-out' : 'error', error: plain };
}

/** The session is over: only a new sign-in helps. Trying too often is not that. */
function isSignedOut(error: unknown): boolean {
  return (
    error instanceof RoadbookError && error.code.startsWith('auth.') && error.code !== 'auth.too_many_tries'
  );
}
