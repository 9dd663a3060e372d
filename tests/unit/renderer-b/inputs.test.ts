import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../renderer/forms/dates.ts';
import { type ReadContext, readInput, toInput } from '../../../renderer/forms/input.ts';
import { moneyInput, parseMoney } from '../../../renderer/forms/money.ts';
import { accounts } from '../../../shared/model/account.ts';
import { contacts } from '../../../shared/model/contact.ts';
import { deals } from '../../../shared/model/deal.ts';
import type { Entity, FieldSpec } from '../../../shared/model/index.ts';

const today = new Date(2017, 10, 14, 9, 41);
const context: ReadContext = { currency: 'USD', today };

function specOf(entity: Entity, name: string): FieldSpec {
  const spec = entity.fields[name];
  if (spec === undefined) throw new Error(`${entity.name} has no ${name}`);
  return spec;
}

describe('amounts', () => {
  it.each([
    ['84459', 8_445_900],
    ['$84,459.00', 8_445_900],
    ['84.459,50', 8_445_950],
    ['84 459,5', 8_445_950],
    ['1,234', 123_400],
    ['1.50', 150],
    ['1,5', 150],
    ['1.5k', 150_000],
    ['2m', 200_000_000],
    ['0', 0],
    ['1,234,567', 123_456_700],
  ])('reads %s', (text, minor) => {
    expect(parseMoney(text, 'USD')).toEqual({ minor, currency: 'USD' });
  });

  it('takes the currency that is written over the one that is meant', () => {
    expect(parseMoney('EUR 120', 'USD')).toEqual({ minor: 12_000, currency: 'EUR' });
    expect(parseMoney('120 €', 'USD')).toEqual({ minor: 12_000, currency: 'EUR' });
    expect(parseMoney('¥1,500', 'USD')).toEqual({ minor: 1500, currency: 'JPY' });
  });

  it.each(['abc', '', '1.234.5', '12,34,567', '1.005', '12-3', '$', '1,2345.6'])('refuses %s', (text) => {
    expect(parseMoney(text, 'USD')).toBeNull();
  });

  it('reads back every amount that it writes, to the cent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
        (minor, currency) => {
          expect(parseMoney(moneyInput({ minor, currency }), currency)).toEqual({ minor, currency });
        },
      ),
    );
  });
});

describe('days', () => {
  it.each([
    ['30 Nov 2017', '2017-11-30'],
    ['30.11.2017', '2017-11-30'],
    ['30/11/17', '2017-11-30'],
    ['2017-11-30', '2017-11-30'],
    ['Nov 30', '2017-11-30'],
    ['November 30, 2018', '2018-11-30'],
    ['5 jan', '2018-01-05'],
    ['today', '2017-11-14'],
    ['tomorrow', '2017-11-15'],
    ['+7', '2017-11-21'],
    ['+2w', '2017-11-28'],
    ['fri', '2017-11-17'],
    ['tuesday', '2017-11-21'],
  ])('reads %s', (text, iso) => {
    expect(parseDate(text, today)).toBe(iso);
  });

  it.each(['31 Feb 2017', '2017-13-01', 'soon', '32.01.2017', ''])('refuses %s', (text) => {
    expect(parseDate(text, today)).toBeNull();
  });
});

describe('an input', () => {
  it('gives back the value that it was made from, for every kind', () => {
    const values: [Entity, string, unknown][] = [
      [deals, 'name', 'Isdom GTX Pro fleet refresh'],
      [deals, 'amount', { minor: 8_445_900, currency: 'USD' }],
      [deals, 'probability', 50],
      [deals, 'closeDate', '2017-11-30'],
      [deals, 'forecast', 'best'],
      [deals, 'tags', ['GTX', 'fleet']],
      [accounts, 'employees', 1200],
      [accounts, 'emails', [{ id: 'a', type: 'work', address: 'info@isdom.example' }]],
      [accounts, 'billing', { street: '1 Plant Road', city: 'Lansing' }],
      [contacts, 'doNotCall', true],
      [contacts, 'account', '0190-isdom'],
    ];
    for (const [entity, name, value] of values) {
      const spec = specOf(entity, name);
      expect(readInput(name, spec, toInput(spec, value), context)).toEqual({ ok: true, value });
    }
  });

  it('that is empty empties the field', () => {
    for (const name of ['nextStep', 'amount', 'closeDate', 'forecast', 'tags']) {
      const spec = specOf(deals, name);
      expect(readInput(name, spec, toInput(spec, null), context)).toEqual({ ok: true, value: null });
    }
  });

  it('drops the parts of lists and addresses that were left blank', () => {
    const emails = [
      { id: 'a', type: 'work', address: ' tom@isdom.example ' },
      { id: 'b', type: 'work', address: ' ' },
    ];
    expect(readInput('emails', specOf(contacts, 'emails'), emails, context)).toEqual({
      ok: true,
      value: [{ id: 'a', type: 'work', address: 'tom@isdom.example' }],
    });
    expect(readInput('address', specOf(contacts, 'address'), { city: ' ' }, context)).toEqual({
      ok: true,
      value: null,
    });
  });

  it('that cannot be read says what is wrong and what would be right', () => {
    const amount = readInput('amount', specOf(deals, 'amount'), 'a lot', context);
    expect(amount).toEqual({
      ok: false,
      message: 'Amount is not right: it is not an amount, such as 84,459.00.',
    });
    expect(readInput('probability', specOf(deals, 'probability'), '120', context)).toMatchObject({
      ok: false,
    });
    expect(readInput('closeDate', specOf(deals, 'closeDate'), '31 Feb', context)).toMatchObject({
      ok: false,
    });
    expect(readInput('name', specOf(deals, 'name'), '  ', context)).toMatchObject({ ok: false });
  });
});
