/** Work that the server does by itself, again and again, never twice at once. */
export class Recurring {
  readonly #work: (signal: AbortSignal) => Promise<number>;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /** @param work answers for itself when it fails; returns the milliseconds until it wants to run again */
  constructor(work: (signal: AbortSignal) => Promise<number>) {
    this.#work = work;
  }

  /** @param wait milliseconds */
  start(wait: number): void {
    if (this.#abort.signal.aborted) return;
    // A timer holds at most 24.8 days.
    this.#timer = setTimeout(() => this.#run(), Math.min(Math.max(0, wait), 2 ** 31 - 1));
    this.#timer.unref();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    this.#running = this.#work(this.#abort.signal).then((wait) => this.start(wait));
  }
}
