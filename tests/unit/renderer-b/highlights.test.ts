import { describe, expect, it } from 'vitest';
import { highlights } from '../../../renderer/views/record/highlights.ts';
import type { RecordRow, ViewSummary } from '../../../shared/ipc.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const now = new Date('2017-11-14T09:52:00.000Z');

function row(collection: string, body: Record<string, unknown>, id = 'r1'): RecordRow {
  return {
    collection,
    id,
    rev: 1,
    deleted: false,
    name: 'Isdom',
    owner: 'u1',
    team: '',
    territory: '',
    createdAt: '2017-10-09T08:00:00.000Z',
    createdBy: 'u1',
    updatedAt: '2017-10-09T08:00:00.000Z',
    updatedBy: 'u1',
    body,
    mark: 'in-step',
  };
}

function shown(
  record: RecordRow,
  more: { open?: ViewSummary; won?: ViewSummary; activities?: RecordRow[] } = {},
): Record<string, string> {
  const list = highlights({
    row: record,
    history: [],
    activities: more.activities ?? [],
    names: {},
    stages: defaultStages,
    open: more.open ?? null,
    won: more.won ?? null,
    now,
  });
  return Object.fromEntries(list.map(({ label, value, note }) => [label, `${value ?? '-'} | ${note}`]));
}

describe('the figures under a record’s head', () => {
  it('of a deal follow from its fields', () => {
    const deal = row('deals', {
      amount: { minor: 8_445_900, currency: 'USD' },
      probability: 50,
      stage: 'proposal',
      closeDate: '2017-11-30',
      stageEnteredAt: '2017-11-08T08:00:00.000Z',
      forecast: 'best',
    });
    const call = row('activities', { type: 'call', startAt: '2017-11-12T09:00:00.000Z' }, 'a1');
    const planned = row('activities', { type: 'visit', startAt: '2017-12-01T09:00:00.000Z' }, 'a2');
    expect(shown(deal, { activities: [call, planned] })).toEqual({
      Amount: '$84,459 | entered by hand',
      Weighted: '$42,230 | 50%, Proposal',
      'Expected close': '30 Nov 2017 | in 16 days',
      'Time in stage': '6 d | Proposal',
      Forecast: 'Best case | ',
      'Last activity': '2 d | Call',
    });
  });

  it('are never invented: what is not known is said to be', () => {
    expect(shown(row('deals', { stage: 'prospecting' }))).toMatchObject({
      Amount: '- | not known yet',
      Weighted: '- | no probability',
      'Expected close': '- | no date',
      'Time in stage': '- | since when is not known',
      'Last activity': '- | nothing logged yet',
    });
  });

  it('of an account are sums of its deals, and say when deals have no amount', () => {
    const none = { count: 6, sums: [] };
    const won = { count: 53, sums: [{ currency: 'USD', minor: 10_740_800, weightedMinor: 10_740_800 }] };
    expect(shown(row('accounts', {}), { open: none, won })).toMatchObject({
      'Open deals': '- | 6 deals without an amount',
      Won: '$107,408 | 53 deals',
    });
    expect(shown(row('accounts', {}), { open: { count: 0, sums: [] } })['Open deals']).toBe('0 | 0 deals');
    expect(shown(row('contacts', {}), { won })['Won at account']).toBe('$107,408 | 53 deals');
  });

  it('exist for every object with a page of its own', () => {
    for (const collection of ['deals', 'accounts', 'contacts', 'leads', 'products', 'activities']) {
      expect(Object.keys(shown(row(collection, {}))).length).toBeGreaterThan(3);
    }
  });
});
