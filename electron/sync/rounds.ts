/** Lets people wait for a round of the loop that has not begun yet when they ask. */
export class Rounds {
  #round = 0;
  #waiting: { readonly after: number; readonly done: () => void }[] = [];
  #ended = false;

  /** Resolves when the next round is over, well or not; at once where there are no more rounds. */
  next(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ after: this.#round, done }));
  }

  /** One round. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#round += 1;
    const round = this.#round;
    try {
      return await work();
    } finally {
      this.#release(round);
    }
  }

  /** There will be no more rounds: nobody waits any longer. */
  end(): void {
    this.#ended = true;
    this.#release(Number.POSITIVE_INFINITY);
  }

  #release(round: number): void {
    const over = this.#waiting.filter(({ after }) => after < round);
    this.#waiting = this.#waiting.filter(({ after }) => after >= round);
    for (const { done } of over) done();
  }
}
