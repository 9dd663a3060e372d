import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION = 1;

export interface LoopDelay {
  /** Milliseconds by which the loop was late at worst, and in all but one of a hundred turns. */
  readonly delayMax: number;
  readonly delayP99: number;
}

/** Watches how late this thread's event loop runs; stop() tells. */
export function watchLoop(): { stop(): LoopDelay } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  return {
    stop: () => {
      histogram.disable();
      // The timer's own period is part of what it measures.
      return {
        delayMax: Math.max(0, histogram.max / 1e6 - RESOLUTION),
        delayP99: Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION),
      };
    },
  };
}
