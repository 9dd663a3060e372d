import type { Money } from '../shared/model/index.ts';

/** Words and numbers as a person reads them. Every function is pure: `now` comes in where "today" matters. */
const LOCALE = 'en-US';
const DAY = 86_400_000;
const NEAR_DAYS = 300;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const integers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

/** 8,800 */
export function count(value: number): string {
  return integers.format(value);
}

/** "1 deal", "2,089 deals" */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** $3,178M: millions and thousands, where the exact amount is one press away. */
export function moneyShort(value: Money): string {
  const major = value.minor / 10 ** fractionDigits(value.currency);
  const [unit, letter] = Math.abs(major) >= 1e6 ? [1e6, 'M'] : Math.abs(major) >= 1e4 ? [1e3, 'k'] : [1, ''];
  return `${formatter(value.currency, 0).format(major / unit)}${letter}`;
}

export type Cents = 'whole' | 'auto' | 'always';

/**
 * $187,376. Computed from integer minor units without a float.
 * @param cents auto: only where there are some; whole: rounded half up to the major unit, for sums; always: for forms
 */
export function money(value: Money, cents: Cents = 'auto'): string {
  const digits = fractionDigits(value.currency);
  const unit = 10 ** digits;
  const minor = cents === 'whole' ? Math.floor((value.minor + unit / 2) / unit) * unit : value.minor;
  const fraction = Math.abs(minor % unit);
  const shown = cents === 'always' || fraction !== 0 ? digits : 0;
  return formatter(value.currency, shown).format(decimal(minor, digits));
}

/** Minor units as an exact decimal text, for number inputs and formatters: 123456 -> "1234.56". */
export function decimal(minor: number, digits: number): Intl.StringNumericLiteral {
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  // A number by construction: digits, one point, digits.
  return `${minor < 0 ? '-' : ''}${whole}${fraction}` as Intl.StringNumericLiteral;
}

const digitsByCurrency = new Map<string, number>();

/** Decimals of a currency: 2 for USD, 0 for JPY. A code that is not known counts as 2. */
export function fractionDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const digits =
    new Intl.NumberFormat(LOCALE, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(currency: string, digits: number): Intl.NumberFormat {
  const key = `${currency}${digits}`;
  let made = formatters.get(key);
  if (made === undefined) {
    made = new Intl.NumberFormat(LOCALE, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formatters.set(key, made);
  }
  return made;
}

export function percent(value: number): string {
  return `${integers.format(value)}%`;
}

/** A calendar day, "2017-11-28" -> "28 Nov 2017"; other text is given back as it is. */
export function date(iso: string): string {
  const day = parts(iso);
  return day === null ? iso : `${pad(day.day)} ${months[day.month - 1]} ${day.year}`;
}

/** "28 Nov"; with the year only where the day alone could be taken for another year's. */
export function dayMonth(iso: string, now: Date = new Date()): string {
  const day = parts(iso);
  if (day === null) return iso;
  const short = `${pad(day.day)} ${months[day.month - 1]}`;
  const away = Math.abs(Date.UTC(day.year, day.month - 1, day.day) - now.getTime()) / DAY;
  return away < NEAR_DAYS ? short : `${short} ${day.year}`;
}

/** Whole days that a calendar day lies behind today; 0 when it does not. */
export function overdueDays(iso: string, now: Date = new Date()): number {
  const day = parts(iso);
  if (day === null) return 0;
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.max(0, Math.round((today - Date.UTC(day.year, day.month - 1, day.day)) / DAY));
}

/** Today as a calendar day where the person is. */
export function today(now: Date = new Date()): string {
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** The calendar day so many days away from another. */
export function addDays(iso: string, days: number): string {
  const day = parts(iso);
  if (day === null) return iso;
  return new Date(Date.UTC(day.year, day.month - 1, day.day) + days * DAY).toISOString().slice(0, 10);
}

/** "09:52" where the person is. */
export function time(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** "09:52:07" */
export function timeExact(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${time(iso)}:${pad(at.getSeconds())}`;
}

/** An instant: "today 09:41", "yesterday 17:58", "Mon 17:58", "28 Nov 2017 17:58". */
export function instant(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const days = daysBetween(at, now);
  if (days === 0) return `today ${time(iso)}`;
  if (days === 1) return `yesterday ${time(iso)}`;
  if (days > 1 && days < 7) return `${weekdays[at.getDay()]} ${time(iso)}`;
  return `${dayOf(at)} ${time(iso)}`;
}

/** How long ago, for a column: "now", "12 min", "today", "2 d", then the day. */
export function ago(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes >= 0 && minutes < 1) return 'now';
  if (minutes >= 0 && minutes < 60) return `${minutes} min`;
  const days = daysBetween(at, now);
  if (days === 0) return 'today';
  if (days > 0 && days < 60) return `${days} d`;
  return dayOf(at);
}

/** Milliseconds as a person says them: "4 ms", "1.2 s". */
export function millis(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** "184 MB" */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  let rest = value;
  let step = 0;
  while (rest >= 1000 && step < units.length - 1) {
    rest /= 1000;
    step += 1;
  }
  return `${rest < 10 && step > 0 ? rest.toFixed(1) : Math.round(rest)} ${units[step]}`;
}

/** Two letters for a person, one for a thing of one word. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** The same tint for the same record, everywhere: 1 to 6. */
export function tint(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) >>> 0;
  return (hash % 6) + 1;
}

function dayOf(at: Date): string {
  return `${pad(at.getDate())} ${months[at.getMonth()]} ${at.getFullYear()}`;
}

function daysBetween(at: Date, now: Date): number {
  const start = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((start(now) - start(at)) / DAY);
}

function parts(iso: string): { year: number; month: number; day: number } | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (match === null) return null;
  const month = Number(match[2]);
  return month < 1 || month > 12 ? null : { year: Number(match[1]), month, day: Number(match[3]) };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
