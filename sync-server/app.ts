import { createRequire } from 'node:module';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { uuidv7 } from '../shared/sync/ids.ts';
import { AccessTokens } from './auth/access-tokens.ts';
import { Attempts } from './auth/attempts.ts';
import type { Context } from './context.ts';
import { Connections } from './http/connections.ts';
import { registerProblems } from './http/problems.ts';
import { Hub } from './live/hub.ts';
import type { BackupHealth } from './ops/scheduled-backups.ts';
import { SyncLog } from './ops/sync-log.ts';
import { adminRoutes } from './routes/admin.ts';
import { adminApiRoutes } from './routes/admin-api.ts';
import { adminDeviceRoutes } from './routes/admin-devices.ts';
import { adminScopeRoutes } from './routes/admin-scopes.ts';
import { authRoutes } from './routes/auth.ts';
import { deviceRoutes } from './routes/device.ts';
import { helloRoutes } from './routes/hello.ts';
import { liveRoutes } from './routes/live.ts';
import { syncRoutes } from './routes/sync.ts';
import type { Store } from './store/store.ts';

export interface AppOptions {
  readonly store: Store;
  readonly logger?: FastifyServerOptions['logger'];
  /** Requests that one address may send in a minute. */
  readonly requestsPerMinute?: number;
  /** Milliseconds between comments on a quiet live stream. */
  readonly heartbeat?: number;
  /** Milliseconds between looks for commits of other processes. */
  readonly poll?: number;
  /** Oldest version of the wire contract that is still served. */
  readonly oldestProtocol?: number;
  /** True behind a reverse proxy that sets X-Forwarded-For. */
  readonly trustProxy?: boolean;
  /** How the backups of this process are; it makes none by default. */
  readonly backups?: () => BackupHealth;
  /** Milliseconds that requests under way have to finish when the server closes. */
  readonly grace?: number;
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const OLDEST_PROTOCOL = 1;
/** Answers below this size travel as they are, bytes. */
const COMPRESS_ABOVE = 4096;
const REQUEST_TIMEOUT = 60_000;
const GRACE = 10_000;

/** Builds the server without a port. Closing it leaves the store open: it belongs to the caller. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { store } = options;
  const app = Fastify({
    logger: options.logger ?? false,
    genReqId: () => uuidv7(store.environment.now(), store.environment.random),
    bodyLimit: 64 * 1024,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: 75_000,
    trustProxy: options.trustProxy ?? false,
    // One line per sync is enough; Fastify's own two per request would bury it.
    logController: new LogController({ disableRequestLogging: true }),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  const context: Context = {
    store,
    tokens: await AccessTokens.open(store.data, store.environment.now),
    attempts: new Attempts(store.environment.now),
    hub: new Hub(store, (error) => app.log.error({ err: error }, 'live stream'), options.poll),
    syncLog: new SyncLog(store.db),
    version,
    oldestProtocol: options.oldestProtocol ?? OLDEST_PROTOCOL,
    heartbeat: options.heartbeat ?? 15_000,
    backups: options.backups ?? (() => ({ state: 'off', lastAt: null, failedAt: null, reason: '' })),
  };
  const connections = new Connections(app.server);
  // Live streams are told and end, requests under way may finish, sockets that wait for nothing close at once.
  app.addHook('preClose', async () => {
    await context.hub.close();
    connections.close(options.grace ?? GRACE);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('cache-control', 'no-store');
  });
  registerProblems(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Not `no-referrer`: with it, browsers hide the origin of the console's own forms as well.
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(rateLimit, { max: options.requestsPerMinute ?? 6_000, timeWindow: 60_000 });
  await app.register(compress, {
    threshold: COMPRESS_ABOVE,
    encodings: ['gzip', 'br'],
    zlibOptions: { level: 1 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  });
  await app.register(cookie);
  await app.register(helloRoutes(context));
  await app.register(authRoutes(context));
  await app.register(deviceRoutes(context));
  await app.register(syncRoutes(context));
  await app.register(liveRoutes(context));
  await app.register(adminApiRoutes(context));
  await app.register(adminScopeRoutes(context));
  await app.register(adminDeviceRoutes(context));
  await app.register(adminRoutes(context));
  return app;
}
