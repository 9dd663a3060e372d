import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { RoadbookError } from '../../shared/errors.ts';
import { schemas } from '../../shared/model/field.ts';
import { OrderKind } from '../../shared/sync/orders.ts';
import { devicesPage } from '../admin/devices-page.ts';
import { Overview } from '../admin/overview.ts';
import type { AdminUser } from '../admin/sessions.ts';
import type { Context } from '../context.ts';
import { type ConsoleGuard, checkOrigin } from '../http/console-guard.ts';
import { OFFLINE_DAYS } from '../store/devices.ts';

const Query = Type.Object({
  said: Type.Optional(Type.String({ maxLength: 20 })),
  ask: Type.Optional(OrderKind),
  device: Type.Optional(schemas.Id),
});
const NameForm = Type.Object({ device: schemas.Id, name: Type.String({ minLength: 1, maxLength: 100 }) });
const AccessForm = Type.Object({
  device: schemas.Id,
  act: Type.Union([Type.Literal('revoke'), Type.Literal('allow')]),
});
const OrderForm = Type.Object({ device: schemas.Id, kind: OrderKind });
const DaysForm = Type.Object({ days: Type.String({ pattern: '^[0-9]{1,4}$' }) });

/** What the page says after an act: words of ours, named in the address and never taken from it. */
const words: Record<string, string> = {
  name: 'Named. The name stays when its person signs in again.',
  revoke: 'The device may no longer sync. Nothing on it is touched.',
  allow: 'Its person may sign in on it again.',
  leave: 'Ordered. The device hands in what it holds at its next contact, then wipes itself.',
  lost: 'Ordered. The device wipes itself at its next contact.',
  offline: 'Changed.',
  days: `Days are a whole number from ${OFFLINE_DAYS.least} to ${OFFLINE_DAYS.most}. Nothing was changed.`,
};

/** The console's page about devices: names, access, orders and receipts. */
export const consoleDeviceRoutes =
  (context: Context, guard: ConsoleGuard): FastifyPluginAsync =>
  async (app) => {
    const { store, syncLog, hub } = context;

    app.get<{ Querystring: Static<typeof Query> }>(
      '/admin/devices',
      { schema: { querystring: Query } },
      async (request, reply) => {
        const admin = await guard.adminOf(request);
        if (admin === undefined) return reply.redirect('/admin', 303);
        const { said, ask, device: asked } = request.query;
        const devices = await new Overview(store, syncLog, admin.tenant).devices();
        const device = devices.find(({ id }) => id === asked);
        const text = devicesPage({
          admin,
          now: store.environment.now(),
          backups: context.backups(),
          devices,
          orders: await store.orders.list(admin.tenant),
          days: await store.devices.offlineDays(admin.tenant),
          said: words[said ?? ''] ?? '',
          asking: ask === undefined || device === undefined ? undefined : { device, kind: ask },
        });
        return reply.type('text/html; charset=utf-8').send(text);
      },
    );

    /** An act of an admin on this page; it answers with the page and what it has come to. */
    const act = async (
      request: Pick<FastifyRequest, 'headers' | 'cookies'>,
      reply: FastifyReply,
      work: (admin: AdminUser) => Promise<string>,
    ) => {
      checkOrigin(request as FastifyRequest);
      const admin = await guard.adminOf(request as FastifyRequest);
      if (admin === undefined) return reply.redirect('/admin', 303);
      const said = await work(admin);
      // Streams of the device end at once.
      hub.look();
      return reply.redirect(`/admin/devices?said=${said}`, 303);
    };
    const found = (done: boolean) => {
      if (!done) throw new RoadbookError('record.not_found');
    };

    app.post<{ Body: Static<typeof NameForm> }>(
      '/admin/devices/name',
      { schema: { body: NameForm } },
      (request, reply) =>
        act(request, reply, async (admin) => {
          const { device, name } = request.body;
          found(await store.devices.rename(admin.tenant, device, name, admin.name));
          return 'name';
        }),
    );

    app.post<{ Body: Static<typeof AccessForm> }>(
      '/admin/devices/access',
      { schema: { body: AccessForm } },
      (request, reply) =>
        act(request, reply, async (admin) => {
          const { body } = request;
          found(await store.devices[body.act](admin.tenant, body.device, admin.name));
          return body.act;
        }),
    );

    app.post<{ Body: Static<typeof OrderForm> }>(
      '/admin/devices/order',
      { schema: { body: OrderForm } },
      (request, reply) =>
        act(request, reply, async ({ tenant, id, name }) => {
          const { device, kind } = request.body;
          await store.orders.give(tenant, device, kind, { id, name });
          return kind;
        }),
    );

    app.post<{ Body: Static<typeof DaysForm> }>(
      '/admin/devices/offline',
      { schema: { body: DaysForm } },
      (request, reply) =>
        act(request, reply, async (admin) => {
          const days = Number(request.body.days);
          if (days < OFFLINE_DAYS.least || days > OFFLINE_DAYS.most) return 'days';
          await store.devices.setOfflineDays(admin.tenant, days, admin.name);
          return 'offline';
        }),
    );
  };
