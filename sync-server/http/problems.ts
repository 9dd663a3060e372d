import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RoadbookError, toProblem } from '../../shared/errors.ts';

/** Turns whatever was thrown into an error of the catalogue. What is not known becomes `internal`, without details. */
export function toRoadbookError(error: FastifyError | RoadbookError): RoadbookError {
  if (error instanceof RoadbookError) return error;
  const first = error.validation?.[0];
  if (first !== undefined) {
    const place = first.instancePath.replaceAll('/', ' ').trim() || (error.validationContext ?? 'body');
    // Only the rule, never the value that broke it.
    return new RoadbookError('request.invalid', { reason: `${place} ${first.message ?? 'is wrong'}` });
  }
  switch (error.statusCode) {
    case 413:
      return new RoadbookError('request.too_large');
    case 429:
      return new RoadbookError('request.rate_limited', { seconds: 60 });
    case 400:
    case 415:
      return new RoadbookError('request.invalid', { reason: 'it is not the JSON that was expected' });
    default:
      return new RoadbookError('internal', {}, { cause: error });
  }
}

export function sendProblem(
  reply: FastifyReply,
  request: FastifyRequest,
  error: RoadbookError,
): FastifyReply {
  const seconds = error.details.seconds;
  if (typeof seconds === 'number') reply.header('retry-after', seconds);
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(error, request.id)));
}

/** Every error leaves as RFC 9457 with the request's id; only the log has the cause. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = toRoadbookError(error);
    if (known.code === 'internal') request.log.error({ err: error, requestId: request.id }, 'request failed');
    return sendProblem(reply, request, known);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, request, new RoadbookError('request.not_found')),
  );
}
