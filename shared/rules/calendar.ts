/** Days of each month in a year that is no leap year. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `yyyy-mm-dd` names a day that was or will be, by the calendar of today carried back to the year 1. */
export function isCalendarDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (DAYS[month - 1] ?? 0) + (month === 2 && leap ? 1 : 0);
  return year >= 1 && day >= 1 && day <= days;
}

/** Whether a text is a moment in UTC: `yyyy-mm-ddThh:mm[:ss[.fraction]]Z`. Without a zone it could be any of many. */
export function isInstant(text: string): boolean {
  const match = /^(.{10})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?Z$/.exec(text);
  return match !== null && isCalendarDay(match[1] ?? '');
}
