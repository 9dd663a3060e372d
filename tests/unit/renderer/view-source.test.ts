// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ViewSource } from '../../../renderer/state/ViewSource.ts';
import { acquireView, closeViews, releaseView } from '../../../renderer/state/viewCache.ts';
import { RoadbookError } from '../../../shared/errors.ts';
import type { ViewRequest } from '../../../shared/ipc.ts';
import { FakeBridge } from '../../factories/fake-bridge.ts';

const request: ViewRequest = {
  collection: 'deals',
  filters: [],
  sort: [{ field: 'amount', direction: 'desc' }],
};
let bridge: FakeBridge;

beforeEach(() => {
  bridge = new FakeBridge();
  Object.defineProperty(window, 'roadbook', { value: bridge, configurable: true });
});
afterEach(() => closeViews());

/** Waits for a condition, however busy the machine is. */
const until = <T>(condition: () => T) => vi.waitFor(condition, { timeout: 10_000 });
const named = (name: string) => bridge.calls.filter((call) => call.name === name);
const firstOf = async (source: ViewSource) =>
  until(() => {
    const row = source.at(0);
    expect(row).toBeDefined();
    if (row === undefined) throw new Error('no row');
    return row;
  });

describe('an open view', () => {
  it('asks only for what is looked at, in whole chunks, and once', async () => {
    const source = new ViewSource(request);
    source.look(240, 260);
    await until(() => expect(source.at(250)).toBeDefined());
    source.look(245, 265);
    expect(named('view.rows').map((call) => call.input)).toEqual([
      { viewId: source.viewId, from: 200, count: 100 },
    ]);
    expect(source.at(100)).toBeUndefined();
    source.close();
  });

  it('has its first rows with the answer to its opening, without a second question', async () => {
    const source = new ViewSource(request);
    source.look(0, 30);
    await firstOf(source);
    expect(source.at(99)).toBeDefined();
    expect(named('view.open').map((call) => call.input)).toEqual([
      { ...request, first: 100, opening: expect.any(String) },
    ]);
    expect(named('view.rows')).toEqual([]);
    source.close();
  });

  it('keeps showing the old rows until the new ones are here', async () => {
    const source = new ViewSource(request);
    source.subscribe(() => undefined);
    source.look(0, 30);
    const row = await firstOf(source);
    bridge.delay = 30;
    bridge.change('deals', row.id, { nextStep: 'Call back' });
    expect(source.version).toBe(2);
    expect(source.caughtUp).toBe(false);
    expect(source.at(0)).toBe(row);
    await until(() => expect(source.at(0)?.body.nextStep).toBe('Call back'));
    expect(source.caughtUp).toBe(true);
    source.close();
  });

  it('asks again a few times a second at most while a sync pours rows in', async () => {
    const source = new ViewSource(request);
    source.subscribe(() => undefined);
    source.look(0, 30);
    const row = await firstOf(source);
    const before = named('view.rows').length;
    for (let step = 0; step < 40; step += 1) bridge.change('deals', row.id, { nextStep: `Step ${step}` });
    await until(() => expect(source.at(0)?.body.nextStep).toBe('Step 39'));
    expect(named('view.rows').length - before).toBeLessThan(5);
    source.close();
  });

  it('shows a change at once and takes it back when it is refused', async () => {
    const source = new ViewSource(request);
    source.look(0, 30);
    const row = await firstOf(source);
    const undo = source.patch({ ...row, name: 'Changed here' });
    expect(source.at(0)?.name).toBe('Changed here');
    undo();
    expect(source.at(0)).toBe(row);
    source.close();
  });

  it('forgets the titles of records that have left this device, also those that were on their way', async () => {
    const source = new ViewSource(request);
    source.subscribe(() => undefined);
    source.look(0, 30);
    const row = await firstOf(source);
    const account = String(row.body.account);
    expect(source.names[account]).toBe(bridge.data.names.get(account));

    const asked = source.names;
    bridge.delay = 30;
    bridge.change('deals', row.id, { nextStep: 'Asked for before it leaves' });
    await until(() => expect(named('view.rows').length).toBeGreaterThan(0));
    bridge.data.names.delete(account);
    bridge.emit('records.withdrawn', {});
    expect(source.names).not.toBe(asked);
    await until(() => expect(Object.keys(source.names).length).toBeGreaterThan(0));
    expect(source.names[account]).toBeUndefined();
    source.close();
  });

  it('has the titles that stay where others left this device while it was being opened', async () => {
    bridge.delay = 30;
    const source = new ViewSource(request);
    source.subscribe(() => undefined);
    source.look(0, 30);
    bridge.emit('records.withdrawn', {});
    const row = await firstOf(source);
    const account = String(row.body.account);
    await until(() => expect(source.names[account]).toBe(bridge.data.names.get(account)));
    source.close();
  });

  it('has the titles that stay where others left while a page was on its way and nobody looked', async () => {
    const source = new ViewSource(request);
    const forget = source.subscribe(() => undefined);
    source.look(0, 30);
    const row = await firstOf(source);
    const account = String(row.body.account);
    bridge.delay = 30;
    bridge.change('deals', row.id, { nextStep: 'Call back' });
    await until(() => expect(named('view.rows').length).toBeGreaterThan(0));
    forget();
    bridge.emit('records.withdrawn', {});
    await until(() => expect(source.at(0)?.body.nextStep).toBe('Call back'));
    source.subscribe(() => undefined);
    await until(() => expect(source.names[account]).toBe(bridge.data.names.get(account)));
    source.close();
  });

  it('is not drawn without titles before those that stay are here', async () => {
    const source = new ViewSource(request);
    const drawn: (string | undefined)[] = [];
    source.look(0, 30);
    const account = String((await firstOf(source)).body.account);
    source.subscribe(() => drawn.push(source.names[account]));
    bridge.emit('records.withdrawn', {});
    await until(() => expect(drawn.length).toBeGreaterThan(0));
    expect(drawn).not.toContain(undefined);
    source.close();
  });

  it('says why it failed and opens when it is tried again', async () => {
    bridge.overrides['view.open'] = () => {
      throw new RoadbookError('store.failed');
    };
    const source = new ViewSource(request);
    await until(() => expect(source.state).toBe('failed'));
    expect(source.error?.code).toBe('store.failed');
    delete bridge.overrides['view.open'];
    source.retry();
    await until(() => expect(source.state).toBe('ready'));
    source.close();
  });

  it('closes the view of the main process, even when it was closed before it had opened', async () => {
    const source = new ViewSource(request);
    source.close();
    await until(() => expect(named('view.close')).toHaveLength(1));
  });
});

describe('a view that takes long to open', () => {
  const slowly = () => {
    let answer: () => void = () => undefined;
    bridge.overrides['view.open'] = ({ opening: _opening, first: _first, ...asked }) =>
      new Promise((resolve) => {
        answer = () => resolve({ viewId: `slow ${asked.collection}`, count: 0, version: 1 });
      });
    return () => answer();
  };
  const opening = () =>
    String((named('view.open').at(-1)?.input as { opening?: string } | undefined)?.opening);

  it('knows how far it is, by its own name, until it is there', async () => {
    const done = slowly();
    const source = new ViewSource(request);
    expect(source.share).toBeNull();
    await until(() => expect(named('view.open')).toHaveLength(1));
    bridge.emit('view.opening', { opening: 'of another list', share: 0.9 });
    expect(source.share).toBeNull();
    bridge.emit('view.opening', { opening: opening(), share: 0.43 });
    expect(source.share).toBe(0.43);
    done();
    await until(() => expect(source.state).toBe('ready'));
    expect(source.share).toBeNull();
    source.close();
  });

  it('is given up as soon as nobody waits for it', async () => {
    slowly();
    const source = acquireView(request, false);
    await until(() => expect(named('view.open')).toHaveLength(1));
    releaseView(source);
    await until(() =>
      expect(named('view.cancel').map(({ input }) => input)).toEqual([{ opening: opening() }]),
    );
    expect(acquireView(request, false)).not.toBe(source);
  });
});

describe('views that nobody shows', () => {
  it('stay open for the way back', async () => {
    const source = acquireView(request, false);
    source.look(0, 30);
    await firstOf(source);
    releaseView(source);
    expect(acquireView(request, false)).toBe(source);
    expect(named('view.open')).toHaveLength(1);
  });

  it('are closed, oldest first, when there are too many', async () => {
    for (let index = 0; index < 12; index += 1) {
      const source = acquireView(
        { ...request, filters: [{ field: 'amount', op: 'at-least', value: index }] },
        false,
      );
      await until(() => expect(source.state).toBe('ready'));
      releaseView(source);
    }
    await until(() => expect(named('view.close')).toHaveLength(4));
    expect(named('view.close')[0]?.input).toEqual({ viewId: 'view-1' });
  });
});
