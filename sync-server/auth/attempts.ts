import { RoadbookError } from '../../shared/errors.ts';

interface Counter {
  failures: number;
  /** Time of the last failure, milliseconds. */
  last: number;
  blockedUntil: number;
}

interface Rule {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Longest wait, milliseconds. */
  readonly most: number;
}

/**
 * How often a wrong password may be tried. Waiting doubles with each failure after the free ones.
 * - One address at one account: strict.
 * - One address at any account: stops somebody who tries many names.
 * - One account from anywhere: slows a crowd down.
 * A device that has signed in to this account before is counted for itself alone. Its id is known to nobody else, so
 * nobody can lock a person out by failing in their name, not even from the same office.
 */
const rules = {
  pair: { free: 5, most: 15 * 60_000 },
  address: { free: 30, most: 15 * 60_000 },
  account: { free: 20, most: 60_000 },
} as const satisfies Record<string, Rule>;

/** Failures older than this are forgotten. */
const FORGET = 60 * 60_000;
const MAX_COUNTERS = 20_000;

export interface Attempt {
  readonly address: string;
  readonly account: string;
  /** Id of the device; '' for the console. */
  readonly device: string;
  /** True when this device has signed in to this account before. */
  readonly knownDevice: boolean;
}

/** Counts failed sign-ins, in memory: a restart forgives. */
export class Attempts {
  readonly #counters = new Map<string, Counter>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs one attempt at an account after the one before it has ended; a known device waits for itself alone. */
  async inTurn<T>(attempt: Attempt, run: () => Promise<T>): Promise<T> {
    const key = attempt.knownDevice ? `${attempt.device} ${attempt.account}` : attempt.account;
    const before = this.#turns.get(key) ?? Promise.resolve();
    const mine = before.then(run);
    // The next one waits for the end, whatever it is; the failure itself goes to the caller.
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, ended);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(key) === ended) this.#turns.delete(key);
    }
  }

  /** @throws auth.too_many_tries */
  check(attempt: Attempt): void {
    const now = this.#now();
    const wait = keysOf(attempt).reduce((longest, [key]) => {
      return Math.max(longest, (this.#counters.get(key)?.blockedUntil ?? 0) - now);
    }, 0);
    if (wait > 0) throw new RoadbookError('auth.too_many_tries', { seconds: Math.ceil(wait / 1000) });
  }

  failed(attempt: Attempt): void {
    const now = this.#now();
    for (const [key, rule] of keysOf(attempt)) {
      const known = this.#counters.get(key);
      const counter =
        known !== undefined && now - known.last < FORGET
          ? known
          : { failures: 0, last: now, blockedUntil: 0 };
      counter.failures += 1;
      counter.last = now;
      const over = counter.failures - rule.free;
      if (over >= 0) counter.blockedUntil = now + Math.min(rule.most, 1000 * 2 ** Math.min(over, 20));
      this.#counters.delete(key);
      this.#counters.set(key, counter);
    }
    while (this.#counters.size > MAX_COUNTERS) {
      this.#counters.delete(this.#counters.keys().next().value ?? '');
    }
  }

  succeeded(attempt: Attempt): void {
    const [own] = keysOf(attempt);
    if (own !== undefined) this.#counters.delete(own[0]);
  }
}

function keysOf(attempt: Attempt): [string, Rule][] {
  const { address, account, device, knownDevice } = attempt;
  if (knownDevice) return [[`device ${device} ${account}`, rules.pair]];
  return [
    [`pair ${address} ${account}`, rules.pair],
    [`address ${address}`, rules.address],
    [`account ${account}`, rules.account],
  ];
}
