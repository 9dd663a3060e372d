import type { FastifyPluginAsync } from 'fastify';
import { type Static, Type } from 'typebox';
import { schemas } from '../../shared/model/field.ts';
import { scopesOf } from '../admin/scope-overview.ts';
import { scopesPage } from '../admin/scopes-page.ts';
import { reachEffect } from '../company/reach-effect.ts';
import { setReach } from '../company/scopes.ts';
import type { Context } from '../context.ts';
import { type ConsoleGuard, checkOrigin } from '../http/console-guard.ts';
import { toRoadbookError } from '../http/problems.ts';
import { system } from '../store/principal.ts';

const ReachForm = Type.Object({ role: Type.String(), reach: Type.String() });
const QuarantineForm = Type.Object({
  group: schemas.Id,
  act: Type.Union([Type.Literal('restore'), Type.Literal('dismiss')]),
});
const Query = Type.Object({
  said: Type.Optional(Type.String({ maxLength: 20 })),
  role: Type.Optional(Type.String({ maxLength: 20 })),
  reach: Type.Optional(Type.String({ maxLength: 20 })),
});

/** What a page says after an act: words of ours, named in the address and never taken from it. */
const words: Record<string, string> = {
  reach: 'Changed. Devices follow at their next contact.',
  restore: 'Applied in the name of whoever made it.',
  dismiss: 'Left unapplied. The values can still be read through the API.',
};

/** The console's page about who sees what. */
export const consoleScopeRoutes =
  (context: Context, guard: ConsoleGuard): FastifyPluginAsync =>
  async (app) => {
    const { store } = context;

    app.get<{ Querystring: Static<typeof Query> }>(
      '/admin/scopes',
      { schema: { querystring: Query } },
      async (request, reply) => {
        const admin = await guard.adminOf(request);
        if (admin === undefined) return reply.redirect('/admin', 303);
        const { role, reach, said } = request.query;
        const asked = role === undefined || reach === undefined ? undefined : { role, reach };
        const text = scopesPage({
          ...(await scopesOf(store, admin.tenant)),
          admin,
          now: store.environment.now(),
          backups: context.backups(),
          said: words[said ?? ''] ?? '',
          asking: asked && (await reachEffect(store, admin.tenant, asked.role, asked.reach)),
        });
        return reply.type('text/html; charset=utf-8').send(text);
      },
    );

    app.post<{ Body: Static<typeof ReachForm> }>(
      '/admin/scopes/reach',
      { schema: { body: ReachForm } },
      async (request, reply) => {
        checkOrigin(request);
        const admin = await guard.adminOf(request);
        if (admin === undefined) return reply.redirect('/admin', 303);
        const { role, reach } = request.body;
        await setReach(store, admin.tenant, role, reach, { kind: 'admin', name: admin.name });
        return reply.redirect('/admin/scopes?said=reach', 303);
      },
    );

    app.post<{ Body: Static<typeof QuarantineForm> }>(
      '/admin/scopes/quarantine',
      { schema: { body: QuarantineForm } },
      async (request, reply) => {
        checkOrigin(request);
        const admin = await guard.adminOf(request);
        if (admin === undefined) return reply.redirect('/admin', 303);
        const by = { ...system(admin.tenant, admin.name), user: admin.id };
        const { group, act } = request.body;
        try {
          if (act === 'dismiss') await store.quarantine.dismiss(by, group);
          else if ((await store.quarantine.restore(by, group)).number > 0) store.committed(admin.tenant);
        } catch (error) {
          // A second click, or another admin, was faster: the page shows what stands.
          if (toRoadbookError(error as Error & { code: string }).code !== 'quarantine.settled') throw error;
        }
        return reply.redirect(`/admin/scopes?said=${act}`, 303);
      },
    );
  };
