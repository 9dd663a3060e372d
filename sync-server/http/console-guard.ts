import type { FastifyRequest } from 'fastify';
import { RoadbookError } from '../../shared/errors.ts';
import type { AdminUser } from '../admin/sessions.ts';

export const COOKIE = 'roadbook_console';

/** Who is at the console. */
export interface ConsoleGuard {
  adminOf(request: FastifyRequest): Promise<AdminUser | undefined>;
}

/**
 * A form that another site sends in somebody's name is refused. The browser says where it comes from; an origin of
 * `null` can be anybody's (a sandboxed frame has it), so it counts only where the browser says more.
 */
export function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const own = site === undefined || site === 'same-origin' || site === 'none';
  const known =
    origin === undefined ||
    (origin === 'null' ? site !== undefined : URL.canParse(origin) && new URL(origin).host === host);
  if (own && known) return;
  throw new RoadbookError('permission.denied', { action: 'use', object: 'the console from another site' });
}
