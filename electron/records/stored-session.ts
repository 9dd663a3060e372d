import type { OrderTrust } from '../../shared/sync/orders.ts';
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
  /** How this device knows an order of its company; absent until the server has said so. */
  readonly orders?: OrderTrust;
}

export function signedIn(server: string, device: Device, answer: SignInResponse, now: number): StoredSession {
  const { user, orders } = answer;
  const session = withTokens({ server, device, user }, answer, now);
  return orders === undefined ? session : { ...session, orders };
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
