// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, configure, fireEvent, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { type ErrorCode, RoadbookError } from '../../../shared/errors.ts';
import { recordWindow } from './record-window.ts';

configure({ defaultHidden: true });
const { bridge, openDeal, deal } = recordWindow();
const fails = (code: ErrorCode) => () => {
  throw new RoadbookError(code);
};

it('says in words that a record was not deleted, and offers nothing to undo', async () => {
  await openDeal();
  bridge().overrides['record.delete'] = fails('store.disk_full');
  await act(async () =>
    fireEvent.pointerDown(screen.getByRole('button', { name: 'More' }), { button: 0, ctrlKey: false }),
  );
  await act(async () => fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete deal' })));
  const note = await screen.findByRole('group', { name: 'Not done' });
  expect(within(note).getByRole('alert').textContent).toContain(
    `${deal()?.name} was not deleted. There is no room left`,
  );
  expect(within(note).queryByRole('button', { name: 'Undo' })).toBeNull();
  await act(async () => fireEvent.click(within(note).getByRole('button', { name: 'Dismiss' })));
  expect(screen.queryByRole('group', { name: 'Not done' })).toBeNull();
});

it('does not say that nothing fits where it could not look', async () => {
  await openDeal();
  bridge().overrides['search.query'] = fails('store.failed');
  const details = within(screen.getByRole('region', { name: 'Details' }));
  await act(async () => fireEvent.click(details.getByRole('button', { name: 'Edit account' })));
  const box = await screen.findByRole('combobox', { name: 'Account' });
  await act(async () => fireEvent.change(box, { target: { value: 'zz' } }));
  await screen.findByText('The records could not be read or written.');
  delete bridge().overrides['search.query'];
  await act(async () => fireEvent.change(box, { target: { value: 'zzzz' } }));
  await screen.findByText('Nothing fits');
});
