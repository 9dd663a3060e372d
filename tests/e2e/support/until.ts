interface Options {
  readonly what: string;
  readonly timeout?: number;
  readonly every?: number;
}

const pause = (millis: number) => new Promise((done) => setTimeout(done, millis));

/** Looks again and again until the answer is truthy; says what it waited for when it never was. */
export async function until<T>(look: () => T | Promise<T>, options: Options): Promise<T> {
  const { what, timeout = 90_000, every = 50 } = options;
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`Waited ${timeout} ms in vain for ${what}.`);
    await pause(every);
  }
}
