import type { SessionUser, SignInResponse, Tokens } from '../../shared/sync/wire.ts';
import type { Device } from './context.ts';

/** Who is signed in where. Lives only inside the encrypted store. */
export interface StoredSession {
  readonly server: string;
  readonly device: Device;
  readonly user: SessionUser;
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** '' after the server has ended the session. */
  readonly refreshToken: string;
}

export function signedIn(server: string, device: Device, answer: SignInResponse, now: number): StoredSession {
  return withTokens({ server, device, user: answer.user }, answer, now);
}

/** The same session with new tokens. */
export function withTokens(
  session: Pick<StoredSession, 'server' | 'device' | 'user'>,
  tokens: Tokens,
  now: number,
): StoredSession {
  const { server, device, user } = session;
  return {
    server,
    device,
    user,
    accessToken: tokens.accessToken,
    expiresAt: now + tokens.expiresIn * 1000,
    refreshToken: tokens.refreshToken,
  };
}
