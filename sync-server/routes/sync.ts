import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { RoadbookError } from '../../shared/errors.ts';
import { MAX_GROUPS, PullRequest, PushRequest, routes, SyncReport } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { authenticate, authenticateSender } from '../http/authenticate.ts';
import { sendProblem, toRoadbookError } from '../http/problems.ts';
import { Exchange } from '../ops/exchange.ts';
import { instant } from '../store/environment.ts';
import type { Principal } from '../store/principal.ts';

const PUSH_LIMIT = 32 * 1024 * 1024;
const SMALL_LIMIT = 256 * 1024;

/** The envelope of a push. Groups are checked one by one, so that a wrong one is refused alone. */
const PushEnvelope = Type.Object({
  ...PushRequest.properties,
  groups: Type.Array(Type.Unknown(), { maxItems: MAX_GROUPS }),
});

/** Push, pull and report: one exchange, one line in the admin's log. */
export const syncRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens } = context;

    /** Runs one request of an exchange; its line is written whether it went well or not. */
    const exchange = async (
      request: FastifyRequest<{ Body: { protocol: number; exchange: string } }>,
      reply: FastifyReply,
      work: (exchange: Exchange) => Promise<FastifyReply>,
      sender?: Principal,
    ): Promise<FastifyReply> => {
      const principal = sender ?? (await authenticate(store, tokens, request)).principal;
      const line = new Exchange(context, principal, request);
      // Whoever is too old to be given anything may still send what they have.
      const onlySends = request.routeOptions.url === routes.push;
      try {
        if (!onlySends && request.body.protocol < context.oldestProtocol)
          throw new RoadbookError('sync.client_too_old');
        return await work(line);
      } catch (error) {
        const known = toRoadbookError(error as Error & { code: string });
        const about = { requestId: request.id, exchange: request.body.exchange };
        if (known.status >= 500) request.log.error({ ...about, err: error }, 'sync failed');
        else request.log.warn({ ...about, code: known.code }, 'sync refused');
        await line.failed(known);
        return sendProblem(reply, request, known);
      }
    };

    await app.register(async (push) => {
      // Keys such as `__proto__` are read as plain keys and refused with the group that holds them (store/safe-value.ts):
      // were the request refused, the group would hold up everything that its device has to send.
      push.addContentTypeParser(
        'application/json',
        { parseAs: 'string' },
        push.getDefaultJsonParser('ignore', 'ignore'),
      );
      push.post<{ Body: PushRequest }>(
        routes.push,
        { schema: { body: PushEnvelope }, bodyLimit: PUSH_LIMIT },
        async (request, reply) => {
          const { principal, leaving } = await authenticateSender(store, tokens, request);
          const push = async (line: Exchange) => {
            const { epoch, groups } = request.body;
            line.received(groups);
            const pushed = await store.repository(principal).push(epoch, groups, leaving);
            if (leaving !== undefined) {
              const { tenant, device } = principal;
              await store.orders.took(tenant, device, pushed.fresh, sizesOf(groups));
            }
            for (const { group, error } of pushed.undecided) {
              request.log.error(
                { err: error, exchange: request.body.exchange, group },
                'group was left undecided',
              );
            }
            const answer = JSON.stringify({
              epoch: store.origin.epoch,
              verdicts: pushed.verdicts,
              durableThrough: await store.durableThrough(line.principal.tenant),
              serverTime: instant(store.environment.now()),
            });
            await line.decided(pushed, answer.length);
            return reply.type('application/json; charset=utf-8').send(answer);
          };
          return exchange(request, reply, push, principal);
        },
      );
    });

    app.post<{ Body: PullRequest }>(
      routes.pull,
      { schema: { body: PullRequest }, bodyLimit: SMALL_LIMIT },
      (request, reply) =>
        exchange(request, reply, async (line) => {
          const { checkpoint, limit } = request.body;
          const page = await store.repository(line.principal).pull(checkpoint, limit);
          await store.withdrawals.told(line.principal, page.lost);
          const { rows, memberships, changes, ...rest } = page;
          const { device, tenant } = line.principal;
          const order = await store.orders.openFor(device, tenant);
          const tail = JSON.stringify({
            epoch: store.origin.epoch,
            ...rest,
            ...(order === undefined ? {} : { order }),
            serverTime: instant(store.environment.now()),
          });
          // Rows are stored as they travel: a page is their texts in a row.
          const answer = `{"rows":[${rows.join(',')}],"memberships":[${memberships.join(',')}],"changes":[${changes.join(',')}],${tail.slice(1)}`;
          await line.sent(page, answer.length);
          return reply.type('application/json; charset=utf-8').send(answer);
        }),
    );

    app.post<{ Body: SyncReport }>(
      routes.report,
      { schema: { body: SyncReport }, bodyLimit: SMALL_LIMIT },
      (request, reply) =>
        exchange(request, reply, async (line) => {
          const { holds, removed } = request.body;
          if (holds !== undefined) await store.withdrawals.received(line.principal, holds, removed ?? 0);
          await line.reported(request.body);
          return reply.code(204).send();
        }),
    );
  };

/** Changes per group, of groups as they came: what was not readable was not taken in either. */
function sizesOf(groups: readonly unknown[]): Map<string, number> {
  return new Map(
    groups.flatMap((group): [string, number][] => {
      const { id, mutations } = (group ?? {}) as { id?: unknown; mutations?: unknown };
      return typeof id === 'string' && Array.isArray(mutations) ? [[id, mutations.length]] : [];
    }),
  );
}
