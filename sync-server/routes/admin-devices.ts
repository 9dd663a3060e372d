import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { RoadbookError } from '../../shared/errors.ts';
import { schemas } from '../../shared/model/field.ts';
import { OrderKind } from '../../shared/sync/orders.ts';
import { routes } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { authenticateAdmin } from '../http/authenticate.ts';
import { OFFLINE_DAYS } from '../store/devices.ts';
import type { OrderRow } from '../store/orders.ts';

const Id = Type.Object({ id: schemas.Id });
const Name = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
);
const Kind = Type.Object({ kind: OrderKind }, { additionalProperties: false });
const Days = Type.Object(
  { days: Type.Integer({ minimum: OFFLINE_DAYS.least, maximum: OFFLINE_DAYS.most }) },
  { additionalProperties: false },
);

/** Devices: their names, their access, the orders to leave or to wipe at once, and the receipts. */
export const adminDeviceRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens, hub } = context;
    const admin = (request: FastifyRequest, action: string, object: string) =>
      authenticateAdmin(store, tokens, request, action, object);
    const found = (done: boolean) => {
      if (!done) throw new RoadbookError('record.not_found');
      // Streams of the device end at once.
      hub.look();
    };

    app.patch<{ Params: Static<typeof Id>; Body: Static<typeof Name> }>(
      routes.device,
      { schema: { params: Id, body: Name } },
      async (request, reply) => {
        const { tenant, userName } = await admin(request, 'name', 'devices');
        found(await store.devices.rename(tenant, request.params.id, request.body.name, userName));
        return reply.code(204).send();
      },
    );

    app.post<{ Params: Static<typeof Id> }>(
      routes.deviceRevoke,
      { schema: { params: Id } },
      async (request, reply) => {
        const { tenant, userName } = await admin(request, 'revoke', 'devices');
        found(await store.devices.revoke(tenant, request.params.id, userName));
        return reply.code(204).send();
      },
    );

    app.post<{ Params: Static<typeof Id> }>(
      routes.deviceAllow,
      { schema: { params: Id } },
      async (request, reply) => {
        const { tenant, userName } = await admin(request, 'allow', 'devices');
        found(await store.devices.allow(tenant, request.params.id, userName));
        return reply.code(204).send();
      },
    );

    app.post<{ Params: Static<typeof Id>; Body: Static<typeof Kind> }>(
      routes.deviceOrder,
      { schema: { params: Id, body: Kind } },
      async (request, reply) => {
        const { tenant, user: id, userName: name } = await admin(request, 'wipe', 'devices');
        const { order } = await store.orders.give(tenant, request.params.id, request.body.kind, { id, name });
        found(true);
        return reply.code(201).send({ id: order.id });
      },
    );

    app.get(routes.deviceOrders, async (request) => {
      const { tenant } = await admin(request, 'read', 'the orders to devices');
      return { orders: (await store.orders.list(tenant)).map(shownOrder) };
    });

    app.get(routes.longestOffline, async (request) => {
      const { tenant } = await admin(request, 'read', 'the longest time offline');
      return { days: await store.devices.offlineDays(tenant) };
    });

    app.put<{ Body: Static<typeof Days> }>(
      routes.longestOffline,
      { schema: { body: Days } },
      async (request) => {
        const { tenant, userName } = await admin(request, 'change', 'the longest time offline');
        await store.devices.setOfflineDays(tenant, request.body.days, userName);
        return { days: request.body.days };
      },
    );
  };

/** Without the nonce, which stands for the device. */
function shownOrder(row: OrderRow) {
  return {
    id: row.id,
    device: row.device,
    deviceName: row.deviceName,
    userName: row.userName,
    kind: row.kind,
    by: row.made_by_name,
    at: row.at,
    state: row.state,
    deliveredAt: row.delivered_at,
    settledAt: row.settled_at,
    wipedAt: row.wiped_at,
    taken: Number(row.taken),
    held: Number(row.held),
    unsent: row.unsent === null ? null : Number(row.unsent),
  };
}
