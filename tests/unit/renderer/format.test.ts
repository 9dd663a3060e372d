import { describe, expect, it } from 'vitest';
import {
  addDays,
  ago,
  date,
  dayMonth,
  decimal,
  initials,
  instant,
  money,
  moneyShort,
  overdueDays,
} from '../../../renderer/format.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const now = new Date('2017-11-14T09:52:00');

describe('money', () => {
  it('shows cents only where there are some', () => {
    expect(money(usd(18_737_600))).toBe('$187,376');
    expect(money(usd(18_737_650))).toBe('$187,376.50');
    expect(money(usd(100), 'always')).toBe('$1.00');
  });
  it('rounds sums half up to the whole unit', () => {
    expect(money(usd(150), 'whole')).toBe('$2');
    expect(money(usd(149), 'whole')).toBe('$1');
  });
  it('is exact far beyond what a float of dollars can say', () => {
    expect(money(usd(9_007_199_254_740_991))).toBe('$90,071,992,547,409.91');
  });
  it('follows the decimals of the currency', () => {
    expect(money({ minor: 1234, currency: 'JPY' })).toBe('¥1,234');
    expect(decimal(1234, 0)).toBe('1234');
    expect(decimal(-5, 2)).toBe('-0.05');
  });
  it('shortens large amounts', () => {
    expect(moneyShort(usd(317_800_000_000))).toBe('$3,178M');
    expect(moneyShort(usd(4_500_000))).toBe('$45k');
    expect(moneyShort(usd(950_000))).toBe('$9,500');
  });
});

describe('days', () => {
  it('are written so that they cannot be misread', () => {
    expect(date('2017-11-06')).toBe('06 Nov 2017');
    expect(date('soon')).toBe('soon');
  });
  it('name the year only when they are far away', () => {
    expect(dayMonth('2018-01-31', now)).toBe('31 Jan');
    expect(dayMonth('2016-01-31', now)).toBe('31 Jan 2016');
  });
  it('count as late from the day after', () => {
    expect(overdueDays('2017-11-14', now)).toBe(0);
    expect(overdueDays('2017-11-10', now)).toBe(4);
    expect(overdueDays('2017-12-10', now)).toBe(0);
  });
  it('step over months and leap days', () => {
    expect(addDays('2017-11-01', -1)).toBe('2017-10-31');
    expect(addDays('2016-02-28', 1)).toBe('2016-02-29');
  });
});

describe('instants', () => {
  it('are told from today', () => {
    expect(instant('2017-11-14T09:41:00', now)).toBe('today 09:41');
    expect(instant('2017-11-13T17:58:00', now)).toBe('yesterday 17:58');
    expect(instant('2017-11-09T17:58:00', now)).toBe('Thu 17:58');
    expect(instant('2017-10-02T07:05:00', now)).toBe('02 Oct 2017 07:05');
  });
  it('are ages in a column', () => {
    expect(ago('2017-11-14T09:51:40', now)).toBe('now');
    expect(ago('2017-11-14T09:40:00', now)).toBe('12 min');
    expect(ago('2017-11-14T01:40:00', now)).toBe('today');
    expect(ago('2017-11-12T23:00:00', now)).toBe('2 d');
    expect(ago('2017-01-12T23:00:00', now)).toBe('12 Jan 2017');
  });
});

describe('initials', () => {
  it('are two for a person and one for a single word', () => {
    expect(initials('Nora Lindqvist')).toBe('NL');
    expect(initials('Halden')).toBe('H');
    expect(initials('')).toBe('?');
  });
});
