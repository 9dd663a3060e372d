import { readFile, rm } from 'node:fs/promises';
import { RoadbookError } from '../../shared/errors.ts';
import { writeAtomically } from './atomic-file.ts';

/** Wrong passphrases in a row that cost nothing but their own time. */
const FREE_TRIES = 5;
const FIRST_WAIT = 5;
const LONGEST_WAIT = 15 * 60;

interface Tries {
  readonly wrong: number;
  /** Milliseconds since 1970. */
  readonly last: number;
}

/** Seconds to wait after so many wrong tries: none for four, then 5, 10, 20 … up to a quarter of an hour. */
export function waitAfter(wrong: number): number {
  if (wrong < FREE_TRIES) return 0;
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, wrong - FREE_TRIES));
}

function triesPath(keyFile: string): string {
  return `${keyFile}.tries`;
}

/**
 * Makes a try and counts it, on disk, before its outcome is known to anybody: ending the program in the middle of one
 * does not save it, and starting again does not forget. The slow hash and the slow disk work at the same time. Whoever holds the disk can remove the count: against them the slow hash stands,
 * this stands against a hand at the keyboard. The recovery code is never held up.
 * @throws key.too_many_tries with the seconds that are left
 */
export async function countedTry<T>(
  keyFile: string,
  now: () => number,
  attempt: () => Promise<T>,
): Promise<T> {
  const { wrong, last } = await read(keyFile);
  const moment = now();
  // A clock that was set back must not make the wait longer than it is, nor end it.
  const passed = Math.max(0, moment - last) / 1000;
  const seconds = Math.ceil(waitAfter(wrong) - passed);
  if (seconds > 0) {
    if (moment < last) await count(keyFile, { wrong, last: moment });
    throw new RoadbookError('key.too_many_tries', { seconds });
  }
  const [outcome] = await Promise.all([attempt(), count(keyFile, { wrong: wrong + 1, last: moment })]);
  return outcome;
}

export async function forgetTries(keyFile: string): Promise<void> {
  unwritten.delete(keyFile);
  // What cannot be taken away is written over by the next count, or is not a count at all.
  await rm(triesPath(keyFile), { force: true }).catch(() => undefined);
}

/** Counts that the disk did not take: for as long as this process lives. */
const unwritten = new Map<string, Tries>();

/** A full or read-only disk must not lock a person out of reading: the count is then kept in memory. */
async function count(keyFile: string, tries: Tries): Promise<void> {
  try {
    await writeAtomically(triesPath(keyFile), JSON.stringify(tries), 'replace');
    unwritten.delete(keyFile);
  } catch {
    unwritten.set(keyFile, tries);
  }
}

async function read(keyFile: string): Promise<Tries> {
  const held = unwritten.get(keyFile);
  if (held !== undefined) return held;
  try {
    const { wrong, last } = JSON.parse(await readFile(triesPath(keyFile), 'utf8')) as Partial<Tries>;
    if (Number.isInteger(wrong) && typeof last === 'number') return { wrong: Number(wrong), last };
  } catch {
    // No count, or none that can be read: it must never lock a person out.
  }
  return { wrong: 0, last: 0 };
}
