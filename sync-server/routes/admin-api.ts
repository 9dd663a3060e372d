import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { schemas } from '../../shared/model/field.ts';
import { routes } from '../../shared/sync/wire.ts';
import { Overview } from '../admin/overview.ts';
import type { Context } from '../context.ts';
import { authenticateAdmin } from '../http/authenticate.ts';

const Query = Type.Object({
  user: Type.Optional(schemas.Id),
  device: Type.Optional(schemas.Id),
  since: Type.Optional(schemas.Instant),
  problem: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  /** Cursor of the page before. */
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
});

const MOST = 500;

/** What an admin's own programs may read. */
export const adminApiRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const overviewFor = async (request: FastifyRequest) => {
      const { store, tokens } = context;
      const principal = await authenticateAdmin(store, tokens, request, 'read', 'the sync log');
      return new Overview(context.store, context.syncLog, principal.tenant);
    };

    app.get<{ Querystring: Static<typeof Query> }>(
      routes.syncLog,
      { schema: { querystring: Query } },
      async (request) => {
        const overview = await overviewFor(request);
        const { user, device, since, problem, before, limit } = request.query;
        const most = Math.max(1, Math.min(Number(limit ?? 100), MOST));
        const lines = await overview.lines({
          limit: most + 1,
          ...(user === undefined ? {} : { user }),
          ...(device === undefined ? {} : { device }),
          ...(since === undefined ? {} : { since }),
          ...(problem === 'true' ? { problem: true } : {}),
          ...(before === undefined ? {} : { before: Number(before) }),
        });
        const shown = lines.slice(0, most);
        return {
          lines: shown.map((line) => ({ ...line, steps: JSON.parse(line.steps) as unknown })),
          next: lines.length > most ? String(shown.at(-1)?.id) : null,
        };
      },
    );

    app.get(routes.devices, async (request) => {
      const overview = await overviewFor(request);
      return { devices: await overview.devices() };
    });
  };
