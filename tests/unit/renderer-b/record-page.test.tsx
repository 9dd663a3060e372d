// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { lockDrafts } from '../../../renderer/drafts/session.ts';
import { navigate, openCreate, resetRouter, useRouter } from '../../../renderer/state/router.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { DEAL, recordWindow } from './record-window.ts';

// Whether an ancestor hides an element is not what these tests are about, and finding out takes most of their time.
configure({ defaultHidden: true });
const { bridge, open, openDeal, deal, draftsOnDisk } = recordWindow();
const details = () => within(screen.getByRole('region', { name: 'Details' }));
const edit = async (label: string) => {
  await act(async () => fireEvent.click(details().getByRole('button', { name: `Edit ${label}` })));
};
const type = async (name: string, value: string) => {
  await act(async () => fireEvent.change(details().getByRole('textbox', { name }), { target: { value } }));
};
const press = async (element: Element, key: string, more = {}) => {
  await act(async () => fireEvent.keyDown(element, { key, ...more }));
};

describe('a field edited in place', () => {
  it('shows the new value at once, before the main process has answered', async () => {
    await openDeal();
    let answer: () => void = () => undefined;
    bridge().overrides['record.update'] = ({ values }) =>
      new Promise((resolve) => {
        answer = () => resolve(bridge().change('deals', DEAL, values));
      });
    await edit('next step');
    await type('Next step', 'Send the trial agreement');
    await press(details().getByRole('textbox', { name: 'Next step' }), 'Enter');
    expect(details().getByText('Send the trial agreement')).toBeTruthy();
    expect(details().queryByRole('textbox')).toBeNull();
    await act(async () => answer());
    expect(deal()?.body.nextStep).toBe('Send the trial agreement');
  });

  it('comes back with what was typed and the reason when it could not be saved', async () => {
    await openDeal();
    bridge().overrides['record.update'] = () => {
      throw new RoadbookError('store.disk_full');
    };
    await edit('next step');
    await type('Next step', 'Words that must not be lost');
    await press(details().getByRole('textbox', { name: 'Next step' }), 'Enter');
    const input = (await details().findByRole('textbox', { name: 'Next step' })) as HTMLInputElement;
    expect(input.value).toBe('Words that must not be lost');
    expect(details().getByRole('alert').textContent).toContain('no room left');
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });

  it('stays open with a message while it cannot be read, and Esc leaves it as it was', async () => {
    await openDeal();
    const before = deal()?.body.amount;
    await edit('amount');
    await type('Amount', 'a lot');
    await press(details().getByRole('textbox', { name: 'Amount' }), 'Enter');
    expect(details().getByRole('alert').textContent).toContain('Amount is not right');
    expect(bridge().calls.filter(({ name }) => name === 'record.update')).toEqual([]);
    await press(details().getByRole('textbox', { name: 'Amount' }), 'Escape');
    expect(details().queryByRole('textbox')).toBeNull();
    expect(deal()?.body.amount).toEqual(before);
    await waitFor(async () => expect(await draftsOnDisk()).toEqual([]));
  });

  it('saves nothing when nothing changed', async () => {
    await openDeal();
    await edit('next step');
    await press(details().getByRole('textbox', { name: 'Next step' }), 'Enter');
    expect(bridge().calls.filter(({ name }) => name === 'record.update')).toEqual([]);
  });

  it('is not offered to who may not change the record', async () => {
    const { user } = bridge().app;
    bridge().app = { ...bridge().app, user: user === null ? null : { ...user, role: 'read-only' } };
    await openDeal();
    expect(details().queryByRole('button', { name: 'Edit next step' })).toBeNull();
    expect(screen.queryByRole('textbox', { name: /^Write a note/ })).toBeNull();
  });

  it('leads from its diamond to the inbox', async () => {
    await openDeal();
    await act(async () => fireEvent.click(details().getByRole('button', { name: /Amount needs you/ })));
    expect(useRouter.getState().route).toEqual({ name: 'inbox', item: 'inbox-0' });
  });
});

describe('what was typed before a crash', () => {
  it('stands in the field again, with its time and a way to throw it away', async () => {
    await openDeal();
    await edit('next step');
    await type('Next step', 'Half a thou');
    await waitFor(async () => expect(await draftsOnDisk()).toHaveLength(1));
    cleanup();
    await lockDrafts();
    await openDeal();
    const input = (await details().findByRole('textbox', { name: 'Next step' })) as HTMLInputElement;
    expect(input.value).toBe('Half a thou');
    expect(details().getByRole('status').textContent).toMatch(/Restored what you typed at/);
    await act(async () => fireEvent.click(details().getByRole('button', { name: 'Discard' })));
    expect(details().queryByRole('textbox')).toBeNull();
    await waitFor(async () => expect(await draftsOnDisk()).toEqual([]));
  });

  it('is told of on whatever screen comes first, and opened from there', async () => {
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
    expect(notice.textContent).toContain('a new account');
    await act(async () => fireEvent.click(within(notice).getByRole('button', { name: 'Go on' })));
    const again = within(await screen.findByRole('dialog')).getByLabelText(/^Name/) as HTMLInputElement;
    await waitFor(() => expect(again.value).toBe('Half an account'));
  });

  it('is forgotten once it was saved', async () => {
    await openDeal();
    await edit('next step');
    await type('Next step', 'Done with it');
    await waitFor(async () => expect(await draftsOnDisk()).toHaveLength(1));
    await press(details().getByRole('textbox', { name: 'Next step' }), 'Enter');
    await waitFor(async () => expect(await draftsOnDisk()).toEqual([]));
  });
});

describe('the stage path', () => {
  const path = () => within(screen.getByRole('list', { name: 'Stage' }));
  const openAt = (stage: string) => {
    const row = bridge()
      .data.rows.get('deals')
      ?.find((candidate) => candidate.body.stage === stage && candidate.body.amount !== undefined);
    if (row === undefined) throw new Error(`no deal in ${stage}`);
    return row;
  };

  it('moves a deal by a press', async () => {
    const row = openAt('qualification');
    await openDeal(row.id);
    await act(async () => fireEvent.click(path().getByRole('button', { name: 'Negotiation' })));
    expect(deal(row.id)?.body).toMatchObject({ stage: 'negotiation', probability: 80 });
  });

  it('asks for what the stage needs first, and saves both as one act', async () => {
    const row = openAt('qualification');
    await openDeal(row.id);
    await act(async () => fireEvent.click(path().getByRole('button', { name: 'Mark lost' })));
    const dialog = within(await screen.findByRole('dialog'));
    await act(async () => fireEvent.click(dialog.getByRole('button', { name: /^Move to Lost/ })));
    expect(dialog.getByText('A lost deal needs a lost reason.')).toBeTruthy();
    expect(deal(row.id)?.body.stage).toBe('qualification');
    await act(async () => fireEvent.change(dialog.getByRole('combobox'), { target: { value: 'Price' } }));
    await act(async () => fireEvent.click(dialog.getByRole('button', { name: /^Move to Lost/ })));
    expect(bridge().calls.findLast(({ name }) => name === 'record.update')?.input).toMatchObject({
      values: { stage: 'lost', lostReason: 'Price' },
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('the neighbours in a list', () => {
  it('are one key away, and stand at once', async () => {
    const view = await bridge().call('view.open', {
      collection: 'deals',
      filters: [],
      sort: [{ field: 'name', direction: 'asc' }],
    });
    if (!view.ok) throw new Error('the list did not open');
    const page = await bridge().call('view.rows', { viewId: view.value.viewId, from: 0, count: 3 });
    const [first, second] = page.ok ? page.value.rows : [];
    navigate({
      name: 'record',
      collection: 'deals',
      id: first?.id ?? '',
      list: { viewId: view.value.viewId, title: 'All deals', route: { name: 'list', collection: 'deals' } },
    });
    await open();
    await screen.findByText(/^of 520$/);
    // From here on the main process does not answer: what the step itself brought must do.
    bridge().overrides['record.get'] = () => new Promise(() => undefined);
    await act(async () => fireEvent.keyDown(document.body, { key: 'j' }));
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(second?.name);
    expect(useRouter.getState().route).toMatchObject({ id: second?.id });
  });
});

describe('a deleted record', () => {
  it('comes back with Undo', async () => {
    await openDeal();
    await act(async () =>
      fireEvent.pointerDown(screen.getByRole('button', { name: 'More' }), { button: 0, ctrlKey: false }),
    );
    await act(async () => fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete deal' })));
    await waitFor(() => expect(deal()?.deleted).toBe(true));
    expect(useRouter.getState().route).toMatchObject({ name: 'list', collection: 'deals' });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
    await waitFor(() => expect(deal()?.deleted).toBe(false));
    expect(useRouter.getState().route).toMatchObject({ name: 'record', id: DEAL });
  });
});

describe('a record that has left this device', () => {
  it('leaves its page as well', async () => {
    await openDeal();
    const name = screen.getByRole('heading', { level: 1 }).textContent ?? '';
    const route = useRouter.getState().route;
    const id = route.name === 'record' ? route.id : '';
    bridge().overrides['record.get'] = () => {
      throw new RoadbookError('record.not_found');
    };
    await act(async () => bridge().emit('records.changed', { collection: 'deals', ids: [id] }));
    await waitFor(() => expect(screen.queryByText(name)).toBeNull());
    expect(await screen.findByText('This record is not here.')).toBeTruthy();
  });
});
