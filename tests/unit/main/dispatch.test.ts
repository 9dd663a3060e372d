import { expect, test, vi } from 'vitest';
import type { Handlers } from '../../../electron/ipc/contract.ts';
import { createDispatch, MAX_PAYLOAD } from '../../../electron/ipc/dispatch.ts';
import { type Log, silent } from '../../../electron/shell/log.ts';
import { RoadbookError } from '../../../shared/errors.ts';

function setUp(handler: (input: unknown) => unknown = () => ({}), log: Log = silent) {
  const called = vi.fn(handler);
  const handlers = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : called) });
  return { called, dispatch: createDispatch(Promise.resolve(handlers as Handlers), log) };
}

const ref = { collection: 'deals', id: '01a202ab-98ab-7132-9344-d56aa636cb6c' };

test('a call that fits the contract reaches its handler', async () => {
  const { called, dispatch } = setUp(() => ({ found: true }));
  expect(await dispatch({ trusted: true, name: 'record.get', input: ref })).toEqual({
    ok: true,
    value: { found: true },
  });
  expect(called).toHaveBeenCalledWith(ref);
});

test.each([
  ['from another sender', { trusted: false, name: 'record.get', input: ref }, 'ipc.bad_sender'],
  ['of an unknown method', { trusted: true, name: 'record.steal', input: ref }, 'ipc.unknown_method'],
  ['of an inherited name', { trusted: true, name: 'constructor', input: ref }, 'ipc.unknown_method'],
  [
    'whose name is no text',
    { trusted: true, name: { toString: () => 'record.get' }, input: ref },
    'ipc.unknown_method',
  ],
  [
    'with a missing member',
    { trusted: true, name: 'record.get', input: { collection: 'deals' } },
    'request.invalid',
  ],
  [
    'with a member too many',
    { trusted: true, name: 'record.get', input: { ...ref, more: 1 } },
    'request.invalid',
  ],
  [
    'with a wrong type',
    { trusted: true, name: 'view.rows', input: { viewId: 'v', from: -1, count: 1 } },
    'request.invalid',
  ],
  ['without input', { trusted: true, name: 'record.get', input: undefined }, 'request.invalid'],
  [
    'that is too large',
    { trusted: true, name: 'record.update', input: { ...ref, values: { text: 'x'.repeat(MAX_PAYLOAD) } } },
    'request.too_large',
  ],
])('a call %s is refused before its handler hears of it', async (_what, call, code) => {
  const { called, dispatch } = setUp();
  expect(await dispatch(call)).toMatchObject({ ok: false, error: { code } });
  expect(called).not.toHaveBeenCalled();
});

const notIds = [
  '../../etc',
  '',
  'deal-1',
  ref.id.toUpperCase(),
  `${ref.id}\n`,
  `${ref.id}/..`,
  'constructor',
];

test.each(notIds)(
  'a record id that is none is refused at the door, whatever asks with it: %j',
  async (id) => {
    const { called, dispatch } = setUp();
    const { collection } = ref;
    const calls: readonly [string, object][] = [
      ['record.get', { collection, id }],
      ['record.create', { collection, id, values: {} }],
      ['record.update', { collection, id, values: {} }],
      ['record.delete', { collection, id }],
      ['record.restore', { collection, id }],
      ['record.history', { collection, id, limit: 1 }],
      ['view.indexOf', { viewId: 'v', id }],
      ['audit.count', { record: id }],
      ['audit.rows', { filter: { record: id }, from: 0, count: 1 }],
      ['inbox.resolve', { id, choice: 'server' }],
      ['inbox.reopen', { id }],
    ];
    for (const [name, input] of calls) {
      const answer = await dispatch({ trusted: true, name, input });
      expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'request.invalid' } }]);
    }
    expect(called).not.toHaveBeenCalled();
  },
);

test('a circular input is refused, not thrown', async () => {
  const { dispatch } = setUp();
  const values: Record<string, unknown> = {};
  values.self = values;
  expect(await dispatch({ trusted: true, name: 'record.update', input: { ...ref, values } })).toMatchObject({
    ok: false,
    error: { code: 'request.too_large' },
  });
});

test('an error of the catalogue travels whole, and any other is logged and becomes internal', async () => {
  const known = setUp(() => {
    throw new RoadbookError('record.not_found');
  });
  const answer = await known.dispatch({ trusted: true, name: 'record.get', input: ref });
  expect(answer).toMatchObject({ ok: false, error: { code: 'record.not_found' } });
  expect(JSON.stringify(answer)).not.toContain('dispatch.test');

  const error = vi.fn();
  const unknown = setUp(
    () => {
      throw new Error('secret value of Acme');
    },
    { ...silent, error },
  );
  const hidden = await unknown.dispatch({ trusted: true, name: 'record.get', input: ref });
  expect(hidden).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(JSON.stringify(hidden)).not.toContain('Acme');
  expect(error).toHaveBeenCalledOnce();
});

test('a call that comes before the parts are ready waits for them', async () => {
  let ready: (handlers: Handlers) => void = () => undefined;
  const dispatch = createDispatch(new Promise((resolve) => (ready = resolve)), silent);
  const answer = dispatch({ trusted: true, name: 'app.state', input: {} });
  ready({ 'app.state': () => ({ phase: 'sign-in' }) } as unknown as Handlers);
  expect(await answer).toEqual({ ok: true, value: { phase: 'sign-in' } });
});
