const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `2017-11-30`: the calendar day, whatever the zone. */
export function isoDate(date: Date): string {
  const part = (value: number, length: number) => String(value).padStart(length, '0');
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1, 2)}-${part(date.getDate(), 2)}`;
}

/** Local midnight of a calendar day; null when there is no such day. */
export function dayOf(iso: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  return exactDay(year, month, day);
}

/**
 * Reads a day as people write it: `30 Nov 2017`, `30.11.2017`, `2017-11-30`, `Nov 30`, `today`, `tomorrow`, `fri`, `+7`.
 * Where a year is missing it is the one that brings the day nearest to today. Numbers alone are day before month.
 */
export function parseDate(text: string, today: Date): string | null {
  const said = text.trim().toLowerCase();
  const relative = relativeDay(said, today);
  if (relative !== null) return isoDate(relative);
  const iso = dayOf(said);
  if (iso !== null) return said;

  const numbers = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2})?)?$/.exec(said);
  if (numbers !== null) return asIso(Number(numbers[1]), Number(numbers[2]), numbers[3], today);
  const dayFirst = /^(\d{1,2})\.?[\s-]*([a-z]{3,9})\.?,?[\s-]*(\d{4}|\d{2})?$/.exec(said);
  if (dayFirst !== null) return asIso(Number(dayFirst[1]), monthOf(dayFirst[2]), dayFirst[3], today);
  const monthFirst = /^([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})?$/.exec(said);
  if (monthFirst !== null) return asIso(Number(monthFirst[2]), monthOf(monthFirst[1]), monthFirst[3], today);
  return null;
}

export function addDays(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

/** The six weeks that a month's page shows, Monday first. */
export function monthPage(year: number, month: number): Date[] {
  const first = new Date(year, month, 1);
  const lead = (first.getDay() + 6) % 7;
  return Array.from({ length: 42 }, (_, index) => new Date(year, month, 1 - lead + index));
}

function relativeDay(said: string, today: Date): Date | null {
  if (said === 'today') return today;
  if (said === 'tomorrow') return addDays(today, 1);
  if (said === 'yesterday') return addDays(today, -1);
  const step = /^([+-]\d{1,3})\s*([dw]?)$/.exec(said);
  if (step !== null) return addDays(today, Number(step[1]) * (step[2] === 'w' ? 7 : 1));
  const weekday = said.length >= 3 ? WEEKDAYS.findIndex((day) => isWordOf(said, day)) : -1;
  if (weekday === -1) return null;
  return addDays(today, (weekday - today.getDay() + 7) % 7 || 7);
}

const FULL_WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
function isWordOf(said: string, short: string): boolean {
  return FULL_WEEKDAYS.some((full) => full.startsWith(short) && full.startsWith(said));
}

function monthOf(word: string | undefined): number {
  return MONTHS.indexOf((word ?? '').slice(0, 3)) + 1;
}

function asIso(day: number, month: number, year: string | undefined, today: Date): string | null {
  if (year !== undefined && year !== '') {
    const full = year.length === 2 ? 2000 + Number(year) : Number(year);
    const date = exactDay(full, month, day);
    return date === null ? null : isoDate(date);
  }
  const candidates = [-1, 0, 1]
    .map((step) => exactDay(today.getFullYear() + step, month, day))
    .filter((date) => date !== null);
  const nearest = candidates.sort((a, b) => Math.abs(+a - +today) - Math.abs(+b - +today))[0];
  return nearest === undefined ? null : isoDate(nearest);
}

function exactDay(year: number, month: number, day: number): Date | null {
  const date = new Date(year, month - 1, day);
  return date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day ? date : null;
}
