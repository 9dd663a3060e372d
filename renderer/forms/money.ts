import type { Money } from '../../shared/model/index.ts';
import { decimal, fractionDigits } from '../format.ts';

const SYMBOLS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY' };
const STEPS: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6 };

/**
 * Reads an amount as people write it: `84459`, `$84,459.00`, `84.459,50`, `EUR 120`, `1.5k`. Integer arithmetic on the
 * digits; a float never holds an amount.
 * @param currency the one meant when none is written
 * @returns null when it is not an amount, or has more digits behind the point than the currency
 */
export function parseMoney(text: string, currency: string): Money | null {
  const match = /^\s*(-?)\s*([A-Z]{3}|[$€£¥])?\s*([0-9][0-9\s.,'’]*)([kKmM]?)\s*([A-Z]{3}|[$€£¥])?\s*$/.exec(
    text,
  );
  if (match === null) return null;
  const [, sign = '', before, figures = '', step = '', after] = match;
  const written = before ?? after;
  const code = written === undefined ? currency : (SYMBOLS[written] ?? written);
  const split = splitFigures(figures.replace(/[\s'’]/g, ''));
  if (split === null) return null;
  const places = fractionDigits(code) + (STEPS[step.toLowerCase()] ?? 0);
  if (split.fraction.length > places) return null;
  const minor = Number(`${sign}${split.whole}${split.fraction.padEnd(places, '0')}`);
  return Number.isSafeInteger(minor) ? { minor: minor === 0 ? 0 : minor, currency: code } : null;
}

/** `84,459.00` for the input of an amount: groups and cents, no symbol. */
export function moneyInput({ minor, currency }: Money): string {
  const [whole = '0', fraction] = decimal(minor, fractionDigits(currency)).split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** Separates whole and fraction: the last mark is the point unless it can only be one of a row of thousands. */
function splitFigures(figures: string): { whole: string; fraction: string } | null {
  const last = Math.max(figures.lastIndexOf('.'), figures.lastIndexOf(','));
  if (last === -1) return { whole: figures, fraction: '' };
  const mark = figures.charAt(last);
  const head = figures.slice(0, last);
  const tail = figures.slice(last + 1);
  const repeated = head.includes(mark);
  const isGroup = tail.length === 3 && (mark === ',' || repeated) && !/[.,]/.test(head.replaceAll(mark, ''));
  if (isGroup || repeated) {
    return isGroup && grouped(head, mark)
      ? { whole: (head + tail).replaceAll(mark, ''), fraction: '' }
      : null;
  }
  const group = mark === '.' ? ',' : '.';
  if (head.includes(group) && !grouped(head, group)) return null;
  return tail === '' ? null : { whole: head.replaceAll(group, ''), fraction: tail };
}

function grouped(text: string, mark: string): boolean {
  return text.split(mark).every((part, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));
}
