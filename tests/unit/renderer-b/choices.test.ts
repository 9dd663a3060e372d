import { describe, expect, it } from 'vitest';
import {
  chosenValue,
  fieldsToMend,
  preview,
  resendValues,
  shortWords,
} from '../../../renderer/views/inbox/choices.ts';
import { isMine, itemTitle, sections, settledTitle, toItem } from '../../../renderer/views/inbox/items.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const usd = (major: number) => ({ minor: major * 100, currency: 'USD' });
const side = (value: unknown, user: string) => ({
  value,
  user,
  device: 'Laptop',
  at: '2017-11-14T09:31:00.000Z',
});

function row(collection: string, body: Record<string, unknown>, owner = 'u1'): RecordRow {
  return {
    collection,
    id: 'r1',
    rev: 1,
    deleted: false,
    name: 'Cancity',
    owner,
    team: '',
    territory: '',
    createdAt: '2017-11-14T09:34:00.000Z',
    createdBy: 'u1',
    updatedAt: '2017-11-14T09:34:00.000Z',
    updatedBy: 'u1',
    body,
    mark: 'in-step',
  };
}

const conflictRow = (more: Record<string, unknown> = {}) =>
  row('inbox', {
    kind: 'conflict',
    subject: 'Cancity',
    collection: 'deals',
    record: 'd1',
    field: 'amount',
    base: usd(54_820),
    server: side(usd(60_302), 'u2'),
    device: { ...side(usd(65_784), 'u1'), offline: true },
    status: 'open',
    at: '2017-11-14T09:34:00.000Z',
    ...more,
  });
const conflict = (more = {}) => toItem(conflictRow(more));
const deal = row('deals', { amount: usd(60_302), probability: 80, stage: 'negotiation' });

describe('a conflict', () => {
  it('offers the value that was kept, the one that stands, and another one', () => {
    expect(chosenValue(conflict(), 'device', undefined)).toEqual(usd(65_784));
    expect(chosenValue(conflict(), 'server', undefined)).toEqual(usd(60_302));
    expect(chosenValue(conflict(), 'other', usd(1))).toEqual(usd(1));
  });

  it('names what is at stake', () => {
    expect(itemTitle(conflict())).toBe('Two amounts for one deal');
    expect(itemTitle(conflict({ field: 'stage' }))).toBe('Two stages for one deal');
    expect(itemTitle(conflict({ collection: 'accounts', field: 'owner' }))).toBe(
      'Two owners for one account',
    );
    expect(itemTitle(conflict({ field: 'moonPhase' }))).toBe('Two changes to one deal');
    expect(shortWords(conflict(), usd(65_784), {}, [])).toBe('$65,784');
  });

  it('shows what would follow from the choice', () => {
    expect(preview(conflict(), deal, usd(65_784), {}, defaultStages)).toEqual([
      { label: 'Amount', from: '$60,302', to: '$65,784', figures: true },
      { label: 'Weighted, 80%', from: '$48,242', to: '$52,627', figures: true },
    ]);
    const stage = conflict({
      field: 'stage',
      device: side('proposal', 'u1'),
      server: side('negotiation', 'u2'),
    });
    expect(preview(stage, deal, 'proposal', {}, defaultStages)).toEqual([
      { label: 'Stage', from: 'Negotiation', to: 'Proposal', figures: false },
      { label: 'Probability', from: '80%', to: '50%', figures: true },
    ]);
  });
});

describe('a refusal', () => {
  const refusal = (more = {}) =>
    conflict({
      kind: 'refusal',
      field: 'stage',
      base: 'negotiation',
      server: side('negotiation', 'u1'),
      device: side('lost', 'u1'),
      code: 'stage.lost_reason_required',
      reason: 'A lost deal needs a lost reason.',
      ...more,
    });

  it('asks for the field that mends it', () => {
    expect(fieldsToMend(refusal())).toEqual(['lostReason']);
    expect(fieldsToMend(refusal({ code: 'stage.close_date_required' }))).toEqual(['closeDate']);
    expect(fieldsToMend(refusal({ code: 'record.invalid', field: 'nextStep' }))).toEqual(['nextStep']);
    expect(fieldsToMend(refusal({ code: 'permission.denied' }))).toEqual([]);
  });

  it('sends again everything that belonged to the act, with what was missing', () => {
    const item = refusal({ others: { nextStep: 'Say goodbye' } });
    expect(resendValues(item, { lostReason: 'Price' })).toEqual({
      stage: 'lost',
      nextStep: 'Say goodbye',
      lostReason: 'Price',
    });
  });

  it('mends the refused value itself where that was wrong', () => {
    const item = refusal({ code: 'record.invalid', field: 'nextStep', device: side('x'.repeat(900), 'u1') });
    expect(resendValues(item, { nextStep: 'shorter' })).toEqual({ nextStep: 'shorter' });
  });
});

describe('the list of the inbox', () => {
  it('holds what is mine: my record, or my change that was kept back', () => {
    expect(isMine(conflictRow(), 'u1')).toBe(true);
    expect(isMine(row('inbox', { device: side(1, 'u3') }, 'u2'), 'u3')).toBe(true);
    expect(isMine(row('inbox', { device: side(1, 'u3') }, 'u2'), 'u1')).toBe(false);
  });

  it('puts what is open first, then what was settled today, then the rest', () => {
    const now = new Date('2017-11-14T10:00:00.000Z');
    const items = [
      conflict({ status: 'resolved', at: '2017-11-09T09:00:00.000Z' }),
      conflict(),
      conflict({ status: 'resolved' }),
    ];
    const { open, settledToday, earlier } = sections(items, now);
    expect([open.length, settledToday.length, earlier.length]).toEqual([1, 1, 1]);
  });

  it('says what was kept, by the bare value or by the field', () => {
    const words = (value: unknown) => shortWords(conflict(), value, {}, []);
    const settled = (resolution: unknown) =>
      settledTitle(conflict({ status: 'resolved', resolution }), words);
    expect(settled({ choice: 'device', value: { amount: usd(65_784) } })).toBe('You kept $65,784');
    expect(settled({ choice: 'other', value: usd(1) })).toBe('You kept $1');
    expect(settled({ choice: 'server', value: null })).toBe('You kept $60,302');
  });

  it('stands a record of an object that this version does not know', () => {
    const item = conflict({ collection: 'spaceships', field: 'fuel' });
    expect(item.collection).toBeNull();
    expect(itemTitle(item)).toBe('Two changes to one record');
    expect(preview(item, deal, 1, {}, [])).toEqual([]);
  });
});
