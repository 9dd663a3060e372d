// @vitest-environment happy-dom
import { act, configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { navigate, resetRouter, useRouter } from '../../../renderer/state/router.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import { testWindow } from '../renderer/screen.ts';

configure({ defaultHidden: true });
const { bridge, open } = testWindow();
afterEach(async () => {
  await act(async () => resetRouter());
});

async function openInbox(): Promise<void> {
  navigate({ name: 'inbox' });
  await open();
  await screen.findByRole('region', { name: 'Two amounts for one deal' });
}
const conflict = () => within(screen.getByRole('region', { name: 'Two amounts for one deal' }));
const refusal = () => within(screen.getByRole('region', { name: 'Stage refused by the server' }));
const press = async (key: string) => {
  await act(async () => fireEvent.keyDown(document.body, { key }));
};
const callsOf = (name: string) =>
  bridge()
    .calls.filter((call) => call.name === name)
    .map(({ input }) => input);

describe('a conflict in the inbox', () => {
  it('is settled with two keys', async () => {
    await openInbox();
    await press('2');
    expect(conflict().getByRole('button', { name: /^Keep \$60,302/ })).toBeTruthy();
    await press('Enter');
    expect(callsOf('inbox.resolve')).toEqual([{ id: 'inbox-0', choice: 'server' }]);
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Two amounts for one deal' })).toBeNull(),
    );
  });

  it('takes another value, and says what is wrong with one that cannot be read', async () => {
    await openInbox();
    await press('3');
    const input = conflict().getByRole('textbox', { name: 'Another amount' });
    await act(async () => fireEvent.change(input, { target: { value: 'a lot' } }));
    await act(async () => fireEvent.keyDown(input, { key: 'Enter' }));
    expect(conflict().getByRole('alert').textContent).toContain('Amount is not right');
    await act(async () => fireEvent.change(input, { target: { value: '63,000' } }));
    await act(async () => fireEvent.keyDown(input, { key: 'Enter' }));
    expect(callsOf('inbox.resolve')).toEqual([
      { id: 'inbox-0', choice: 'other', value: { minor: 6_300_000, currency: 'USD' } },
    ]);
  });

  it('leaves the screen at once and comes back with the reason when it could not be settled', async () => {
    await openInbox();
    let fail: () => void = () => undefined;
    bridge().overrides['inbox.resolve'] = () =>
      new Promise((_resolve, reject) => {
        fail = () => reject(new RoadbookError('store.disk_full'));
      });
    await press('Enter');
    expect(screen.queryByRole('region', { name: 'Two amounts for one deal' })).toBeNull();
    await act(async () => fail());
    await waitFor(() => expect(conflict().getByRole('alert').textContent).toContain('no room left'));
  });

  it.each(['1', '2'])('can be undone after choice %s: it is open again', async (key) => {
    await openInbox();
    await press(key);
    await press('Enter');
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Two amounts for one deal' })).toBeNull(),
    );
    await act(async () => fireEvent.click(await screen.findByRole('button', { name: 'Undo' })));
    expect(callsOf('inbox.reopen')).toEqual([{ id: 'inbox-0' }]);
    expect(await screen.findByRole('region', { name: 'Two amounts for one deal' })).toBeTruthy();
  });
});

describe('a refusal in the inbox', () => {
  it('is mended and sent again as one act', async () => {
    await openInbox();
    const mend = await refusal().findByRole('button', { name: /Edit and resend/ });
    await act(async () => fireEvent.click(mend));
    expect(refusal().getByRole('alert').textContent).toBe('Lost reason is needed.');
    await act(async () => fireEvent.change(refusal().getByRole('combobox'), { target: { value: 'Price' } }));
    await act(async () => fireEvent.click(refusal().getByRole('button', { name: /Edit and resend/ })));
    expect(callsOf('record.update')).toEqual([
      { collection: 'deals', id: 'deal-0140', values: { stage: 'lost', lostReason: 'Price' } },
    ]);
    expect(callsOf('inbox.resolve')).toEqual([{ id: 'inbox-1', choice: 'server' }]);
  });

  it('stays open when the mended change is refused here too', async () => {
    await openInbox();
    bridge().overrides['record.update'] = () => {
      throw new RoadbookError('record.deleted');
    };
    await act(async () => fireEvent.change(refusal().getByRole('combobox'), { target: { value: 'Price' } }));
    await act(async () => fireEvent.click(refusal().getByRole('button', { name: /Edit and resend/ })));
    await waitFor(() => expect(refusal().getByRole('alert').textContent).toContain('was deleted'));
    expect(callsOf('inbox.resolve')).toEqual([]);
  });

  it('is taken back without touching the record', async () => {
    await openInbox();
    await act(async () => fireEvent.click(refusal().getByRole('button', { name: 'Take my change back' })));
    expect(callsOf('record.update')).toEqual([]);
    expect(callsOf('inbox.resolve')).toEqual([{ id: 'inbox-1', choice: 'server' }]);
    await act(async () => fireEvent.click(await screen.findByRole('button', { name: 'Undo' })));
    expect(callsOf('inbox.reopen')).toEqual([{ id: 'inbox-1' }]);
  });
});

describe('the audit log', () => {
  const rows = () => screen.getAllByRole('row').filter((row) => row.getAttribute('aria-selected') !== null);

  it('narrows by text, and opens the record of an entry', async () => {
    navigate({ name: 'audit' });
    await open();
    await waitFor(() => expect(rows().length).toBeGreaterThan(5));
    const wanted = bridge().data.audit.find((entry) => entry.kind === 'change');
    await act(async () =>
      fireEvent.change(screen.getByLabelText('Find in entries'), { target: { value: wanted?.name } }),
    );
    await waitFor(() => expect(callsOf('audit.count').at(-1)).toEqual({ text: wanted?.name }));
    await waitFor(() => expect(rows()[0]?.textContent).toContain(wanted?.name ?? '-'));
    await act(async () => fireEvent.click(rows()[0] as Element));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Open record' })));
    expect(useRouter.getState().route).toMatchObject({ name: 'record', collection: 'deals' });
  });

  it('keeps the opened entry when new ones come in above it', async () => {
    navigate({ name: 'audit' });
    await open();
    await waitFor(() => expect(rows().length).toBeGreaterThan(5));
    await act(async () => fireEvent.click(rows()[3] as Element));
    const opened = screen.getByRole('complementary', { name: /^Entry/ }).getAttribute('aria-label');
    const [newest] = bridge().data.audit;
    if (newest === undefined) throw new Error('the log is empty');
    bridge().data.audit.unshift({ ...newest, seq: newest.seq + 1 });
    await act(async () => bridge().emit('audit.changed', { total: bridge().data.audit.length }));
    await waitFor(() => expect(rows()[4]?.getAttribute('aria-selected')).toBe('true'));
    expect(screen.getByRole('complementary', { name: /^Entry/ }).getAttribute('aria-label')).toBe(opened);
  });

  it('says where a chain does not hold', async () => {
    bridge().overrides['audit.verify'] = () => ({
      ok: false,
      entries: 400,
      head: 'ab',
      millis: 3,
      at: '2017-11-14T09:52:00.000Z',
      fault: { seq: 212, reason: 'leaf' },
    });
    navigate({ name: 'audit' });
    await open();
    const banner = await screen.findByText('The chain does not hold');
    expect(banner.closest('.proof')?.textContent).toMatch(/entry 212: its values were changed/);
  });
});
