// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { testWindow } from './screen.ts';

const { bridge, open } = testWindow();

it('whoever asked for a backup and locked before it was made is told after unlocking, until they have read it', async () => {
  bridge().overrides['backups.givenUp'] = () => ({ at: Date.now() });
  await open();
  const note = await screen.findByRole('group', { name: 'Not done' });
  expect(note.textContent).toMatch(/The backup that you asked for was given up when Roadbook locked, today/);
});

it('nothing is said where no backup was given up', async () => {
  await open();
  expect(bridge().calls.filter(({ name }) => name === 'backups.givenUp')).toHaveLength(1);
  expect(screen.queryByRole('group', { name: 'Not done' })).toBeNull();
});
