// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Input } from '../../../shared/ipc.ts';
import { testWindow } from './screen.ts';

const { bridge, open } = testWindow();
const bar = () => screen.queryByRole('region', { name: 'Sorting' });
const order = () => screen.getByRole('columnheader', { name: /Amount/ }).getAttribute('aria-sort');

it('a list whose order takes long says how far it is, and Cancel leads back to the one before', async () => {
  await open();
  const table = await screen.findByRole('grid');
  await waitFor(() => expect(table.querySelector('[data-id]')).not.toBeNull());
  expect(order()).toBe('descending');

  let asked: Input<'view.open'> | undefined;
  const { overrides } = bridge();
  overrides['view.open'] = (input) => {
    asked = input;
    return new Promise(() => undefined);
  };
  await act(async () => fireEvent.click(within(table).getByRole('button', { name: /^Amount/ })));
  await waitFor(() => expect(asked).toBeDefined());
  expect(order()).toBe('ascending');
  expect(bar()).toBeNull();
  delete overrides['view.open'];
  await act(async () => bridge().emit('view.opening', { opening: asked?.opening ?? '', share: 0.437 }));
  expect(bar()?.textContent).toContain('Sorting 520 deals');
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('43');
  // The list before it stays to be read.
  expect(table.querySelector('[data-id]')).not.toBeNull();

  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Cancel' })));
  expect(bar()).toBeNull();
  expect(order()).toBe('descending');
  const cancelled = bridge().calls.filter(({ name }) => name === 'view.cancel');
  expect(cancelled.map(({ input }) => input)).toEqual([{ opening: asked?.opening }]);
});
