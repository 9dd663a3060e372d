import { describe, expect, it } from 'vitest';
import {
  type FormContext,
  formFields,
  isUntouched,
  readForm,
  startValues,
  toInputs,
} from '../../../renderer/forms/form.ts';
import { contacts } from '../../../shared/model/contact.ts';
import { deals } from '../../../shared/model/deal.ts';
import { entities } from '../../../shared/model/index.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const context: FormContext = { currency: 'USD', today: new Date(2017, 10, 14), stages: defaultStages };

describe('a form for a new record', () => {
  it('shows every required field at once and every other editable field somewhere', () => {
    for (const entity of Object.values(entities).filter((candidate) => candidate.editable)) {
      const { first, more } = formFields(entity);
      expect(new Set([...first, ...more]).size).toBe(first.length + more.length);
      for (const [name, spec] of Object.entries(entity.fields)) {
        if (spec.required && !spec.readOnly && name !== 'pipeline') expect(first).toContain(name);
      }
    }
  });

  it('asks for what is missing in plain words, at the field', () => {
    const { errors } = readForm(contacts, { firstName: 'Tom' }, context);
    expect(errors).toEqual({ lastName: 'Last name is needed.' });
  });

  it('saves what was typed in the right form, without the empty fields', () => {
    const inputs = {
      name: 'Isdom',
      pipeline: 'p',
      stage: 'proposal',
      amount: '84,459',
      closeDate: '',
      nextStep: '  ',
    };
    expect(readForm(deals, inputs, context)).toEqual({
      errors: {},
      values: {
        name: 'Isdom',
        pipeline: 'p',
        stage: 'proposal',
        amount: { minor: 8_445_900, currency: 'USD' },
        probability: 50,
      },
    });
  });

  it('keeps a probability that the person wrote over the one of the stage', () => {
    const { values } = readForm(
      deals,
      { name: 'Isdom', pipeline: 'p', stage: 'proposal', probability: '65' },
      context,
    );
    expect(values.probability).toBe(65);
  });

  it('holds a won deal to its amount and close date', () => {
    const { errors } = readForm(deals, { name: 'Isdom', pipeline: 'p', stage: 'won' }, context);
    expect(errors).toEqual({
      amount: 'A won deal needs an amount.',
      closeDate: 'A won deal needs a close date.',
    });
  });

  it('starts a deal in the first open stage, unless a column was chosen', () => {
    expect(startValues(deals, {}, defaultStages).stage).toBe('prospecting');
    expect(startValues(deals, { stage: 'proposal' }, defaultStages).stage).toBe('proposal');
  });

  it('knows an untouched form, so that closing it leaves no draft', () => {
    const start = toInputs(deals, startValues(deals, {}, defaultStages));
    expect(isUntouched({ ...start, name: '' }, start)).toBe(true);
    expect(isUntouched({ ...start, name: 'I' }, start)).toBe(false);
  });
});
