// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { builtinViews } from '../../../renderer/state/builtin-views.ts';
import { useLists } from '../../../renderer/state/lists.ts';
import { useRouter } from '../../../renderer/state/router.ts';
import { pillState } from '../../../renderer/views/shell/SyncPill.tsx';
import { RoadbookError } from '../../../shared/errors.ts';
import type { SyncStatus } from '../../../shared/ipc.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';
import { testWindow } from './screen.ts';

const { bridge, open } = testWindow();
const now = new Date('2017-11-14T09:52:00');
const status = (change: Partial<SyncStatus>): SyncStatus => ({
  state: 'online',
  waiting: 0,
  needYou: 0,
  heldBack: null,
  lastSyncAt: '2017-11-14T09:52:00',
  verifiedAt: null,
  error: null,
  server: '',
  progress: null,
  ...change,
});
const press = (key: string, more = {}) => fireEvent.keyDown(window, { key, ...more });

describe('the sync pill', () => {
  it('is calm about being offline and counts what is saved here', () => {
    expect(pillState(status({ state: 'offline', waiting: 3 }), now).text).toBe(
      'Offline, 3 changes saved here',
    );
    expect(pillState(status({ state: 'offline', waiting: 1 }), now).text).toBe(
      'Offline, 1 change saved here',
    );
    expect(pillState(status({ state: 'offline' }), now).mark).toBe('offline');
  });
  it('says since when everything is in step', () => {
    expect(pillState(status({}), now)).toMatchObject({ mark: 'in-step', text: 'In step, 09:52' });
  });
  it('asks for a person only when it is connected and idle', () => {
    expect(pillState(status({ needYou: 2 }), now)).toMatchObject({ mark: 'needs-you', text: '2 need you' });
    expect(pillState(status({ state: 'offline', needYou: 2 }), now).mark).toBe('offline');
  });
  it('fills its ring while rows arrive', () => {
    const progress = {
      rows: 50,
      total: 200,
      rowsPerSecond: 1,
      bytes: 1,
      collections: [],
      searchReady: false,
      done: false,
    };
    expect(pillState(status({ state: 'syncing', progress }), now)).toMatchObject({
      mark: 'sending',
      progress: 0.25,
    });
  });
});

describe('the views that come with Roadbook', () => {
  it('speak of the stages that are open and of the person who looks', () => {
    const views = builtinViews({ id: 'u1' }, [{ id: 'p', name: 'P', stages: defaultStages }], now);
    const closing = views.find((view) => view.id === 'closing');
    expect(closing?.label).toBe('Closing in November');
    expect(closing?.filters).toContainEqual({ field: 'closeDate', op: 'at-most', value: '2017-11-30' });
    expect(views.find((view) => view.id === 'my-board')?.filters).toEqual([
      { field: 'owner', op: 'is', value: 'u1' },
    ]);
    expect(JSON.stringify(views)).not.toContain('"won"');
  });
});

describe('the window', () => {
  it('finds a record by a few letters and opens it', async () => {
    await open();
    await screen.findByRole('grid');
    press('k', { ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: 'Search or jump to' });
    const wanted = bridge().data.rows.get('contacts')?.[0]?.name ?? '';
    fireEvent.change(field, { target: { value: wanted.toLowerCase() } });
    // Enter before the answer is there: it opens what the answer puts first.
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() =>
      expect(useRouter.getState().route).toMatchObject({ name: 'record', collection: 'contacts' }),
    );
  });

  it('opens nothing of an older answer when Enter follows the last letter at once', async () => {
    await open();
    await screen.findByRole('grid');
    const [first, other] = bridge().data.rows.get('accounts') ?? [];
    if (first === undefined || other === undefined) throw new Error('no accounts');
    press('k', { ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: 'Search or jump to' });
    fireEvent.change(field, { target: { value: first.name } });
    await waitFor(() => expect(screen.getAllByRole('option')[0]?.textContent).toContain(first.name));
    bridge().delay = 30;
    fireEvent.change(field, { target: { value: other.name } });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(useRouter.getState().route).toMatchObject({ name: 'record', id: other.id }));
  });

  it('says that the search is not complete while its index is built', async () => {
    bridge().overrides['search.query'] = () => ({ hits: [], names: {}, complete: false, millis: 2 });
    await open();
    await screen.findByRole('grid');
    press('k', { ctrlKey: true });
    fireEvent.change(await screen.findByRole('combobox', { name: 'Search or jump to' }), {
      target: { value: 'x' },
    });
    await screen.findByText(/Not complete yet/);
  });

  it('forgets filters, places and rows when it is locked', async () => {
    await open();
    await screen.findByRole('grid');
    useLists.setState({ settings: { 'list/deals/': { filters: [] } } });
    await act(async () => bridge().setApp({ phase: 'locked', user: null }));
    expect(screen.queryByRole('grid')).toBeNull();
    expect(useLists.getState().settings).toEqual({});
    expect(document.body.textContent).not.toContain('Nora Lindqvist');
    // The page is loaded anew by then: a passphrase that was typed into this one would be gone.
    expect(screen.queryByLabelText('Passphrase')).toBeNull();
  });

  it('says in words that it could not be locked, and locks the next time', async () => {
    await open();
    await screen.findByRole('grid');
    bridge().overrides['app.lock'] = () => {
      throw new RoadbookError('store.disk_full');
    };
    press('l', { ctrlKey: true });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/^Roadbook is not locked\. There is no room left on this disk/);
    expect(screen.getByRole('grid')).toBeDefined();
    delete bridge().overrides['app.lock'];
    press('l', { ctrlKey: true });
    await waitFor(() => expect(screen.queryByRole('grid')).toBeNull());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('does what the menu of the application says', async () => {
    await open();
    await screen.findByRole('grid');
    await act(async () => bridge().emit('command', { name: 'record.new' }));
    expect(useRouter.getState().create?.collection).toBe('deals');
  });

  it('counts the inbox where it can be seen, and nowhere when it is empty', async () => {
    await open();
    await screen.findByRole('img', { name: '2 need you' });
    await act(async () => bridge().setSync({ needYou: 0 }));
    await waitFor(() => expect(screen.queryByRole('img', { name: /need you/ })).toBeNull());
  });
});
