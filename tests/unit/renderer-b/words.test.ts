import { describe, expect, it } from 'vitest';
import { showValue } from '../../../renderer/forms/show.ts';
import {
  eventWords,
  fromTo,
  recordOf,
  shortHash,
  stateWords,
  titleOf,
  whatOf,
} from '../../../renderer/views/audit/describe.ts';
import { blockedScreen } from '../../../renderer/views/entry/blocked.ts';
import { greeting } from '../../../renderer/views/entry/greeting.ts';
import { codeGroups, sameGroup, strength } from '../../../renderer/views/entry/passphrase.ts';
import { aboutTime, firstSync } from '../../../renderer/views/entry/progress.ts';
import { syncWords } from '../../../renderer/views/sync/words.ts';
import { catalogue } from '../../../shared/errors.ts';
import type { AuditEntry, SyncStatus } from '../../../shared/ipc.ts';
import { accounts } from '../../../shared/model/account.ts';
import { deals } from '../../../shared/model/deal.ts';
import { defaultStages } from '../../../shared/rules/stages.ts';

const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  seq: 7,
  at: '2017-11-14T09:31:06.000Z',
  kind: 'change',
  collection: 'deals',
  record: 'd1',
  name: 'Cancity GTX Plus Pro upgrade',
  field: 'amount',
  from: { minor: 5_482_000, currency: 'USD' },
  to: { minor: 6_578_400, currency: 'USD' },
  user: 'u1',
  userName: 'Nora Lindqvist',
  device: 'd',
  deviceName: 'Laptop',
  offline: true,
  state: 'saved',
  hash: 'e03b94aa00007f10',
  ...more,
});

describe('a diff in the audit log', () => {
  const words = (more: Partial<AuditEntry>, names = {}) => {
    const change = fromTo(entry(more), defaultStages, names);
    return change === null ? null : [change.from, change.to];
  };

  it('shows money, days, percent and stages as the record page does', () => {
    expect(words({})).toEqual(['$54,820.00', '$65,784.00']);
    expect(words({ field: 'closeDate', from: '2017-10-25', to: '2017-11-01' })).toEqual([
      '25 Oct 2017',
      '01 Nov 2017',
    ]);
    expect(words({ field: 'probability', from: 20, to: 50 })).toEqual(['20%', '50%']);
    expect(words({ field: 'stage', from: 'qualification', to: 'proposal' })).toEqual([
      'Qualification',
      'Proposal',
    ]);
  });

  it('shows records and people by name, also those that the entry brings itself', () => {
    expect(words({ field: 'owner', from: 'u1', to: 'u2' }, { u1: 'Nora' })).toEqual([
      'Nora',
      'Not on this device any more',
    ]);
    expect(words({ field: 'owner', from: 'u1', to: 'u2', names: { u2: 'Tomas' } }, { u1: 'Nora' })).toEqual([
      'Nora',
      'Tomas',
    ]);
  });

  it('shows an emptied field as empty, and nothing for events', () => {
    expect(words({ field: 'nextStep', from: 'Call back', to: null })).toEqual(['Call back', '']);
    expect(words({ kind: 'unlock', field: '', collection: '' })).toBeNull();
  });

  it('keeps a value of a field that this version does not know', () => {
    expect(words({ field: 'moonPhase', from: 'new', to: { half: true } })).toEqual(['new', '{"half":true}']);
  });

  it('names what happened', () => {
    expect(titleOf(entry({}))).toBe('Amount changed');
    expect(titleOf(entry({ kind: 'create', field: '' }))).toBe('Deal created');
    expect(whatOf(entry({ kind: 'sync', field: '' }))).toBe('Sync');
    expect(recordOf(entry({ kind: 'lock', field: '', name: '' }))).toBe('This device');
    expect(eventWords({ to: { rowsIn: 214, rowsOut: 3 } })).toBe('214 rows in, 3 out');
    expect(stateWords('conflict')).toBe('In conflict');
    expect(shortHash('e03b94aa00007f10')).toBe('e03b94aa…7f10');
  });
});

describe('a value', () => {
  const shown = (entity: typeof deals, name: string, value: unknown) =>
    showValue(entity.fields[name], value, { names: {}, now: new Date(2017, 10, 14) });

  it('is told in words whatever its kind', () => {
    expect(shown(accounts, 'employees', 12_000)).toBe('12,000');
    expect(shown(accounts, 'founded', 1987)).toBe('1987');
    expect(shown(accounts, 'type', 'customer')).toBe('Customer');
    expect(shown(accounts, 'billing', { street: '1 Plant Road', postcode: '48901', city: 'Lansing' })).toBe(
      '1 Plant Road, 48901 Lansing',
    );
    expect(shown(accounts, 'emails', [{ id: 'a', type: 'work', address: 'a@b.example' }])).toBe(
      'a@b.example',
    );
    expect(shown(accounts, 'tags', ['GTX', 'fleet'])).toBe('GTX, fleet');
    expect(shown(deals, 'lineItems', [{}, {}])).toBe('2 items');
    expect(shown(deals, 'amount', null)).toBe('');
  });
});

describe('screens of a store that cannot be opened', () => {
  const notOnStart = ['store.wrong_passphrase', 'store.wrong_recovery_code', 'store.closed', 'store.failed'];
  const codes = Object.keys(catalogue).filter(
    (code) => code.startsWith('store.') && !notOnStart.includes(code),
  );

  it('are different for every way in which that happens, and say what was kept', () => {
    const screens = codes.map((code) => blockedScreen({ code, message: 'm', hint: 'h', details: {} }));
    expect(new Set(screens.map(({ title }) => title)).size).toBe(codes.length);
    for (const { kept, todo } of screens) {
      expect(kept).toMatch(/nothing|not|no |kept|still here/i);
      expect(todo.length).toBeGreaterThan(20);
    }
  });

  it('tell records that are older from records whose count is gone, and only these may be opened anyway', () => {
    const of = (code: string, reason: string) =>
      blockedScreen({ code, message: '', hint: '', details: { reason } });
    expect(of('store.went_back', 'head').title).not.toBe(of('store.went_back', 'counter').title);
    const open = codes.filter((code) => of(code, '').mayOpen);
    expect(open).toEqual(['store.went_back']);
  });

  it('fall back to the words of the catalogue for a code from a later version', () => {
    const screen = blockedScreen({
      code: 'store.on_fire',
      message: 'It burns.',
      hint: 'Leave the room.',
      details: {},
    });
    expect([screen.what, screen.todo]).toEqual(['It burns.', 'Leave the room.']);
  });
});

describe('a passphrase', () => {
  it('is judged by its length and nothing else', () => {
    expect(strength('Ab1!').enough).toBe(false);
    expect(strength('aaaaaaaaaaa').words).toBe('1 more character needed.');
    expect(strength('aaaaaaaaaaaa').enough).toBe(true);
    expect(strength('👩‍🌾'.repeat(3)).enough).toBe(false);
  });

  it('has a recovery code whose groups are known whatever their case', () => {
    expect(codeGroups('K7QF-2M9D XH4T')).toEqual(['K7QF', '2M9D', 'XH4T']);
    expect(sameGroup(' xh4t', 'XH4T')).toBe(true);
    expect(sameGroup('xh4', 'XH4T')).toBe(false);
    expect(sameGroup('', undefined)).toBe(false);
  });
});

describe('the first sync', () => {
  const progress = {
    rows: 31_846,
    total: 46_921,
    rowsPerSecond: 1_610,
    bytes: 1,
    searchReady: false,
    done: false,
    collections: [
      { name: 'definitions', here: 57, total: 57 },
      { name: 'products', here: 7, total: 7 },
      { name: 'deals', here: 100, total: 200 },
      { name: 'leads', here: 0, total: 20 },
    ],
  };

  it('says how far it is and how long it takes', () => {
    const sync = firstSync(progress);
    expect([sync.percent, sync.secondsLeft]).toEqual([67, 9]);
    expect(sync.objects).toEqual([
      { name: 'Products and rules', here: 64, total: 64, state: 'done' },
      { name: 'Deals', here: 100, total: 200, state: 'running' },
      { name: 'Leads', here: 0, total: 20, state: 'waiting' },
    ]);
    expect(aboutTime(9)).toBe('9 s');
    expect(aboutTime(150)).toBe('3 min');
  });

  it('never says 100 percent before everything is here, and no time that it does not know', () => {
    expect(firstSync({ ...progress, rows: 46_920 }).percent).toBe(99);
    expect(firstSync({ ...progress, rowsPerSecond: 0 }).secondsLeft).toBeNull();
    expect(firstSync({ ...progress, rows: 0, total: 0, done: true, collections: [] }).percent).toBe(100);
  });
});

describe('the words of a sync', () => {
  const status = (more: Partial<SyncStatus>): SyncStatus => ({
    state: 'online',
    waiting: 0,
    needYou: 0,
    heldBack: null,
    lastSyncAt: null,
    verifiedAt: null,
    error: null,
    server: 's',
    progress: null,
    ...more,
  });

  it('take being offline as ordinary and say that nothing is lost', () => {
    const words = syncWords(status({ state: 'offline', waiting: 3 }));
    expect(words.mark).toBe('off');
    expect(words.note).toContain('3 changes saved here');
    expect(words.note).toContain('Nothing is lost');
  });

  it('call for a person only where one is needed', () => {
    const states = ['online', 'offline', 'syncing', 'signed-out', 'error'] as const;
    expect(states.filter((state) => syncWords(status({ state })).mark === 'need')).toEqual(['signed-out']);
    expect(syncWords(status({ waiting: 1 })).title).toBe('Online');
    expect(syncWords(null).mark).toBe('off');
  });
});

describe('the greeting', () => {
  it('follows the clock and names nobody', () => {
    const at = (hour: number) => greeting(new Date(2017, 10, 14, hour));
    expect([at(3), at(9), at(15), at(20)]).toEqual([
      'Good night',
      'Good morning',
      'Good afternoon',
      'Good evening',
    ]);
  });
});
