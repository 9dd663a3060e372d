// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Timeline } from '../../../renderer/views/record/Timeline.tsx';
import { timeline } from '../../../renderer/views/record/timeline.ts';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';

const at = '2017-11-14T09:41:00.000Z';
const deal: RecordRow = {
  collection: 'deals',
  id: 'd1',
  rev: 1,
  deleted: false,
  name: 'Isdom',
  owner: 'u1',
  team: '',
  territory: '',
  createdAt: at,
  createdBy: 'u1',
  updatedAt: at,
  updatedBy: 'u1',
  body: {},
  mark: 'in-step',
};
const entry = (seq: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at,
  kind: 'change',
  collection: 'deals',
  record: 'd1',
  name: 'Isdom',
  field: 'nextStep',
  from: 'Ask for the drawing',
  to: 'Send the offer',
  user: 'u1',
  userName: 'Nora Lindqvist',
  device: 'dev',
  deviceName: 'Laptop',
  offline: false,
  state: 'sent',
  hash: 'ab',
  ...more,
});

/** The one event that these entries make, as it is drawn. @param open fields that wait in the inbox */
function drawn(entries: readonly AuditEntry[], open: readonly string[] = []): HTMLElement {
  const record = { row: deal, role: 'rep', save: async () => undefined, open: new Set(open) };
  render(
    <Timeline
      events={timeline(entries, [])}
      loading={false}
      me="u1"
      names={{}}
      stages={[]}
      collection="deals"
      record={record}
    />,
  );
  const [event, ...rest] = screen.getAllByRole('listitem');
  expect(rest).toEqual([]);
  return event as HTMLElement;
}

const isStruck = (event: HTMLElement, value: string) =>
  within(event).getByText(value).classList.contains('st');

afterEach(cleanup);

describe('an act in the timeline', () => {
  it('of which one field came too late says so of that field alone', () => {
    const event = drawn([
      entry(2, { field: 'description', from: null, to: 'Two halls', state: 'superseded' }),
      entry(1),
    ]);
    expect(event.textContent).toContain('You changed 2 fields');
    expect(event.textContent).not.toContain('another change stands');
    expect(isStruck(event, 'Send the offer')).toBe(false);
    expect(isStruck(event, 'Two halls')).toBe(true);
    const [tag, ...more] = within(event).getAllByText('Does not count');
    expect(more).toEqual([]);
    expect(tag?.closest('.ev-change')?.textContent).toContain('Two halls');
  });

  it('of which one field came too late and another is not sent yet says both', () => {
    const event = drawn([
      entry(2, { field: 'description', from: null, to: 'Two halls', state: 'superseded' }),
      entry(1, { state: 'saved' }),
    ]);
    expect(within(event).getByText('Saved here').closest('.ev-line')).not.toBeNull();
    expect(within(event).getAllByText('Does not count')).toHaveLength(1);
  });

  it('that came too late as a whole says once that another change stands', () => {
    const event = drawn([
      entry(2, { field: 'description', from: null, to: 'Two halls', state: 'superseded' }),
      entry(1, { state: 'superseded' }),
    ]);
    expect(event.textContent).toContain('You wanted to change 2 fields, but another change stands');
    expect(isStruck(event, 'Send the offer')).toBe(true);
    expect(within(event).getAllByText('Does not count')).toHaveLength(1);
  });

  it.each(['delete', 'restore', 'create'])(
    'that was a refused %s leads to the inbox while it waits there',
    (kind) => {
      const refused = entry(1, { kind, field: '', from: null, to: null, state: 'refused' });
      expect(within(drawn([refused], [''])).getByRole('button', { name: 'Refused' })).toBeTruthy();
      cleanup();
      const decided = drawn([refused]);
      expect(within(decided).getByText('Was refused')).toBeTruthy();
      expect(within(decided).queryByRole('button')).toBeNull();
    },
  );
});
