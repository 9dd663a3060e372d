import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { RoadbookError } from '../../shared/errors.ts';
import { assetRoutes } from '../admin/assets.ts';
import { signInPage } from '../admin/frame.ts';
import { Overview } from '../admin/overview.ts';
import { AdminSessions } from '../admin/sessions.ts';
import { syncLogPage } from '../admin/sync-log-page.ts';
import { checkPassword } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { COOKIE, type ConsoleGuard, checkOrigin } from '../http/console-guard.ts';
import { toRoadbookError } from '../http/problems.ts';
import type { SyncLine } from '../ops/sync-log.ts';
import { consoleDeviceRoutes } from './admin-console-devices.ts';
import { consoleScopeRoutes } from './admin-console-scopes.ts';

const PAGE = 50;

const SignInForm = Type.Object({
  email: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
});
const Query = Type.Object({
  device: Type.Optional(Type.String({ maxLength: 36 })),
  problem: Type.Optional(Type.Literal('1')),
  /** device id, a dot, exchange id */
  exchange: Type.Optional(Type.String({ maxLength: 80 })),
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
});
type Query = Static<typeof Query>;

/** The admins' console: pages made on the server, no script at all. */
export const adminRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, syncLog, attempts } = context;
    const sessions = new AdminSessions(store.db, store.environment);
    await app.register(assetRoutes);

    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 8 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );

    const page = (reply: FastifyReply, text: string, status = 200) =>
      reply.code(status).type('text/html; charset=utf-8').send(text);

    const guard: ConsoleGuard = { adminOf: (request) => sessions.find(request.cookies[COOKIE]) };
    const { adminOf } = guard;
    await app.register(consoleScopeRoutes(context, guard));
    await app.register(consoleDeviceRoutes(context, guard));

    app.get('/admin', async (request, reply) => {
      if ((await adminOf(request)) !== undefined) return reply.redirect('/admin/sync-log', 303);
      return page(reply, signInPage());
    });

    app.post<{ Body: Static<typeof SignInForm> }>(
      '/admin/sign-in',
      { schema: { body: SignInForm } },
      async (request, reply) => {
        checkOrigin(request);
        try {
          const user = await checkPassword(store, attempts, {
            ...request.body,
            device: '',
            address: request.ip,
          });
          if (user.role !== 'admin') {
            throw new RoadbookError('permission.denied', { action: 'read', object: 'the console' });
          }
          reply.setCookie(COOKIE, await sessions.start(user), {
            path: '/admin',
            httpOnly: true,
            sameSite: 'strict',
            secure: request.protocol === 'https',
          });
          return reply.redirect('/admin/sync-log', 303);
        } catch (error) {
          const known = toRoadbookError(error as Error & { code: string });
          if (known.status >= 500) throw error;
          return page(reply, signInPage(`${known.message} ${known.hint}`), known.status);
        }
      },
    );

    app.post('/admin/sign-out', async (request, reply) => {
      checkOrigin(request);
      const token = request.cookies[COOKIE];
      if (token !== undefined) await sessions.end(token);
      return reply.clearCookie(COOKIE, { path: '/admin' }).redirect('/admin', 303);
    });

    app.get<{ Querystring: Query }>(
      '/admin/sync-log',
      { schema: { querystring: Query } },
      async (request, reply) => {
        const admin = await adminOf(request);
        if (admin === undefined) return reply.redirect('/admin', 303);
        const overview = new Overview(store, syncLog, admin.tenant);
        const { device, problem, before } = request.query;
        const lines = await overview.lines({
          limit: PAGE + 1,
          ...(device === undefined ? {} : { device }),
          ...(problem === undefined ? {} : { problem: true }),
          ...(before === undefined ? {} : { before: Number(before) }),
        });
        const devices = await overview.devices();
        const shown = lines.slice(0, PAGE);
        const chosen = (await chosenLine(overview, request.query.exchange)) ?? shown[0];
        const view = {
          admin,
          now: store.environment.now(),
          backups: context.backups(),
          today: await overview.today(),
          devices,
          hour: await overview.lastHour(),
          lines: shown,
          next: lines.length > PAGE ? shown.at(-1)?.id : undefined,
          detail: chosen === undefined ? undefined : await overview.exchange(chosen),
          device: devices.find(({ id }) => id === device),
          problem: problem !== undefined,
        };
        return page(reply, syncLogPage(view));
      },
    );

    app.get<{ Querystring: Query }>(
      '/admin/sync-log/exchange.json',
      { schema: { querystring: Query } },
      async (request) => {
        const admin = await adminOf(request);
        if (admin === undefined) throw new RoadbookError('auth.required');
        const line = await chosenLine(new Overview(store, syncLog, admin.tenant), request.query.exchange);
        if (line === undefined) throw new RoadbookError('request.not_found');
        return { ...line, steps: JSON.parse(line.steps) as unknown };
      },
    );
  };

async function chosenLine(overview: Overview, name: string | undefined): Promise<SyncLine | undefined> {
  const [device, exchange] = (name ?? '').split('.');
  if (!device || !exchange) return undefined;
  const [line] = await overview.lines({ device, exchange, limit: 1 });
  return line;
}
