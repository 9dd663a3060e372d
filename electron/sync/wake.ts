/** Lets one loop sleep until it is poked or its time is up. A poke while it works is not lost. */
export class Wake {
  #poked = false;
  #done: (() => void) | null = null;

  poke(): void {
    this.#poked = true;
    this.#done?.();
  }

  /** @param millis Infinity waits for a poke alone */
  async wait(millis: number): Promise<void> {
    if (!this.#poked) {
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(millis) ? setTimeout(resolve, millis) : undefined;
        this.#done = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#done = null;
    this.#poked = false;
  }
}
