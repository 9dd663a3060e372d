import type { FastifyPluginAsync } from 'fastify';
import { routes } from '../../shared/sync/wire.ts';
import type { Context } from '../context.ts';
import { authenticate } from '../http/authenticate.ts';
import type { End } from '../live/hub.ts';

/** Most bytes that may wait for a reader who does not read. */
const MAX_BUFFERED = 64 * 1024;

/**
 * The live stream: says how far a bucket is, nothing else. It ends with the access token, and then the device comes
 * again. The last event, `end`, says why.
 */
export const liveRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    app.get(routes.live, async (request, reply) => {
      const { principal, session, expiresAt } = await authenticate(context.store, context.tokens, request);
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      });
      const send = (text: string) => {
        if (stream.writableEnded) return;
        if (stream.writableLength > MAX_BUFFERED) stream.destroy();
        else stream.write(text);
      };
      send(': hello\n\n');
      const end = (why: End | 'token') => {
        send(`event: end\ndata: ${JSON.stringify({ why })}\n\n`);
        stream.end();
      };
      const heartbeat = setInterval(() => send(': still here\n\n'), context.heartbeat);
      const expiry = setTimeout(() => end('token'), Math.max(0, expiresAt - context.store.environment.now()));
      const gone = new Promise<void>((resolve) => stream.once('close', resolve));
      const { buckets, version: scopeVersion } = await context.store.sightOf(principal);
      const leave = await context.hub.add({
        tenant: principal.tenant,
        session,
        buckets,
        scopeVersion,
        moved: (bucket, number) => send(`event: bucket\ndata: ${JSON.stringify({ bucket, number })}\n\n`),
        ended: end,
      });
      await gone;
      leave();
      clearInterval(heartbeat);
      clearTimeout(expiry);
    });
  };
