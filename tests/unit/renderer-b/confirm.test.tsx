// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, configure, fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { navigate } from '../../../renderer/state/router.ts';
import { wipedWords } from '../../../renderer/views/entry/wiped.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { testWindow } from '../renderer/screen.ts';

configure({ defaultHidden: true });
const { bridge, open } = testWindow();
const dialog = () => within(screen.getByRole('dialog'));
const press = async (name: RegExp | string, where: { getByRole: typeof screen.getByRole } = screen) =>
  act(async () => fireEvent.click(where.getByRole('button', { name })));
const calls = (name: string) => bridge().calls.filter((call) => call.name === name).length;

async function settings(): Promise<void> {
  navigate({ name: 'settings' });
  await open();
  await screen.findByRole('region', { name: 'This device' });
}

test('leaving says that it is final, looks so, and is not where the focus is', async () => {
  await settings();
  await press('Leave');
  expect(dialog().getByText('Records, key, backups and logs are removed from this device.')).toBeTruthy();
  const wipe = dialog().getByRole('button', { name: 'Hand in and wipe' });
  expect(wipe.className).toContain('fin');
  expect(document.activeElement).toBe(dialog().getByRole('button', { name: 'Stay' }));
});

test('leaving asks once however often it is pressed, and says why it could not', async () => {
  await settings();
  bridge().overrides['app.leave'] = () => {
    throw new RoadbookError('sync.offline');
  };
  await press('Leave');
  const wipe = dialog().getByRole('button', { name: 'Hand in and wipe' });
  await act(async () => {
    fireEvent.click(wipe);
    fireEvent.click(wipe);
  });
  expect(calls('app.leave')).toBe(1);
  expect(dialog().getByRole('alert').textContent).toContain(new RoadbookError('sync.offline').message);
  await press('Stay', dialog());
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('going back to a backup, which can be undone, begins at its button', async () => {
  await settings();
  await screen.findAllByRole('button', { name: /Restore the backup/ });
  await act(async () =>
    fireEvent.click(screen.getAllByRole('button', { name: /Restore the backup/ })[0] as HTMLElement),
  );
  const restore = dialog().getByRole('button', { name: 'Restore and lock' });
  expect(document.activeElement).toBe(restore);
  expect(restore.className).toContain('p');
  await act(async () => fireEvent.click(restore));
  expect(calls('backups.restore')).toBe(1);
});

test('a wiped device tells when in the words of every other screen', () => {
  const at = new Date(2026, 2, 4, 9, 12);
  const words = (now: Date) => wipedWords({ kind: 'lost', at: at.toISOString(), unsent: 1_200 }, now);
  expect(words(at).lead).toMatch(/removed, today 09:12\.$/);
  expect(words(new Date(2026, 5, 1)).lead).toMatch(/removed, 04 Mar 2026 09:12\.$/);
  expect(words(at).changes).toMatch(/^1,200 changes that had not been sent are gone/);
});
