import { describe, expect, it } from 'vitest';
import { checkpoints, daysInStages } from '../../../renderer/views/record/stage-times.ts';
import { filterTimeline, timeline } from '../../../renderer/views/record/timeline.ts';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const entry = (seq: number, at: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at,
  kind: 'change',
  collection: 'deals',
  record: 'd1',
  name: 'Isdom',
  field: 'nextStep',
  from: null,
  to: 'Call back',
  user: 'u1',
  userName: 'Nora Lindqvist',
  device: 'dev',
  deviceName: 'Laptop',
  offline: false,
  state: 'sent',
  hash: 'ab',
  ...more,
});

const row = (body: Record<string, unknown>, createdAt = '2017-10-09T08:00:00.000Z'): RecordRow => ({
  collection: 'deals',
  id: 'd1',
  rev: 1,
  deleted: false,
  name: 'Isdom',
  owner: 'u1',
  team: '',
  territory: '',
  createdAt,
  createdBy: 'u1',
  updatedAt: createdAt,
  updatedBy: 'u1',
  body,
  mark: 'in-step',
});

describe('the timeline', () => {
  it('tells what one person changed in one act as one event, the stage before its probability', () => {
    const at = '2017-11-14T09:41:00.000Z';
    const [event, ...rest] = timeline(
      [
        entry(3, at, { field: 'probability', from: 20, to: 50 }),
        entry(2, at, { field: 'stage', from: 'qualification', to: 'proposal' }),
      ],
      [],
    );
    expect(rest).toEqual([]);
    expect(event?.kind === 'changes' && event.entries.map(({ field }) => field)).toEqual([
      'stage',
      'probability',
    ]);
  });

  it('keeps acts of different people and of different moments apart', () => {
    const at = '2017-11-14T09:41:00.000Z';
    expect(timeline([entry(3, at), entry(2, at, { user: 'u2' })], [])).toHaveLength(2);
    expect(timeline([entry(3, at), entry(2, '2017-11-14T09:40:00.000Z')], [])).toHaveLength(2);
  });

  it('shows the worst that became of an act', () => {
    const at = '2017-11-14T09:41:00.000Z';
    const [event] = timeline([entry(3, at, { state: 'sent' }), entry(2, at, { state: 'conflict' })], []);
    expect(event?.kind !== 'activity' && event?.state).toBe('conflict');
  });

  it('mixes activities in by the time they happened, newest first', () => {
    const visit = { ...row({ type: 'visit', startAt: '2017-11-10T10:00:00.000Z' }), id: 'a1' };
    const keys = timeline(
      [entry(2, '2017-11-14T09:00:00.000Z'), entry(1, '2017-11-01T09:00:00.000Z')],
      [visit],
    ).map(({ key }) => key);
    expect(keys).toEqual(['log-2', 'a1', 'log-1']);
  });

  it('narrows to what is asked for', () => {
    const events = timeline(
      [entry(1, '2017-11-01T09:00:00.000Z')],
      ['note', 'call', 'visit', 'meeting', 'task'].map((type) => ({ ...row({ type }), id: type })),
    );
    const shown = (filter: Parameters<typeof filterTimeline>[1]) =>
      filterTimeline(events, filter)
        .map(({ key }) => key)
        .sort();
    expect(shown('notes')).toEqual(['note']);
    expect(shown('calls')).toEqual(['call']);
    expect(shown('visits')).toEqual(['meeting', 'visit']);
    expect(shown('changes')).toEqual(['log-1']);
    expect(shown('all')).toHaveLength(6);
  });
});

describe('days in stages', () => {
  const now = new Date('2017-11-14T09:52:00.000Z');
  const history = [
    entry(3, '2017-11-08T08:00:00.000Z', { field: 'stage', from: 'qualification', to: 'proposal' }),
    entry(2, '2017-10-20T08:00:00.000Z', { field: 'stage', from: 'prospecting', to: 'qualification' }),
    entry(1, '2017-10-09T08:00:00.000Z', { kind: 'create', field: '' }),
  ];

  it('come from the changes that this device knows', () => {
    const days = daysInStages(row({ stage: 'proposal' }), history, now);
    expect(Object.fromEntries(days)).toEqual({ prospecting: 11, qualification: 19, proposal: 6 });
  });

  it('are not invented for a record whose beginning is not known', () => {
    const days = daysInStages(row({ stage: 'proposal' }), [], now);
    expect(days.size).toBe(0);
    const marked = daysInStages(
      row({ stage: 'proposal', stageEnteredAt: '2017-11-10T08:00:00.000Z' }),
      [],
      now,
    );
    expect(Object.fromEntries(marked)).toEqual({ proposal: 4 });
  });

  it('leave out a move that the server refused', () => {
    const refused = entry(4, '2017-11-12T08:00:00.000Z', {
      field: 'stage',
      from: 'proposal',
      to: 'won',
      state: 'refused',
    });
    expect(daysInStages(row({ stage: 'proposal' }), [refused, ...history], now).get('proposal')).toBe(6);
  });
});

describe('the stage path', () => {
  const states = (stage: string, from?: string) =>
    checkpoints(defaultStages, stage, from).map(({ stage: { id }, state }) => `${id} ${state}`);

  it('marks what lies behind, here and ahead', () => {
    expect(states('proposal')).toEqual([
      'prospecting done',
      'qualification done',
      'proposal current',
      'negotiation next',
      'won next',
    ]);
  });

  it('ends at won, and a lost deal keeps the road it had gone', () => {
    expect(states('won').at(-1)).toBe('won done');
    expect(states('lost', 'proposal')).toEqual([
      'prospecting done',
      'qualification done',
      'proposal next',
      'negotiation next',
      'won next',
    ]);
  });
});
