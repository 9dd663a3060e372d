/** One thing that happened in an exchange. Names fields and rules, never values. */
export interface Step {
  readonly at: string;
  readonly text: string;
  /** Milliseconds since the step before; 0 for the first of a request. */
  readonly millis: number;
  /** True where a person has to do something. */
  readonly needs: boolean;
  /** The record it is about; its name is looked up when an admin reads. */
  readonly record?: string;
  /** Of a conflict: the field whose other value is kept. */
  readonly field?: string;
}

type About = Partial<Pick<Step, 'needs' | 'record' | 'field'>>;

/** Takes the time between steps. */
export class StepClock {
  readonly steps: Step[] = [];
  readonly #now: () => number;
  #last: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#last = now();
  }

  add(text: string, about: About = {}): void {
    const now = this.#now();
    this.steps.push({
      at: new Date(now).toISOString(),
      text,
      millis: Math.max(0, now - this.#last),
      needs: false,
      ...about,
    });
    this.#last = now;
  }
}

export function kilobytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
