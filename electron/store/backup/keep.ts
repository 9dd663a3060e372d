/** A backup as its place among the others needs to know it. */
export interface Kept {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** Made by itself; the others were asked for, or stand before a restore or an update. */
  readonly routine: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The newest, whatever their age. */
const NEWEST = 3;
/** Calendar days and weeks (UTC), so that what was kept yesterday is kept today: sliding ones would let nothing age. */
const DAYS = 7;
const WEEKS = 5;
/** What was asked for, or made before a restore or a migration, stands for as long as somebody may want it back. */
const SPECIAL_DAYS = 30;

/** A new routine backup is due once the last one is older than this, milliseconds. */
export const ROUTINE_EVERY = 20 * HOUR;

/**
 * Which backups stay: the three newest, the newest of each of the last seven days and of each of the last five
 * weeks; others that people or migrations made, for thirty days. A clock that was set back takes nothing away: what
 * seems to lie in the future stays.
 */
export function keep<Backup extends Kept>(backups: readonly Backup[], now: number): Set<Backup> {
  const newestFirst = [...backups].sort((a, b) => b.at - a.at);
  const routine = newestFirst.filter((backup) => backup.routine);
  const kept = new Set<Backup>(newestFirst.filter(({ at }) => at > now));
  for (const backup of newestFirst) {
    if (!backup.routine && now - backup.at < SPECIAL_DAYS * DAY) kept.add(backup);
  }
  for (const backup of routine.slice(0, NEWEST)) kept.add(backup);
  for (const [length, count] of [
    [DAY, DAYS],
    [7 * DAY, WEEKS],
  ] as const) {
    const seen = new Set<number>();
    for (const backup of routine) {
      const place = Math.floor(backup.at / length);
      if (place <= Math.floor(now / length) - count || seen.has(place)) continue;
      seen.add(place);
      kept.add(backup);
    }
  }
  return kept;
}
