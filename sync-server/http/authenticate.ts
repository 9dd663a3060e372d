import type { FastifyRequest } from 'fastify';
import { RoadbookError } from '../../shared/errors.ts';
import type { AccessTokens } from '../auth/access-tokens.ts';
import type { Principal } from '../store/principal.ts';
import type { Store } from '../store/store.ts';

export interface Authenticated {
  readonly principal: Principal;
  readonly session: string;
  /** When the access token ends, milliseconds. */
  readonly expiresAt: number;
}

/**
 * Who sent this request.
 * @throws auth.required, auth.token_expired, auth.token_invalid, auth.token_reused, auth.device_revoked,
 *   auth.person_disabled
 */
export async function authenticate(
  store: Store,
  tokens: AccessTokens,
  request: FastifyRequest,
): Promise<Authenticated> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw new RoadbookError('auth.required');
  const { session, expiresAt } = await tokens.read(token);
  const state = await store.accounts.principal(session);
  if (state === undefined) throw new RoadbookError('auth.token_invalid');
  if (!state.active) throw new RoadbookError('auth.person_disabled');
  if (state.revoked) throw new RoadbookError('auth.device_revoked');
  if (state.endedBecause === 'reused') throw new RoadbookError('auth.token_reused');
  if (state.endedBecause !== null) throw new RoadbookError('auth.token_invalid');
  return { principal: state.principal, session, expiresAt };
}

/**
 * An admin's request.
 * @param object what it is about, for the refusal
 * @throws what authenticate throws, and permission.denied
 */
export async function authenticateAdmin(
  store: Store,
  tokens: AccessTokens,
  request: FastifyRequest,
  action: string,
  object: string,
): Promise<Principal> {
  const { principal } = await authenticate(store, tokens, request);
  if (principal.role !== 'admin') throw new RoadbookError('permission.denied', { action, object });
  return principal;
}
