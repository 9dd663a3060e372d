import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something holds; the test's own time limit is the bound. */
export async function until<T>(look: () => T | Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
    await delay(20);
  }
}
