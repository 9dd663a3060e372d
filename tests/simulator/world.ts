interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Turns of the event loop without anything happening after which nothing more will happen by itself. */
const QUIET_TURNS = 4;

/** Milliseconds of the real clock that the machine may take for something that nobody has planned. */
const REAL_PATIENCE = 60_000;

/**
 * Time and order of a simulated world. Nothing in it waits for the real clock: what takes time is planned, and runs when
 * everything before it has come to rest.
 */
export class World {
  /** Milliseconds since 1970, UTC. */
  now: number;
  #order = 0;
  #planned: Planned[] = [];
  #work = 0;
  /** Work that waits for something outside of this process. */
  #outside = 0;
  #waiting: (() => void)[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Something works: see settle(). */
  readonly working = (): void => {
    this.#work += 1;
  };

  /** Runs later, in milliseconds of this world. */
  plan(after: number, run: () => void): void {
    this.#order += 1;
    this.#planned.push({ at: this.now + Math.max(0, after), order: this.#order, run });
  }

  /** Work that may wait for something outside of this process, such as a database: settle() waits for its end. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#outside += 1;
    try {
      return await work;
    } finally {
      this.#outside -= 1;
      this.working();
      for (const ended of this.#waiting.splice(0)) ended();
    }
  }

  /** Waits until all that can go on has gone on: what still waits, waits for something planned. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      const before = this.#work;
      await new Promise((done) => setImmediate(done));
      if (this.#outside > 0) await this.#oneEnds();
      quiet = before === this.#work ? quiet + 1 : 0;
    }
  }

  #oneEnds(): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push(done);
    });
  }

  /** Lets that much time pass. */
  async pass(millis: number): Promise<void> {
    const end = this.now + millis;
    await this.settle();
    while (await this.#next(end));
    this.now = end;
  }

  /** Lets time pass until something is true. @throws when it never becomes true */
  async until(isTrue: () => boolean, limit: number, what: string): Promise<void> {
    const end = this.now + limit;
    await this.settle();
    while (!isTrue()) {
      if (await this.#next(end)) continue;
      if (!(await this.#reallyWorks(isTrue))) throw new Error(`it never came true that ${what}`);
    }
  }

  /**
   * Nothing is planned any more: only the machine itself may still be busy (a file, a module that is read for the first
   * time), which its own clock measures.
   */
  async #reallyWorks(isTrue: () => boolean): Promise<boolean> {
    const before = this.#work;
    const end = performance.now() + REAL_PATIENCE;
    while (!isTrue() && this.#work === before) {
      if (performance.now() > end) return false;
      await new Promise((done) => setTimeout(done, 5));
    }
    await this.settle();
    return true;
  }

  /** Runs what is planned for one moment. @returns false when nothing is planned up to `end` */
  async #next(end: number): Promise<boolean> {
    const at = this.#planned.reduce((least, one) => Math.min(least, one.at), Number.POSITIVE_INFINITY);
    if (at > end) return false;
    const due = this.#planned.filter((one) => one.at === at).sort((a, b) => a.order - b.order);
    this.#planned = this.#planned.filter((one) => one.at !== at);
    this.now = at;
    for (const { run } of due) run();
    await this.settle();
    return true;
  }
}
