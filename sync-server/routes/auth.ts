import type { FastifyPluginAsync } from 'fastify';
import { RoadbookError } from '../../shared/errors.ts';
import {
  RefreshRequest,
  routes,
  SignInRequest,
  type SignInResponse,
  type Tokens,
} from '../../shared/sync/wire.ts';
import { ACCESS_SECONDS } from '../auth/access-tokens.ts';
import { checkActive, type KnownUser, personOf } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { authenticate } from '../http/authenticate.ts';
import { withOrder } from '../http/orders.ts';
import type { NewDevice, Session } from '../store/sessions.ts';

const BODY_LIMIT = 16 * 1024;
/** Last sign-in of a device that was there before sign-ins were noted. */
const BEFORE_ALL = '1970-01-01T00:00:00.000Z';

export const authRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens, attempts } = context;

    const answer = async (session: Session): Promise<Tokens> => ({
      accessToken: await tokens.issue(session.id),
      expiresIn: ACCESS_SECONDS,
      refreshToken: session.refreshToken,
      orders: await store.orders.trust(
        session.tenant,
        session.signedInAt === '' ? BEFORE_ALL : session.signedInAt,
      ),
    });

    /** A refusal for a caller who has proved to be the device: with what the device is ordered to do. */
    const refuse = async (error: unknown, device: string, tenant: string): Promise<never> => {
      if (!(error instanceof RoadbookError)) throw error;
      throw await withOrder(store, error, device, tenant);
    };

    /** The right password is a proof for the devices of its person, and for no others. */
    const startSession = async (user: KnownUser, device: NewDevice, address: string): Promise<Session> => {
      try {
        checkActive(user);
        return await store.sessions.signIn(user, device, address);
      } catch (error) {
        if (!(await store.devices.isKnown(user.tenant, user.id, device.id))) throw error;
        return refuse(error, device.id, user.tenant);
      }
    };

    /** A refresh token that was once given to the device is a proof, whatever has become of its session. */
    const refuseRefresh = async (
      error: unknown,
      { refreshToken, device }: RefreshRequest,
    ): Promise<never> => {
      const owner = await store.sessions.ownerOf(refreshToken, device);
      if (owner === undefined) throw error;
      return refuse(error, device, owner.tenant);
    };

    /**
     * A device that was told to leave gets in once more, whatever has become of its session: with a token that is good for
     * nothing but to send what it still holds.
     */
    const refreshToLeave = async ({ refreshToken, device }: RefreshRequest): Promise<Tokens | undefined> => {
      const owner = await store.sessions.ownerOf(refreshToken, device);
      if (owner === undefined || !(await store.orders.isLeaving(owner.tenant, device))) return undefined;
      const accessToken = await tokens.issue(owner.session, true);
      return { accessToken, expiresIn: ACCESS_SECONDS, refreshToken };
    };

    app.post<{ Body: SignInRequest }>(
      routes.signIn,
      { schema: { body: SignInRequest }, bodyLimit: BODY_LIMIT },
      async (request): Promise<SignInResponse> => {
        const { email, password, device } = request.body;
        const credentials = { email, password, device: device.id, address: request.ip };
        const user = await personOf(store, attempts, credentials);
        const session = await startSession(user, device, request.ip);
        request.log.info({ user: user.id, device: device.id }, 'signed in');
        return {
          ...(await answer(session)),
          user: {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            tenant: user.tenant,
            tenantName: user.tenant_name,
            team: user.team,
            territory: user.territory,
          },
        };
      },
    );

    app.post<{ Body: RefreshRequest }>(
      routes.refresh,
      { schema: { body: RefreshRequest }, bodyLimit: BODY_LIMIT },
      async (request) => {
        const { refreshToken, device } = request.body;
        try {
          return await answer(await store.sessions.refresh(refreshToken, device, request.ip));
        } catch (error) {
          return (await refreshToLeave(request.body)) ?? (await refuseRefresh(error, request.body));
        }
      },
    );

    app.post(routes.signOut, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const { principal } = await authenticate(store, tokens, request);
      await store.sessions.signOut(principal.tenant, principal.device);
      context.hub.look();
      return reply.code(204).send();
    });
  };
