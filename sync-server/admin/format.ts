import { fractionDigits } from '../currency.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** How long ago, as short as a column needs: now, 4 min, 3 h 12, 1 d 4 h. */
export function duration(millis: number): string {
  if (millis < MINUTE) return 'now';
  if (millis < HOUR) return `${Math.floor(millis / MINUTE)} min`;
  if (millis < DAY) {
    const minutes = Math.floor((millis % HOUR) / MINUTE);
    return `${Math.floor(millis / HOUR)} h ${String(minutes).padStart(2, '0')}`;
  }
  return `${Math.floor(millis / DAY)} d ${Math.floor((millis % DAY) / HOUR)} h`;
}

/** Time of day of an instant; with the date when it is not of today. All times are UTC. */
export function timeOf(at: string, now: number): string {
  const time = at.slice(11, 19);
  if (at.slice(0, 10) === new Date(now).toISOString().slice(0, 10)) return time;
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return `${day}, ${time.slice(0, 5)}`;
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : undefined;
  return ((words[0]?.charAt(0) ?? '?') + (last?.charAt(0) ?? '')).toUpperCase();
}

/** One of the six avatar grounds; the same name always has the same one. */
export function avatarTone(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return (sum % 6) + 1;
}

/** Any value of a field in the words of a table cell. */
export function fieldValueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (isMoney(value)) {
    return new Intl.NumberFormat('en-US', { style: 'currency', currency: value.currency }).format(
      value.minor / 10 ** fractionDigits(value.currency),
    );
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isMoney(value: unknown): value is { minor: number; currency: string } {
  const money = value as { minor?: unknown; currency?: unknown };
  return (
    typeof value === 'object' && typeof money.minor === 'number' && /^[A-Z]{3}$/.test(String(money.currency))
  );
}
