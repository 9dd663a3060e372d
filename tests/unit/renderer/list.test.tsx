// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { useRouter } from '../../../renderer/state/router.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { testWindow } from './screen.ts';

const { bridge, open } = testWindow();
const grid = () => screen.findByRole('grid');
const rows = async () => {
  const table = await grid();
  await waitFor(() => expect(table.querySelector('[data-id]')).not.toBeNull());
  return within(table).getAllByRole('row').slice(1);
};
const press = (key: string, more = {}) => fireEvent.keyDown(window, { key, ...more });
const selected = () => screen.queryByRole('toolbar', { name: 'Selected records' });

describe('a list', () => {
  it('has only the rows in sight, and says how many there are', async () => {
    await open();
    expect((await rows()).length).toBeLessThan(60);
    expect((await grid()).getAttribute('aria-rowcount')).toBe('521');
    expect(screen.getByText('520', { selector: 'footer .n' })).toBeDefined();
  });

  it('moves its cursor by keys and opens the record under it', async () => {
    await open();
    const shown = await rows();
    press('j');
    press('j');
    await waitFor(async () =>
      expect((await grid()).getAttribute('aria-activedescendant')).toBe(shown[1]?.id),
    );
    press('Enter');
    const { route } = useRouter.getState();
    expect(route).toMatchObject({ name: 'record', collection: 'deals', id: shown[1]?.dataset.id });
    expect(route.name === 'record' && route.list?.viewId).toBeTruthy();
  });

  it('opens a record by a double click too, whose second half presses nothing on its page', async () => {
    await open();
    const [first] = await rows();
    if (first === undefined) throw new Error('there is no row');
    fireEvent.click(first, { detail: 1 });
    const more = await screen.findByRole('button', { name: 'Mark lost' });
    const half = (type: 'mousedown' | 'click') =>
      fireEvent(more, new MouseEvent(type, { bubbles: true, cancelable: true, detail: 2 }));
    // False: what the press would have done was prevented, such as selecting the word under it.
    expect(half('mousedown')).toBe(false);
    half('click');
    expect(half('mousedown')).toBe(false);
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.click(more, { detail: 1 });
    expect(await screen.findByRole('dialog')).toBeDefined();
  });

  it('selects by keys and stretches a range with shift', async () => {
    await open();
    await rows();
    press('j');
    press('x');
    press('J', { shiftKey: true });
    press('J', { shiftKey: true });
    await waitFor(() => expect(within(selected() ?? document.body).getByText('3 selected')).toBeDefined());
    press('Escape');
    await waitFor(() => expect(selected()).toBeNull());
  });

  it('orders by the head that is pressed', async () => {
    await open();
    await rows();
    fireEvent.click(screen.getByRole('button', { name: /^Close date/ }));
    await waitFor(() =>
      expect(screen.getByRole('columnheader', { name: /Close date/ }).getAttribute('aria-sort')).toBe(
        'ascending',
      ),
    );
    const opened = bridge()
      .calls.filter((call) => call.name === 'view.open')
      .at(-1);
    expect(JSON.stringify(opened?.input)).toContain('closeDate');
  });

  it('follows a change from elsewhere without being asked', async () => {
    await open();
    const [first] = await rows();
    const id = first?.dataset.id ?? '';
    bridge().change('deals', id, { name: 'Renamed elsewhere' });
    await screen.findByText('Renamed elsewhere');
  });

  it('deletes what is selected and brings it back with undo', async () => {
    await open();
    const [first] = await rows();
    const id = first?.dataset.id ?? '';
    press('j');
    press('x');
    await waitFor(() => expect(selected()).not.toBeNull());
    press('Delete');
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => {
      const row = bridge()
        .data.rows.get('deals')
        ?.find((candidate) => candidate.id === id);
      expect(row?.deleted).toBe(false);
      expect(bridge().calls.some((call) => call.name === 'record.delete')).toBe(true);
    });
  });

  it('says what went wrong and offers to try again', async () => {
    bridge().overrides['view.open'] = ({ collection }) => {
      if (collection === 'deals') throw new RoadbookError('store.failed');
      return { viewId: 'none', count: 0, version: 1 };
    };
    await open();
    expect((await screen.findByRole('alert')).textContent).toContain('could not be read');
    delete bridge().overrides['view.open'];
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await rows();
  });

  it('offers nobody what their role may not do', async () => {
    const { user } = bridge().app;
    bridge().app = { ...bridge().app, user: user === null ? null : { ...user, role: 'read-only' } };
    await open();
    await rows();
    expect(screen.queryByRole('button', { name: /New deal/ })).toBeNull();
    press('j');
    press('x');
    expect(selected()).toBeNull();
  });
});
