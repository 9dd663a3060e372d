// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, configure, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { navigate } from '../../../renderer/state/router.ts';
import { planPutBack } from '../../../renderer/views/record/put-back.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { DEAL, recordWindow } from './record-window.ts';

configure({ defaultHidden: true });
const { bridge, open, openDeal, deal } = recordWindow();

const change = (field: string, from: unknown, to: unknown, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq: 9000 + bridge().data.audit.length,
  at: '2017-11-20T09:00:00Z',
  kind: 'change',
  collection: 'deals',
  record: DEAL,
  name: deal()?.name ?? '',
  field,
  from,
  to,
  user: 'user-01',
  userName: 'Tomas Arendt',
  device: 'device-1',
  deviceName: 'Laptop',
  offline: false,
  state: 'sent',
  hash: 'a'.repeat(64),
  ...more,
});

async function afterChange(field: string, from: unknown, to: unknown): Promise<void> {
  bridge().change('deals', DEAL, { [field]: to });
  bridge().data.audit.unshift(change(field, from, to));
  await openDeal();
}

const timeline = () => within(screen.getByRole('list', { name: 'Timeline' }));
const offered = (name: RegExp) => timeline().queryAllByRole('button', { name });
const press = async (element: Element) => act(async () => fireEvent.click(element));
const updates = () =>
  bridge()
    .calls.filter(({ name }) => name === 'record.update')
    .map(({ input }) => input);

describe('a change in the timeline', () => {
  it('is put back by an ordinary edit with the old value, and that can be undone', async () => {
    await afterChange('nextStep', 'Ask for the drawing', 'Send the offer');
    const [button] = offered(/^Put back next step, Ask for the drawing$/);
    await press(button as Element);
    const input = { collection: 'deals', id: DEAL };
    expect(updates()).toEqual([{ ...input, values: { nextStep: 'Ask for the drawing' } }]);
    expect(deal()?.body.nextStep).toBe('Ask for the drawing');
    await press(screen.getByRole('button', { name: 'Undo' }));
    expect(updates().at(-1)).toEqual({ ...input, values: { nextStep: 'Send the offer' } });
    expect(deal()?.body.nextStep).toBe('Send the offer');
  });

  it('of a field that was empty is put back to emptiness', async () => {
    await afterChange('nextStep', null, 'Send the offer');
    await press(offered(/^Put back next step, empty$/)[0] as Element);
    expect(updates()).toEqual([{ collection: 'deals', id: DEAL, values: { nextStep: null } }]);
    expect(deal()?.body).not.toHaveProperty('nextStep');
  });

  it('whose old value stands already has nothing to put back', async () => {
    await afterChange('nextStep', 'Send the offer', 'Send the offer');
    expect(offered(/^Put back next step/)).toEqual([]);
  });

  it('whose old value would break a rule says which, and the record stays as it is', async () => {
    await afterChange('nextStep', 'Ask for the drawing', 'Send the offer');
    bridge().overrides['record.update'] = () => {
      throw new RoadbookError('stage.lost_reason_required');
    };
    await press(offered(/^Put back next step/)[0] as Element);
    expect(timeline().getByRole('alert').textContent).toBe(
      'A lost deal needs a lost reason. Choose why it was lost, then move the deal.',
    );
    expect(deal()?.body.nextStep).toBe('Send the offer');
    expect(offered(/^Put back next step/)).toHaveLength(1);
  });
});

describe('putting back', () => {
  const plan = (entry: Partial<AuditEntry>, role = 'rep', more = {}) => {
    const row = deal();
    if (row === undefined) throw new Error('the deal is missing');
    return planPutBack(change('nextStep', 'Before', 'After', entry), { ...row, ...more }, role);
  };

  it('is refused in words where Roadbook fills the field, where the role may not, and where the record is deleted', async () => {
    await openDeal();
    expect(plan({ field: 'territory', from: 'territory-west' })).toMatchObject({
      kind: 'refused',
      words: 'Territory is filled by Roadbook itself and cannot be put back.',
    });
    expect(plan({}, 'read-only')).toMatchObject({
      kind: 'refused',
      words: 'Your role may not change deals.',
    });
    expect(plan({}, 'rep', { deleted: true })).toMatchObject({
      kind: 'refused',
      words: 'This deal is deleted. Restore it first, then put the value back.',
    });
    expect(plan({})).toMatchObject({ kind: 'edit', values: { nextStep: 'Before' } });
    expect(plan({ field: 'no such field' })).toMatchObject({ kind: 'refused' });
    expect(plan({ kind: 'create', field: '' })).toMatchObject({ kind: 'refused' });
  });

  it('from the audit log looks at the record as it is now, and says that it was done', async () => {
    await open();
    bridge().change('deals', DEAL, { nextStep: 'Send the offer' });
    bridge().data.audit.unshift(change('nextStep', 'Ask for the drawing', 'Send the offer'));
    await act(async () => navigate({ name: 'audit' }));
    const panel = await openFirst();
    await press(panel().getByRole('button', { name: 'Put back' }));
    expect(deal()?.body.nextStep).toBe('Ask for the drawing');
    expect(panel().getByText('Put back, as a new entry.')).toBeTruthy();
    await press(panel().getByRole('button', { name: 'Put back' }));
    expect(panel().getByText('Next step has this value now.')).toBeTruthy();
    expect(updates()).toHaveLength(1);
  });

  it('from the audit log is refused while the record is deleted, with the way on', async () => {
    await open();
    const row = deal();
    if (row !== undefined) row.deleted = true;
    bridge().data.audit.unshift(change('nextStep', 'Ask for the drawing', 'Send the offer'));
    await act(async () => navigate({ name: 'audit' }));
    const panel = await openFirst();
    await press(panel().getByRole('button', { name: 'Put back' }));
    expect(panel().getByRole('alert').textContent).toContain('Restore it first');
    expect(updates()).toEqual([]);
  });
});

async function openFirst() {
  const grid = await screen.findByRole('grid', { name: 'Audit log' });
  await within(grid).findAllByText('Send the offer');
  const row = within(grid).getAllByRole('row')[1];
  await press(row as Element);
  return () => within(screen.getByRole('complementary', { name: /^Entry/ }));
}
