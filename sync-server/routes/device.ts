import type { FastifyPluginAsync } from 'fastify';
import { LeaveRequest, type LeaveResponse, Receipt } from '../../shared/sync/orders.ts';
import { routes } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { authenticate } from '../http/authenticate.ts';

const BODY_LIMIT = 4 * 1024;

/** What a device says about itself: that it wants to leave the company, and that it is wiped. */
export const deviceRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens } = context;

    app.post(
      routes.leave,
      { schema: { body: LeaveRequest }, bodyLimit: BODY_LIMIT },
      async (request): Promise<LeaveResponse> => {
        const { principal } = await authenticate(store, tokens, request);
        const { tenant, device, user: id, userName: name } = principal;
        const order = await store.orders.give(tenant, device, 'leave', { id, name });
        request.log.info({ device, order: order.order.id }, 'device leaves');
        return { order: (await store.orders.openFor(device, tenant)) ?? order };
      },
    );

    // No token: those of a wiped device are gone. The nonce of the order stands for it.
    app.post<{ Body: Receipt }>(
      routes.receipt,
      { schema: { body: Receipt }, bodyLimit: BODY_LIMIT },
      async (request, reply) => {
        await store.orders.receive(request.body);
        request.log.info({ order: request.body.order }, 'device wiped');
        return reply.code(204).send();
      },
    );
  };
