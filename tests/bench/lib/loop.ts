import { monitorEventLoopDelay } from 'node:perf_hooks';
import { child } from './child.ts';

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

/** Does some work and tells how late the loop of a process was that only watched meanwhile. */
export async function beside<T>(work: () => Promise<T>): Promise<{ result: T; delay: LoopDelay }> {
  const control = child<LoopDelay>('idle');
  try {
    await control.next();
    const result = await work();
    control.send({});
    return { result, delay: await control.next() };
  } finally {
    await control.stop();
  }
}
