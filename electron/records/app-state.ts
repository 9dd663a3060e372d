import { hostname } from 'node:os';
import type { PlainError } from '../../shared/errors.ts';
import type { AppState } from '../../shared/ipc/session.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import type { KeychainState } from './keyring.ts';
import { dueBy, readNotice } from './notice.ts';
import type { SessionParts } from './session-parts.ts';
import type { WipeMark } from './wipe.ts';

/** What the session knows that the window shows. */
export interface Shown {
  readonly phase: AppState['phase'];
  readonly error: PlainError | null;
  readonly user: SessionUser | null;
  /** Address that the sign-in form starts with. */
  readonly server: string;
  readonly keychain: KeychainState;
  readonly isOpen: boolean;
  /** This device was told to leave the company and sends what it holds. */
  readonly leaving: boolean;
  /** What happened to a wiped device. */
  readonly wiped: WipeMark | null;
  /** How much of records of an earlier version is prepared, 0 to 1; null while nothing is. */
  readonly preparing: number | null;
}

/** The state as the window hears it. While locked it has numbers without content, and nobody's name. */
export function appState(parts: Pick<SessionParts, 'files' | 'version' | 'now'>, shown: Shown): AppState {
  const { phase, error, user, server, isOpen } = shown;
  const keychain = phase === 'locked' ? shown.keychain : null;
  const lost = keychain?.state === 'changed' || keychain?.state === 'gone';
  const notice = isOpen ? null : readNotice(parts.files);
  return {
    phase,
    error,
    suggestedServer: server,
    user,
    deviceName: hostname(),
    version: parts.version,
    waiting: notice?.waiting ?? null,
    due: notice && dueBy(notice, localDay(parts.now())),
    keychain: keychain?.state === 'ready',
    ...(shown.preparing === null ? {} : { preparing: shown.preparing }),
    ...(shown.leaving ? { leaving: true } : {}),
    ...(shown.wiped === null
      ? {}
      : { wiped: { kind: shown.wiped.kind, at: shown.wiped.at, unsent: shown.wiped.unsent } }),
    ...(lost ? { keychainLost: { was: keychain.was, now: keychain.now } } : {}),
  };
}

/** yyyy-mm-dd where the person is. */
function localDay(now: number): string {
  const date = new Date(now);
  return new Date(now - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
