import { RoadbookError } from '../../shared/errors.ts';
import type { FieldSpec, Money } from '../../shared/model/index.ts';
import { checkField } from '../../shared/rules/validate.ts';
import { date, time } from '../format.ts';
import { isoDate, parseDate } from './dates.ts';
import { moneyInput, parseMoney } from './money.ts';

/**
 * What stands in an input while somebody types. Kinds that are written are text until they are read; kinds that are
 * picked or built of parts (choice, reference, lists, address) are their value all along.
 */
export type InputValue = unknown;

export interface ReadContext {
  /** Currency of an amount that names none. */
  readonly currency: string;
  readonly today: Date;
}

export type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Kinds whose input is text that has to be read. */
export function isWritten(spec: FieldSpec): boolean {
  switch (spec.kind) {
    case 'text':
    case 'long-text':
    case 'url':
    case 'integer':
    case 'percent':
    case 'money':
    case 'date':
    case 'instant':
      return true;
    case 'choice':
    case 'boolean':
    case 'reference':
    case 'emails':
    case 'phones':
    case 'address':
    case 'tags':
    case 'items':
    case 'data':
      return false;
  }
}

/** The input that stands for a value. */
export function toInput(spec: FieldSpec, value: unknown): InputValue {
  if (value === null || value === undefined) return isWritten(spec) ? '' : null;
  switch (spec.kind) {
    case 'money':
      return moneyInput(value as Money);
    case 'date':
      return date(String(value));
    case 'instant':
      return writtenInstant(String(value));
    case 'integer':
    case 'percent':
      return String(value);
    default:
      return value;
  }
}

/** Reads an input and checks it against its field. An empty one is null: that is how a field is emptied. */
export function readInput(name: string, spec: FieldSpec, input: InputValue, context: ReadContext): Reading {
  const read = parse(spec, input, context);
  if (read === undefined) return { ok: false, message: `${spec.label} is not right: ${unreadable(spec)}.` };
  const [problem] = checkField(name, spec, read);
  if (problem === undefined) return { ok: true, value: read };
  return { ok: false, message: new RoadbookError(problem.code, problem.details).message };
}

/** @returns undefined when it cannot be read at all */
function parse(spec: FieldSpec, input: InputValue, context: ReadContext): unknown {
  if (!isWritten(spec)) return tidy(spec, input);
  const text = typeof input === 'string' ? input : '';
  const trimmed = text.trim();
  if (trimmed === '') return null;
  switch (spec.kind) {
    case 'long-text':
      return text.trimEnd();
    case 'integer':
      return /^-?\d[\d\s,']*$/.test(trimmed) ? Number(trimmed.replace(/[\s,']/g, '')) : undefined;
    case 'percent':
      return /^\d+\s*%?$/.test(trimmed) ? Number.parseInt(trimmed, 10) : undefined;
    case 'money':
      return parseMoney(trimmed, context.currency) ?? undefined;
    case 'date':
      return parseDate(trimmed, context.today) ?? undefined;
    case 'instant':
      return parseInstant(trimmed, context.today) ?? undefined;
    default:
      return trimmed;
  }
}

/** Lists and addresses without their empty parts; nothing left = empty. */
function tidy(spec: FieldSpec, input: InputValue): unknown {
  switch (spec.kind) {
    case 'emails':
      return filled(input, 'address');
    case 'phones':
      return filled(input, 'number');
    case 'tags':
      return Array.isArray(input) && input.length > 0 ? input : null;
    case 'address': {
      const parts = Object.entries((input ?? {}) as Record<string, unknown>)
        .map(([key, part]) => [key, typeof part === 'string' ? part.trim() : part] as const)
        .filter(([, part]) => part !== '' && part !== null && part !== undefined);
      return parts.length > 0 ? Object.fromEntries(parts) : null;
    }
    default:
      return input === '' || input === undefined ? null : input;
  }
}

function filled(input: InputValue, member: string): unknown {
  if (!Array.isArray(input)) return null;
  const items = (input as Record<string, unknown>[])
    .map((item) => ({ ...item, [member]: String(item[member] ?? '').trim() }))
    .filter((item) => (item as Record<string, unknown>)[member] !== '');
  return items.length > 0 ? items : null;
}

function unreadable(spec: FieldSpec): string {
  switch (spec.kind) {
    case 'integer':
      return 'it is not a whole number';
    case 'percent':
      return 'it is not between 0 and 100';
    case 'money':
      return 'it is not an amount, such as 84,459.00';
    case 'date':
      return 'it is not a date, such as 30 Nov 2017';
    case 'instant':
      return 'it is not a time, such as 30 Nov 2017 14:30';
    default:
      return 'it cannot be read';
  }
}

function writtenInstant(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${date(isoDate(at))} ${time(iso)}`;
}

/** A day and a clock time of this device's zone; the day may be left out for today. */
function parseInstant(text: string, today: Date): string | null {
  const match = /^(.*?)[\s,]*(\d{1,2})[:.](\d{2})$/.exec(text);
  if (match === null) return null;
  const [, dayText = '', hours, minutes] = match;
  const day = dayText.trim() === '' ? isoDate(today) : parseDate(dayText, today);
  if (day === null || Number(hours) > 23 || Number(minutes) > 59) return null;
  const [year, month, ofMonth] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, ofMonth, Number(hours), Number(minutes)).toISOString();
}
