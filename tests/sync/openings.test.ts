import { expect, test } from 'vitest';
import { createDispatch } from '../../electron/ipc/dispatch.ts';
import { createHandlers } from '../../electron/ipc/handlers.ts';
import { newRow, toDoc } from '../../electron/records/rows.ts';
import type { ViewRequest } from '../../shared/ipc/records.ts';
import { company } from './support/company.ts';
import type { TestDevice } from './support/device.ts';

const MANY = 20_000;
/** No column holds it, so that documents have to be read. */
const slow: ViewRequest = {
  collection: 'accounts',
  filters: [],
  sort: [{ field: 'website', direction: 'asc' }],
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => '',
    (error: { code?: string }) => String(error.code),
  );

/** The real store, with so many accounts, or so many more, that an order without an index takes a while. */
async function many(device: TestDevice, have = 0): Promise<void> {
  const { user } = device.session;
  const at = new Date().toISOString();
  for (let from = 0; from < MANY; from += 2_000) {
    const rows = Array.from({ length: 2_000 }, (_, n) => {
      const number = have + from + n;
      const id = `0190d3f0-0000-7000-8000-${String(number).padStart(12, '0')}`;
      const body = { name: `Account ${number}`, website: `https://${(number * 7919) % 1_000_000}.example` };
      return {
        collection: 'accounts',
        doc: toDoc({ row: { ...newRow(user, id, at), name: body.name, body }, deleted: false }, undefined, 0),
        previous: undefined,
      };
    });
    await device.store.commit({ rows, search: 'behind' });
  }
}

test('a list whose order takes long tells how far it is, and is there after it', async () => {
  const { device } = await company();
  const told: { opening: string; share: number }[] = [];
  const a = await device('Ada', {
    emit: (name, payload) => {
      if (name === 'view.opening') told.push(payload as { opening: string; share: number });
    },
  });
  await a.goOffline();
  await many(a);
  let view = await a.workspace.lists.open(slow, 10, 'the slow one');
  // A machine that is done before there is anything to tell gets more to do.
  for (let have = MANY; told.length === 0; have += MANY) {
    await many(a, have);
    view = await a.workspace.lists.open(slow, 10, 'the slow one');
  }
  expect(view.count % MANY).toBe(0);
  expect(view.page?.rows[0]?.body.website).toBe('https://0.example');
  expect(new Set(told.map(({ opening }) => opening))).toEqual(new Set(['the slow one']));
  const shares = told.map(({ share }) => share);
  expect(shares).toEqual([...shares].sort((x, y) => x - y));

  // One that has its order in a column is there at once and has nothing to tell.
  told.length = 0;
  await a.workspace.lists.open({ ...slow, sort: [{ field: 'name', direction: 'asc' }] }, 10, 'a quick one');
  expect(told).toEqual([]);
});

test('a list that nobody waits for is given up, its name is free again, and others go on', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.goOffline();
  await many(a);
  const { lists } = a.workspace;
  const given = codeOf(lists.open(slow, 10, 'one'));
  const other = lists.open({ ...slow, sort: [{ field: 'website', direction: 'desc' }] }, 10, 'other');
  expect(await codeOf(lists.open(slow, 10, 'one'))).toBe('request.invalid');
  lists.cancel('one');
  lists.cancel('nothing of that name');
  expect(await given).toBe('store.closed');
  expect((await other).count).toBe(MANY);
  expect((await lists.open(slow, 10, 'one')).count).toBe(MANY);

  // A window that is loaded anew waits for nothing any more.
  const last = codeOf(
    lists.open({ ...slow, filters: [{ field: 'name', op: 'contains', value: '1' }] }, 10, 'last'),
  );
  await lists.closeAll();
  expect(await last).toBe('store.closed');
});

test('cancelling goes through the contract of the window, and is no line in the log', async () => {
  const { device } = await company();
  const a = await device('Ada');
  await a.goOffline();
  await many(a);
  const said: string[] = [];
  const note = (event: string) => void said.push(event);
  const handlers = createHandlers({ workspace: () => a.workspace } as Parameters<typeof createHandlers>[0]);
  const dispatch = createDispatch(Promise.resolve(handlers), { info: note, warn: note, error: note });
  const opened = dispatch({ trusted: true, name: 'view.open', input: { ...slow, opening: 'one' } });
  expect(await dispatch({ trusted: true, name: 'view.cancel', input: { opening: 'one' } })).toEqual({
    ok: true,
    value: {},
  });
  expect(await opened).toMatchObject({ ok: false, error: { code: 'store.closed' } });
  expect(said).toEqual([]);
});
