import { RoadbookError } from '../../shared/errors.ts';

/**
 * Waits for `work` until it is done, a signal fires or the time is up.
 *
 * fetch() and AbortSignal.any() hold their signals weakly: once a request was collected as garbage, in the middle of
 * a body or of a stream, an abort no longer reaches it (seen on Node 20, as an app that did not end). So the waiting
 * itself ends here, whatever becomes of the request.
 * @throws sync.offline when it was ended
 */
export function ending<T>(
  signals: readonly (AbortSignal | undefined)[],
  millis: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((done, fail) => {
    const end = () => {
      leave();
      controller.abort();
      fail(new RoadbookError('sync.offline'));
    };
    const timer = setTimeout(end, millis);
    const leave = () => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', end);
    };
    for (const signal of signals) signal?.addEventListener('abort', end);
    if (signals.some((signal) => signal?.aborted)) {
      end();
      return;
    }
    work(controller.signal).then(done, fail).finally(leave);
  });
}
