import type { FastifyPluginAsync } from 'fastify';
import {
  RefreshRequest,
  routes,
  SignInRequest,
  type SignInResponse,
  type Tokens,
} from '../../shared/sync/wire.ts';
import { ACCESS_SECONDS } from '../auth/access-tokens.ts';
import { checkPassword } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { authenticate } from '../http/authenticate.ts';
import type { Session } from '../store/devices.ts';

const BODY_LIMIT = 16 * 1024;

export const authRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens, attempts } = context;

    const answer = async (session: Session): Promise<Tokens> => ({
      accessToken: await tokens.issue(session.id),
      expiresIn: ACCESS_SECONDS,
      refreshToken: session.refreshToken,
    });

    app.post<{ Body: SignInRequest }>(
      routes.signIn,
      { schema: { body: SignInRequest }, bodyLimit: BODY_LIMIT },
      async (request): Promise<SignInResponse> => {
        const { email, password, device } = request.body;
        const user = await checkPassword(store, attempts, {
          email,
          password,
          device: device.id,
          address: request.ip,
        });
        const session = await store.devices.signIn(user, device, request.ip);
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
      async (request) => answer(await store.devices.refresh(request.body.refreshToken, request.body.device)),
    );

    app.post(routes.signOut, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const { principal } = await authenticate(store, tokens, request);
      await store.devices.signOut(principal.tenant, principal.device);
      context.hub.look();
      return reply.code(204).send();
    });
  };
