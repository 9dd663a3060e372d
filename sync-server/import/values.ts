import type { Money } from '../../shared/model/index.ts';
import { fractionDigits } from '../currency.ts';

/** Years of two digits: this and below are 20yy, above are 19yy. */
const PIVOT = 69;

const orders: Record<string, { pattern: RegExp; order: readonly ('d' | 'm' | 'y')[] }> = {
  'dd-mm-yy': { pattern: /^(\d{1,2})-(\d{1,2})-(\d{2})$/, order: ['d', 'm', 'y'] },
  'dd-mm-yyyy': { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, order: ['d', 'm', 'y'] },
  'yyyy-mm-dd': { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})$/, order: ['y', 'm', 'd'] },
  'mm/dd/yyyy': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: ['m', 'd', 'y'] },
};

/** ISO date; undefined when the text is not a date of that format or the day does not exist. */
export function parseDate(text: string, format = 'yyyy-mm-dd'): string | undefined {
  const known = orders[format];
  const found = known?.pattern.exec(text);
  if (known === undefined || found == null) return undefined;
  const part = (name: 'd' | 'm' | 'y') => found[known.order.indexOf(name) + 1] ?? '';
  const year = Number(part('y'));
  const full = part('y').length === 2 ? year + (year <= PIVOT ? 2000 : 1900) : year;
  const iso = `${full}-${part('m').padStart(2, '0')}-${part('d').padStart(2, '0')}`;
  const exact = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(exact.getTime()) || exact.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

export function parseInteger(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * Money from a decimal text, computed in whole numbers: 1100.04 millions are exactly 110004000000 cents.
 * @param unit whole currency units that 1 stands for
 */
export function parseMoney(text: string, currency: string, unit = 1): Money | undefined {
  const found = /^(-?)(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '0', fraction = ''] = found;
  const scaled =
    BigInt(whole + fraction.padEnd(6, '0')) * BigInt(unit) * 10n ** BigInt(fractionDigits(currency));
  const minor = scaled / 1_000_000n;
  if (minor * 1_000_000n !== scaled || minor > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { minor: sign === '-' ? -Number(minor) : Number(minor), currency };
}

/** A text whose {column} marks are filled; undefined when one of them is empty. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string | undefined {
  let complete = true;
  const text = template.replace(/\{(\w+)\}/g, (_, column: string) => {
    const value = values[column] ?? '';
    if (value === '') complete = false;
    return value;
  });
  return complete ? text : undefined;
}
