/** Does something at once after a quiet time, otherwise when the time is up: never more often than every `millis`. */
export class Paced {
  readonly #millis: number;
  readonly #act: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(millis: number, act: () => void) {
    this.#millis = millis;
    this.#act = act;
  }

  soon(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#last + this.#millis - performance.now();
    if (wait <= 0) this.#now();
    else this.#timer = setTimeout(() => this.#now(), wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #now(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.#act();
  }
}
