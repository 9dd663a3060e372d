/** Often enough that a limit of minutes is kept, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 15_000;

export interface IdleLockParts {
  /** Seconds since the person last touched the machine. */
  readonly idleSeconds: () => number;
  /** Minutes after which the records lock; 0 for never. */
  readonly limitMinutes: () => number;
  readonly isOpen: () => boolean;
  readonly lock: () => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** setInterval, or a test's own clock; gives what ends it. */
  readonly every?: (millis: number, look: () => void) => () => void;
}

/**
 * Locks the records when nobody has touched the machine for a while, and at once before it sleeps: a laptop that is
 * carried away asleep holds no key in its memory.
 */
export function watchIdle(parts: IdleLockParts): {
  readonly suspending: () => void;
  readonly stop: () => void;
} {
  const { idleSeconds, limitMinutes, isOpen, lock, failed, every = repeat } = parts;
  const lockOpen = () => {
    if (isOpen()) lock().catch(failed);
  };
  const stop = every(LOOK_EVERY_MS, () => {
    const limit = limitMinutes() * 60;
    if (limit > 0 && idleSeconds() >= limit) lockOpen();
  });
  return { suspending: lockOpen, stop };
}

function repeat(millis: number, look: () => void): () => void {
  const timer = setInterval(look, millis);
  return () => clearInterval(timer);
}
