import { describe, expect, it } from 'vitest';
import { catalogue, fromPlainError, RoadbookError, toPlainError, toProblem } from '../../../shared/errors.ts';
import { entities, fieldOf, fieldValue, type Row, withField } from '../../../shared/model/index.ts';
import { may, policy, roles } from '../../../shared/rules/permissions.ts';
import { checkStage, defaultStages, onStageChange, stagesOf } from '../../../shared/rules/stages.ts';
import { validateEdit, validateNew } from '../../../shared/rules/validate.ts';

const context = { stages: defaultStages };
const deal = { name: 'Isdom GTX Pro', pipeline: 'p', stage: 'proposal' };

describe('stage rules', () => {
  it('want an amount and a close date for a won deal, and a reason for a lost one', () => {
    const codes = (body: Record<string, unknown>) =>
      checkStage(body, defaultStages).map((problem) => problem.code);
    expect(codes({ stage: 'won' })).toEqual(['stage.amount_required', 'stage.close_date_required']);
    expect(codes({ stage: 'lost' })).toEqual(['stage.lost_reason_required']);
    expect(codes({ stage: 'nowhere' })).toEqual(['stage.unknown']);
    const amount = { minor: 100, currency: 'USD' };
    expect(codes({ stage: 'won', amount, closeDate: '2026-01-01' })).toEqual([]);
  });

  it('check nothing when the pipeline is not known here', () => {
    expect(checkStage({ stage: 'anything' }, [])).toEqual([]);
  });

  it('let imported history stand: an edit of another field is not held up by a missing lost reason', () => {
    const lost = { ...deal, stage: 'lost' };
    expect(validateEdit(entities.deals, { ...lost, nextStep: 'Call' }, ['nextStep'], context)).toEqual([]);
    expect(validateEdit(entities.deals, lost, ['stage'], context)).toHaveLength(1);
  });

  it('set the probability that the stage stands for', () => {
    expect(onStageChange('negotiation', defaultStages)).toEqual({ probability: 80 });
    expect(onStageChange('nowhere', defaultStages)).toEqual({});
  });

  it('read the stages of a pipeline in their order', () => {
    const pipeline = { body: { stages: [...defaultStages].reverse() } };
    expect(stagesOf(pipeline).map((stage) => stage.id)).toEqual(defaultStages.map((stage) => stage.id));
    expect(stagesOf(undefined)).toEqual([]);
  });
});

describe('validation', () => {
  it('names every field that is not right, in words', () => {
    const problems = validateNew(
      entities.deals,
      { stage: 'proposal', amount: { minor: -1, currency: 'USD' } },
      context,
    );
    expect(problems.map((problem) => problem.field).sort()).toEqual(['amount', 'name', 'pipeline']);
    expect(problems.every((problem) => problem.code === 'record.invalid')).toBe(true);
  });

  it('keeps what it does not know: fields of a later version pass untouched', () => {
    expect(validateNew(entities.deals, { ...deal, fromTheFuture: { deep: 1 } }, context)).toEqual([]);
    expect(validateEdit(entities.deals, { ...deal, fromTheFuture: 2 }, ['fromTheFuture'], context)).toEqual(
      [],
    );
  });

  it.each([
    ['closeDate', '30 Nov'],
    ['probability', 101],
    ['forecast', 'maybe'],
    ['tags', 'one'],
    ['account', ''.padStart(50, 'x')],
    ['nextStep', 5],
    ['stageEnteredAt', 'noon'],
  ])('refuses a wrong %s', (name, value) => {
    const problems = validateEdit(entities.deals, { ...deal, [name]: value }, [name], context);
    expect(problems).toMatchObject([{ field: name, code: 'record.invalid' }]);
  });

  it('lets any field but a required one be emptied', () => {
    expect(validateEdit(entities.deals, { ...deal, amount: null }, ['amount'], context)).toEqual([]);
    expect(validateEdit(entities.deals, { ...deal, name: '' }, ['name'], context)).toMatchObject([
      { field: 'name' },
    ]);
  });
});

describe('permissions', () => {
  it('deny what no line allows', () => {
    expect(may('rep', 'update', 'directory')).toBe(false);
    expect(may('admin', 'delete', 'definitions')).toBe(false);
    expect(may('nobody', 'read', 'deals')).toBe(false);
  });

  it('let a read-only person read everything and change nothing', () => {
    for (const object of Object.keys(entities) as (keyof typeof entities)[]) {
      expect(may('read-only', 'read', object)).toBe(true);
      for (const action of ['create', 'update', 'delete'] as const)
        expect(may('read-only', action, object)).toBe(false);
    }
  });

  it('give a reason on each line and name only known roles and objects', () => {
    for (const line of policy) {
      expect(line.because.length).toBeGreaterThan(10);
      for (const role of line.roles) expect(roles).toContain(role);
      for (const object of line.objects) expect(entities).toHaveProperty(object);
    }
  });
});

describe('models', () => {
  it('have a title for every object, and sort, search and list only by fields that exist', () => {
    expect(entities.contacts.title({ firstName: 'Priya', lastName: 'Raman' })).toBe('Priya Raman');
    expect(entities.leads.title({ company: 'Isdom' })).toBe('Isdom');
    expect(entities.activities.title({ text: 'They want 18.\nBy January.' })).toBe('They want 18.');
    expect(fieldOf(entities.deals, 'owner')?.merge).toBe('ask');
    expect(fieldOf(entities.deals, 'toString')).toBeUndefined();
  });

  it('change one field of a copy, and leave an emptied field out', () => {
    const row: Row = {
      id: '1',
      rev: 1,
      tenant: 't',
      owner: 'o',
      team: '',
      territory: '',
      name: 'n',
      createdAt: '',
      createdBy: '',
      updatedAt: '',
      updatedBy: '',
      body: { amount: 1 },
    };
    expect(fieldValue(withField(row, 'owner', 'p'), 'owner')).toBe('p');
    expect(withField(row, 'amount', null).body).toEqual({});
    expect(row.body).toEqual({ amount: 1 });
  });

  it('fit into the collections that RxDB opens in one process', () => {
    expect(Object.keys(entities).length).toBeLessThanOrEqual(11);
  });
});

describe('errors', () => {
  it('say in one sentence what happened and what to do', () => {
    for (const entry of Object.values(catalogue)) {
      expect(entry.message).toMatch(/[.]$/);
      expect(entry.hint).toMatch(/[.]$/);
      expect(entry.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('fill their marks, cross a boundary and come back the same', () => {
    const error = new RoadbookError('auth.too_many_tries', { seconds: 30 });
    expect(error.message).toBe('Too many tries. Wait 30 seconds.');
    const back = fromPlainError(toPlainError(error));
    expect(back.code).toBe('auth.too_many_tries');
    expect(toProblem(back, 'r1')).toMatchObject({
      status: 429,
      code: 'auth.too_many_tries',
      requestId: 'r1',
    });
  });

  it('tell nothing of an error that is not from the catalogue', () => {
    const plain = toPlainError(new Error('password=hunter2 at /home/x'));
    expect(plain.code).toBe('internal');
    expect(JSON.stringify(plain)).not.toContain('hunter2');
    expect(fromPlainError({ ...plain, code: 'toString' as never }).code).toBe('internal');
  });
});
