import type { Address, EmailItem, FieldSpec, Money, PhoneItem, Stage } from '../../shared/model/index.ts';
import { count, counted, date, instant, money, percent } from '../format.ts';

/** In place of the title of a record that has left this device, or never was on it. */
export const NOT_HERE = 'Not on this device any more';

/** What the words of a value depend on besides its field. */
export interface ShowContext {
  /** Titles of the records that values refer to. */
  readonly names: Readonly<Record<string, string>>;
  /** Stages that a deal's stage may be one of. */
  readonly stages?: readonly Stage[];
  readonly now?: Date;
}

/** A value in the words and figures that a person reads; '' for an empty one. */
export function showValue(spec: FieldSpec | undefined, value: unknown, context: ShowContext): string {
  if (value === null || value === undefined || value === '') return '';
  if (spec === undefined) return plain(value);
  switch (spec.kind) {
    case 'money':
      return isMoney(value) ? money(value, 'always') : plain(value);
    case 'percent':
      return typeof value === 'number' ? percent(value) : plain(value);
    case 'integer':
      // A year is a name, not a quantity: it takes no separator.
      return typeof value === 'number' && spec.label !== 'Founded' ? count(value) : plain(value);
    case 'date':
      return date(String(value));
    case 'instant':
      return instant(String(value), context.now);
    case 'boolean':
      return value === true || value === 1 ? 'Yes' : 'No';
    case 'choice':
      return choiceName(spec, String(value), context);
    case 'reference':
      return context.names[String(value)] ?? NOT_HERE;
    case 'emails':
      return each<EmailItem>(value, (item) => item.address);
    case 'phones':
      return each<PhoneItem>(value, (item) => item.number);
    case 'tags':
      return each<string>(value, (tag) => tag);
    case 'items':
      return Array.isArray(value) ? counted(value.length, 'item', 'items') : plain(value);
    case 'address':
      return isRecord(value) ? addressLine(value) : plain(value);
    case 'text':
    case 'long-text':
    case 'url':
    case 'data':
      return plain(value);
  }
}

export function addressLine({ street, postcode, city, region, country }: Address): string {
  const place = [postcode, city].filter(Boolean).join(' ');
  return [street, place, region, country].filter(Boolean).join(', ');
}

export function isMoney(value: unknown): value is Money {
  return isRecord(value) && typeof (value as Partial<Money>).minor === 'number';
}

/** True where the value is figures: those stand in the number face. */
export function isFigures(spec: FieldSpec | undefined): boolean {
  switch (spec?.kind) {
    case 'money':
    case 'percent':
    case 'integer':
    case 'date':
    case 'instant':
      return true;
    default:
      return false;
  }
}

/** Days from today to a calendar day, in words: "in 16 days", "today", "4 days ago". */
export function daysAway(days: number): string {
  if (days === 0) return 'today';
  return days > 0 ? `in ${counted(days, 'day', 'days')}` : `${counted(-days, 'day', 'days')} ago`;
}

function choiceName(spec: FieldSpec, value: string, { stages = [] }: ShowContext): string {
  return spec.choices?.[value] ?? stages.find((stage) => stage.id === value)?.name ?? capital(value);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function each<T>(value: unknown, text: (item: T) => string): string {
  return Array.isArray(value) ? (value as T[]).map(text).join(', ') : plain(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
