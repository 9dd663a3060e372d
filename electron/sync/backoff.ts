/** First wait, and the longest: a network that comes back is found within five seconds. */
const FIRST_MS = 500;
const LONGEST_MS = 4_000;

/** Waits that double up to a bound, each with up to a fifth of jitter, so that devices do not come back in step. */
export class Backoff {
  #failures = 0;
  readonly #fraction: () => number;

  /** @param fraction a random number from 0 to below 1 */
  constructor(fraction: () => number) {
    this.#fraction = fraction;
  }

  /** Milliseconds until the next try. */
  next(): number {
    const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return Math.round(base * (1 + 0.2 * this.#fraction()));
  }

  reset(): void {
    this.#failures = 0;
  }
}
