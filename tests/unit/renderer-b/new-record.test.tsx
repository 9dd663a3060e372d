// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { navigate, openCreate, resetRouter, useRouter } from '../../../renderer/state/router.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { DEAL, recordWindow } from './record-window.ts';

configure({ defaultHidden: true });
const { bridge, open, openDeal, made, draftKept } = recordWindow();

/** The main process saves what it is given; the window dies before it hears so, and its draft stays. */
const neverAnswer = () => {
  bridge().overrides['record.create'] = () => new Promise(() => undefined);
};
const die = async () => {
  cleanup();
  await act(async () => resetRouter());
};

describe('the note line', () => {
  const line = () => screen.getByRole('textbox', { name: /^Write a note/ }) as HTMLTextAreaElement;
  const write = async (value: string) => {
    await act(async () => fireEvent.focus(line()));
    await act(async () => fireEvent.change(line(), { target: { value } }));
  };
  const timelineText = () => screen.getByRole('list', { name: 'Timeline' }).textContent;

  it('puts a note into the timeline at once and saves it on the record', async () => {
    await openDeal();
    bridge().delay = 20;
    await write('They want 18 units by January.');
    await act(async () => fireEvent.keyDown(line(), { key: 'Enter', ctrlKey: true }));
    expect(timelineText()).toContain('They want 18 units by January.');
    await waitFor(() => {
      const note = bridge()
        .data.rows.get('activities')
        ?.find((row) => row.body.type === 'note' && row.body.regarding === DEAL);
      expect(note?.body).toMatchObject({
        text: 'They want 18 units by January.',
        regardingCollection: 'deals',
      });
    });
    expect(line().value).toBe('');
  });

  it('gives the words back when they could not be saved', async () => {
    await openDeal();
    bridge().overrides['record.create'] = () => {
      throw new RoadbookError('store.disk_full');
    };
    await write('Words that must not be lost');
    await act(async () => fireEvent.keyDown(line(), { key: 'Enter', ctrlKey: true }));
    await waitFor(() => expect(line().value).toBe('Words that must not be lost'));
    expect(screen.getByRole('alert').textContent).toContain('no room left');
    expect(timelineText()).not.toContain('must not be lost');
  });

  it('saved before a crash that left its draft is the same note when it is saved again', async () => {
    await openDeal();
    await write('/visit Saw the plant');
    await draftKept();
    neverAnswer();
    const area = () => screen.getByRole('textbox', { name: /out of the visit/ }) as HTMLTextAreaElement;
    await act(async () => fireEvent.keyDown(area(), { key: 'Enter', ctrlKey: true }));
    await die();
    await openDeal();
    await waitFor(() => expect(area().value).toBe('Saw the plant'));
    await act(async () => fireEvent.keyDown(area(), { key: 'Enter', ctrlKey: true }));
    expect(made()).toHaveLength(2);
    // Not only the id: what was done at that time is not done once more now.
    expect(made()[1]).toEqual(made()[0]);
    await write('Another note');
    await act(async () => fireEvent.keyDown(line(), { key: 'Enter', ctrlKey: true }));
    expect(made()[2]?.id).not.toBe(made()[0]?.id);
  });

  it('turns into a visit by a slash', async () => {
    await openDeal();
    await write('/visit Saw the plant');
    expect(
      (screen.getByRole('textbox', { name: 'What came out of the visit?' }) as HTMLTextAreaElement).value,
    ).toBe('Saw the plant');
  });
});

describe('a new record', () => {
  const dialog = () => within(screen.getByRole('dialog'));
  const submit = async () => {
    await act(async () => fireEvent.click(dialog().getByRole('button', { name: /^Create/ })));
  };

  it('is asked for what is missing at the field, and opens once it is made', async () => {
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('contacts', { account: 'account-00' }));
    await submit();
    expect(dialog().getByText('Last name is needed.')).toBeTruthy();
    await act(async () =>
      fireEvent.change(dialog().getByLabelText(/^Last name/), { target: { value: 'Okafor' } }),
    );
    expect(dialog().queryByText('Last name is needed.')).toBeNull();
    await submit();
    expect(bridge().data.rows.get('contacts')?.at(-1)?.body).toMatchObject({
      lastName: 'Okafor',
      account: 'account-00',
    });
    expect(useRouter.getState().route).toMatchObject({ name: 'record', collection: 'contacts' });
    expect(useRouter.getState().create).toBeNull();
  });

  it('keeps the form and its words when it could not be saved', async () => {
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    bridge().overrides['record.create'] = () => {
      throw new RoadbookError('store.disk_full');
    };
    await act(async () => fireEvent.change(dialog().getByLabelText(/^Name/), { target: { value: 'Isdom' } }));
    await submit();
    expect(dialog().getByRole('alert').textContent).toContain('no room left');
    expect((dialog().getByLabelText(/^Name/) as HTMLInputElement).value).toBe('Isdom');
  });

  it('saved before a crash that left its draft is the same record when it is saved again', async () => {
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    await act(async () => fireEvent.change(dialog().getByLabelText(/^Name/), { target: { value: 'Isdom' } }));
    await draftKept();
    neverAnswer();
    await submit();
    await die();
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    await waitFor(() => expect((dialog().getByLabelText(/^Name/) as HTMLInputElement).value).toBe('Isdom'));
    await submit();
    const [first, second] = made();
    expect(first?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toEqual(first);
  });

  it('gets an id of its own after the draft before it was thrown away', async () => {
    neverAnswer();
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    await act(async () => fireEvent.change(dialog().getByLabelText(/^Name/), { target: { value: 'Isdom' } }));
    await draftKept();
    await submit();
    await die();
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    await waitFor(() => expect((dialog().getByLabelText(/^Name/) as HTMLInputElement).value).toBe('Isdom'));
    await act(async () => fireEvent.click(dialog().getByRole('button', { name: /^Discard/ })));
    await act(async () => fireEvent.change(dialog().getByLabelText(/^Name/), { target: { value: 'Other' } }));
    await submit();
    const [first, second] = made();
    expect(second).toMatchObject({ values: { name: 'Other' } });
    expect(second?.id).not.toBe(first?.id);
  });

  it('that was cancelled by mistake comes back with Undo', async () => {
    navigate({ name: 'settings' });
    await open();
    await act(async () => openCreate('accounts'));
    await act(async () => fireEvent.change(dialog().getByLabelText(/^Name/), { target: { value: 'Isdom' } }));
    await act(async () => fireEvent.click(dialog().getByRole('button', { name: 'Cancel' })));
    expect(screen.queryByRole('dialog')).toBeNull();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
    await waitFor(() => expect((dialog().getByLabelText(/^Name/) as HTMLInputElement).value).toBe('Isdom'));
  });
});
