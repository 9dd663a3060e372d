import type { FastifyRequest } from 'fastify';
import { type ErrorCode, RoadbookError } from '../../shared/errors.ts';
import type { AccessTokens } from '../auth/access-tokens.ts';
import type { SessionState } from '../store/accounts.ts';
import type { Principal } from '../store/principal.ts';
import type { Leaving } from '../store/push.ts';
import type { Store } from '../store/store.ts';
import { withOrder } from './orders.ts';

export interface Authenticated {
  readonly principal: Principal;
  readonly session: string;
  /** When the access token ends, milliseconds. */
  readonly expiresAt: number;
}

/**
 * Who sent this request. What refuses a device also tells it of an order that it has not followed yet.
 * @throws auth.required, auth.token_expired, auth.token_invalid, auth.token_reused, auth.device_revoked,
 *   auth.person_disabled
 */
export async function authenticate(
  store: Store,
  tokens: AccessTokens,
  request: FastifyRequest,
): Promise<Authenticated> {
  const { state, session, expiresAt, toLeave } = await known(store, tokens, request);
  const problem = problemOf(state, toLeave);
  if (problem !== null)
    throw await withOrder(store, new RoadbookError(problem), state.principal.device, state.principal.tenant);
  return { principal: state.principal, session, expiresAt };
}

/**
 * Who sends edits. A device that was told to leave may send them whatever has become of its session or its person: then
 * they are held, and nothing of them is applied.
 * @throws as authenticate()
 */
export async function authenticateSender(
  store: Store,
  tokens: AccessTokens,
  request: FastifyRequest,
): Promise<{ principal: Principal; leaving: Leaving | undefined }> {
  const { state, toLeave } = await known(store, tokens, request);
  const { principal } = state;
  const because = problemOf(state, toLeave);
  if (await store.orders.isLeaving(principal.tenant, principal.device)) {
    return { principal, leaving: { because } };
  }
  if (because !== null)
    throw await withOrder(store, new RoadbookError(because), principal.device, principal.tenant);
  return { principal, leaving: undefined };
}

/** The session that a token names, whatever has become of it. */
async function known(store: Store, tokens: AccessTokens, request: FastifyRequest) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw new RoadbookError('auth.required');
  const { session, expiresAt, toLeave } = await tokens.read(token);
  const state = await store.accounts.principal(session);
  if (state === undefined) throw new RoadbookError('auth.token_invalid');
  return { state, session, expiresAt, toLeave };
}

/** Why a session is not worth anything any more; null while it is. */
function problemOf(state: SessionState, toLeave: boolean): ErrorCode | null {
  if (!state.active) return 'auth.person_disabled';
  if (state.revoked) return 'auth.device_revoked';
  if (state.endedBecause === 'reused') return 'auth.token_reused';
  return state.endedBecause !== null || toLeave ? 'auth.token_invalid' : null;
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
