import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, expect } from 'vitest';
import { openDrafts } from '../../../renderer/drafts/open.ts';
import { lockDrafts } from '../../../renderer/drafts/session.ts';
import { navigate, resetRouter } from '../../../renderer/state/router.ts';
import { testWindow } from '../renderer/screen.ts';

export const DEAL = 'deal-0005';

/** The window with one deal to work on; every test begins without drafts. */
export function recordWindow() {
  const { bridge, open } = testWindow();
  afterEach(async () => {
    const drafts = await openDrafts();
    await drafts?.flush();
    for (const draft of (await drafts?.list()) ?? []) await drafts?.drop(draft.identity);
    await lockDrafts();
    await act(async () => resetRouter());
  });
  return {
    bridge,
    open,
    openDeal: async (id = DEAL) => {
      navigate({ name: 'record', collection: 'deals', id });
      await open();
      await screen.findByRole('region', { name: 'Details' });
    },
    deal: (id = DEAL) =>
      bridge()
        .data.rows.get('deals')
        ?.find((row) => row.id === id),
    /** What the window asked the main process to make, oldest first. */
    made: () =>
      bridge()
        .calls.filter(({ name }) => name === 'record.create')
        .map(({ input }) => input as { id?: string }),
    draftsOnDisk,
    draftKept: () => waitFor(async () => expect(await draftsOnDisk()).toHaveLength(1)),
  };
}

const draftsOnDisk = async () => (await (await openDrafts())?.list()) ?? [];
