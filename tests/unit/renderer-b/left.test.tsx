// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useLeaves } from '../../../renderer/components/useLeaves.ts';
import { lockDrafts } from '../../../renderer/drafts/session.ts';
import { navigate, openCreate, resetRouter } from '../../../renderer/state/router.ts';
import type { AuditEntry } from '../../../shared/ipc.ts';
import { DEAL, recordWindow } from './record-window.ts';

configure({ defaultHidden: true });
const { bridge, open, openDeal, deal, draftsOnDisk } = recordWindow();
const details = () => within(screen.getByRole('region', { name: 'Details' }));
const timeline = () => within(screen.getByRole('list', { name: 'Timeline' }));

function Note({ leave }: { readonly leave: () => void }) {
  return createElement('p', { title: 'note', ...useLeaves('what was done', leave) });
}

describe('a record that has left this device', () => {
  it('leaves the fields that point to it, which say so', async () => {
    await openDeal();
    const id = String(deal()?.body.account);
    const name = bridge().data.names.get(id) ?? '';
    expect(details().getByText(name)).toBeTruthy();

    bridge().data.names.delete(id);
    bridge().data.rows.set(
      'accounts',
      (bridge().data.rows.get('accounts') ?? []).filter((row) => row.id !== id),
    );
    await act(async () => bridge().emit('records.withdrawn', {}));
    await details().findByText('Not on this device any more');
    // Beside the title as well, which asks for the name by itself.
    await waitFor(() => expect(screen.getAllByText('Not on this device any more')).toHaveLength(2));
    expect(screen.queryByText(name)).toBeNull();
  });
});

describe('what became of a change', () => {
  const change = (more: Partial<AuditEntry>) => {
    const sample = bridge().data.audit.find(({ kind }) => kind === 'change');
    if (sample === undefined) throw new Error('no change in the demo records');
    const own = { record: DEAL, collection: 'deals', name: deal()?.name ?? '', user: 'user-00' };
    const seq = bridge().data.audit.length + 1;
    bridge().data.audit.unshift({
      ...sample,
      ...own,
      seq,
      at: '2017-11-14T09:00:00Z',
      offline: true,
      ...more,
    });
  };

  it('is a conflict for as long as somebody has to decide, and has been one after that', async () => {
    change({ field: 'nextStep', from: 'Call', to: 'Visit', state: 'conflict' });
    const inbox = bridge().data.rows.get('inbox') ?? [];
    const [item] = inbox;
    if (item === undefined) throw new Error('no item in the demo inbox');
    Object.assign(item.body, { record: DEAL, field: 'nextStep', status: 'open' });
    await openDeal();
    await timeline().findByText('In conflict');

    item.body.status = 'settled';
    await act(async () => bridge().emit('records.changed', { collection: 'inbox', ids: [item.id] }));
    await timeline().findByText('Was in conflict');
    expect(timeline().queryByText('In conflict')).toBeNull();
  });

  it('that came too late is told as a wish, with both values struck', async () => {
    change({ field: 'nextStep', from: 'Call', to: 'Visit the plant', state: 'superseded' });
    await openDeal();
    const to = await timeline().findByText('Visit the plant');
    expect(to.className).toContain('st');
    expect(timeline().getByText(/but another change stands/).textContent).toMatch(
      /^You wanted to change Next step/,
    );
    expect(timeline().getByText('Made offline, does not count')).toBeTruthy();
  });
});

describe('the note of what was restored', () => {
  it('goes when it is put away, does not come back, and costs no draft', async () => {
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    const name = within(screen.getByRole('dialog')).getByLabelText(/^Name/);
    await act(async () => fireEvent.change(name, { target: { value: 'Half an account' } }));
    await waitFor(async () => expect(await draftsOnDisk()).toHaveLength(1));
    cleanup();
    await act(async () => resetRouter());
    await lockDrafts();
    navigate({ name: 'settings' });
    await open();
    const notice = await screen.findByRole('status', { name: 'Restored drafts' });
    await act(async () => fireEvent.click(within(notice).getByRole('button', { name: 'Not now' })));
    await act(async () => navigate({ name: 'audit' }));
    expect(screen.queryByRole('status', { name: 'Restored drafts' })).toBeNull();
    expect(await draftsOnDisk()).toHaveLength(1);
  });
});

describe('a note that leaves by itself', () => {
  afterEach(() => vi.useRealTimers());

  it('is there for ten seconds, and as long as somebody points at it', async () => {
    vi.useFakeTimers();
    const leave = vi.fn();
    render(createElement(Note, { leave }));
    act(() => void vi.advanceTimersByTime(9_000));
    fireEvent.mouseEnter(screen.getByTitle('note'));
    act(() => void vi.advanceTimersByTime(60_000));
    expect(leave).not.toHaveBeenCalled();
    fireEvent.mouseLeave(screen.getByTitle('note'));
    act(() => void vi.advanceTimersByTime(10_000));
    expect(leave).toHaveBeenCalledOnce();
  });
});
