/**
 * Hybrid logical clock (Kulkarni et al., 2014): physical milliseconds plus a counter, so that stamps of one device
 * never repeat or run backwards even when its wall clock does. A stamp is a string that sorts in time order:
 * 13 digits of milliseconds, 4 hex digits of counter, then the device id as the tie-break.
 */
export type Stamp = string;

export interface StampParts {
  readonly millis: number;
  readonly counter: number;
  readonly node: string;
}

const MAX_COUNTER = 0xffff;

export class HybridClock {
  #millis: number;
  #counter: number;
  readonly #node: string;
  readonly #now: () => number;

  /** @param last the last stamp this device is known to have given, read back from the store after a restart */
  constructor(node: string, now: () => number, last?: Stamp) {
    const parts = last === undefined ? undefined : parseStamp(last);
    this.#millis = parts?.millis ?? 0;
    this.#counter = parts?.counter ?? 0;
    this.#node = node;
    this.#now = now;
  }

  /** A stamp later than every stamp given or seen before. */
  tick(): Stamp {
    const wall = this.#now();
    if (wall > this.#millis) {
      this.#millis = wall;
      this.#counter = 0;
    } else {
      this.#advance();
    }
    return formatStamp({ millis: this.#millis, counter: this.#counter, node: this.#node });
  }

  /** Moves past a stamp that came from elsewhere, so that what is written next counts as later. */
  receive(stamp: Stamp): void {
    const seen = parseStamp(stamp);
    if (seen.millis > this.#millis || (seen.millis === this.#millis && seen.counter > this.#counter)) {
      this.#millis = seen.millis;
      this.#counter = seen.counter;
    }
  }

  #advance(): void {
    this.#counter += 1;
    if (this.#counter > MAX_COUNTER) {
      this.#millis += 1;
      this.#counter = 0;
    }
  }
}

export function formatStamp({ millis, counter, node }: StampParts): Stamp {
  return `${String(millis).padStart(13, '0')}-${counter.toString(16).padStart(4, '0')}-${node}`;
}

export function parseStamp(stamp: Stamp): StampParts {
  return {
    millis: Number(stamp.slice(0, 13)),
    counter: Number.parseInt(stamp.slice(14, 18), 16),
    node: stamp.slice(19),
  };
}

/** Lowers a stamp from the future to the time of receipt; order within one device is kept by the counter's caller. */
export function capStamp(stamp: Stamp, receivedAt: number, counter: number): Stamp {
  const parts = parseStamp(stamp);
  return parts.millis <= receivedAt ? stamp : formatStamp({ millis: receivedAt, counter, node: parts.node });
}

export const STAMP_PATTERN = '^[0-9]{13}-[0-9a-f]{4}-.{1,64}$';
