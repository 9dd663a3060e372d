import type { FastifyPluginAsync } from 'fastify';
import { type Hello, PROTOCOL, routes } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { instant } from '../store/environment.ts';

/** What anybody may ask without signing in: who is there, and is it well. */
export const helloRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    app.get(
      routes.hello,
      async (): Promise<Hello> => ({
        product: 'roadbook',
        version: context.version,
        protocol: PROTOCOL,
        oldestProtocol: context.oldestProtocol,
        serverTime: instant(context.store.environment.now()),
      }),
    );

    app.get('/v1/health', async () => {
      await context.store.db.selectFrom('meta').select('key').limit(1).execute();
      const { state, lastAt } = context.backups();
      // It serves all the same: a proxy must not take it for dead because a backup failed.
      const status = state === 'failed' ? 'needs-admin' : 'ok';
      return { status, version: context.version, backup: { state, lastAt } };
    });
  };
