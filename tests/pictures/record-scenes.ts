import type { Page } from '@playwright/test';
import type { FakeBridge } from '../factories/fake-bridge.ts';
import type { Scene } from './scenes.ts';

/** Runs in the page, with the invented main process at hand. */
const stage = <T>(page: Page, act: (fake: FakeBridge, input: T) => void, input?: T) =>
  page.evaluate(
    ([source, given]) => {
      const run = new Function('fake', 'input', `(${source})(fake, input)`);
      run((window as unknown as { fake: FakeBridge }).fake, given);
    },
    [act.toString(), input] as const,
  );

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name }).first().click();

/** A deal with a past: changes, notes, a visit, a task. */
function livelyDeal(fake: FakeBridge): void {
  const deals = fake.data.rows.get('deals') ?? [];
  const open = deals.filter((deal) => !['won', 'lost'].includes(String(deal.body.stage)));
  const minor = (row: (typeof deals)[number]) => Number((row.body.amount as { minor?: number })?.minor ?? 0);
  const [, , deal] = open.sort((a, b) => minor(b) - minor(a));
  const sample = fake.data.audit.find((entry) => entry.kind === 'change');
  if (deal === undefined || sample === undefined) return;
  deal.mark = 'waiting';
  deal.body.contacts = [
    { id: 'c1', contact: 'contact-03', role: 'Plant director, decides' },
    { id: 'c2', contact: 'contact-07', role: 'Head of procurement' },
  ];
  let last = fake.data.audit.length + 6;
  const change = (at: string, field: string, from: unknown, to: unknown, more: object) => {
    last -= 1;
    return {
      ...sample,
      seq: last,
      at,
      field,
      from,
      to,
      collection: 'deals',
      record: deal.id,
      name: deal.name,
      offline: false,
      state: 'sent',
      names: { 'user-00': 'Nora Lindqvist', 'user-04': 'Mara Okonjo' },
      ...more,
    };
  };
  const mine = { user: 'user-00', userName: 'Nora Lindqvist' };
  const boss = { user: 'user-01', userName: 'Tomas Arendt' };
  const now = '2017-11-14T09:41:00Z';
  fake.data.audit.unshift(
    change(now, 'stage', 'qualification', 'proposal', { ...mine, offline: true, state: 'saved' }),
    change(now, 'probability', 20, 50, { ...mine, offline: true, state: 'saved' }),
    change('2017-11-11T16:20:00Z', 'closeDate', '2017-12-15', '2017-11-30', boss),
    change('2017-11-04T10:15:00Z', 'stage', 'prospecting', 'qualification', mine),
    change(
      '2017-11-03T08:02:00Z',
      'amount',
      { minor: 5482000, currency: 'USD' },
      { minor: 6030200, currency: 'USD' },
      { ...mine, state: 'conflict' },
    ),
    change('2017-10-09T08:00:00Z', '', null, null, { ...boss, kind: 'create' }),
  );
  const activities = fake.data.rows.get('activities') ?? [];
  const add = (
    id: string,
    createdAt: string,
    body: object,
    mark: 'waiting' | 'in-step',
    createdBy = 'user-00',
  ) =>
    activities.push({
      ...(activities[0] as (typeof activities)[number]),
      id,
      createdAt,
      createdBy,
      owner: createdBy,
      mark,
      body: { ...body, regarding: deal.id, regardingCollection: 'deals' },
    });
  add(
    'a1',
    '2017-11-14T09:38:00Z',
    { type: 'note', text: 'Thanks for the walk-through this morning. The survey is next.' },
    'waiting',
  );
  add(
    'a2',
    '2017-11-14T09:04:00Z',
    {
      type: 'visit',
      startAt: '2017-11-14T09:04:00Z',
      endAt: '2017-11-14T09:36:00Z',
      attendees: ['Gita Sato', 'Iris Keller'],
      text: 'They want 18 units by January and asked for the advanced carriers in the same order. Budget holder is Keller, not Sato.',
    },
    'in-step',
  );
  add(
    'a3',
    '2017-11-08T11:05:00Z',
    {
      type: 'call',
      direction: 'out',
      text: 'Connected. Wants delivery split over two sites.',
      attendees: ['Gita Sato'],
      startAt: '2017-11-08T11:05:00Z',
      endAt: '2017-11-08T11:13:00Z',
    },
    'in-step',
  );
  add(
    'a4',
    '2017-11-02T14:30:00Z',
    { type: 'note', text: 'They paid list price in March. Hold the discount until the survey is done.' },
    'in-step',
    'user-04',
  );
  add(
    'a5',
    '2017-11-09T08:00:00Z',
    { type: 'task', subject: 'Send trial agreement', status: 'open', dueOn: '2017-11-13' },
    'in-step',
  );
  fake.data.names.set('user-00', 'Nora Lindqvist');
}

async function openDeal(page: Page, index = 3): Promise<void> {
  await stage(page, livelyDeal);
  await nav(page, 'Open deals');
  const row = page.getByRole('grid').getByRole('row').nth(index);
  await row.waitFor();
  await row.dblclick();
  await page.getByRole('heading', { name: 'Details' }).waitFor();
}

const entry = (phase: string, more: object = {}): Scene => ({
  play: async (page) => {
    await stage(page, (fake, change: object) => fake.setApp(change), {
      phase,
      user: null,
      ...more,
    });
    await page.getByRole('heading', { level: 1 }).waitFor();
  },
});

const user = {
  id: 'user-00',
  name: 'Nora Lindqvist',
  email: 'nora.lindqvist@harbour.example',
  role: 'rep',
  tenant: 'tenant-1',
  tenantName: 'Harbour Field',
  team: 'team-central',
  territory: 'territory-central',
};

export const recordScenes: Record<string, Scene> = {
  'entry-sign-in': entry('sign-in'),
  'entry-sign-in-wrong': {
    play: async (page) => {
      await entry('sign-in').play(page);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  },
  'entry-passphrase': {
    play: async (page) => {
      await entry('passphrase', { user }).play(page);
      await page.getByLabel('Passphrase', { exact: true }).fill('a short sentence');
    },
  },
  'entry-recovery': {
    play: async (page) => {
      await entry('passphrase', { user }).play(page);
      await page.getByLabel('Passphrase', { exact: true }).fill('a short sentence');
      await page.getByLabel('The same again').fill('a short sentence');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Keep this recovery code' }).waitFor();
    },
  },
  'entry-locked': entry('locked'),
  'entry-keychain-changed': entry('locked', {
    keychain: false,
    keychainLost: { was: 'gnome_libsecret', now: 'kwallet6' },
  }),
  'entry-keychain-gone': entry('locked', {
    keychain: false,
    keychainLost: { was: 'gnome_libsecret', now: '' },
  }),
  'entry-recover-access': {
    play: async (page) => {
      await entry('locked').play(page);
      await page.getByRole('button', { name: 'Use recovery code' }).click();
    },
  },
  'entry-first-sync': {
    play: async (page) => {
      await entry('first-sync', { user }).play(page);
      await stage(page, (fake) =>
        fake.setSync({
          state: 'syncing',
          verifiedAt: null,
          progress: {
            rows: 31_846,
            total: 46_921,
            rowsPerSecond: 1_610,
            bytes: 18_400_000,
            searchReady: false,
            done: false,
            collections: [
              { name: 'definitions', here: 57, total: 57 },
              { name: 'directory', here: 41, total: 41 },
              { name: 'products', here: 7, total: 7 },
              { name: 'accounts', here: 85, total: 85 },
              { name: 'contacts', here: 412, total: 412 },
              { name: 'leads', here: 236, total: 236 },
              { name: 'deals', here: 8_800, total: 8_800 },
              { name: 'activities', here: 22_208, total: 37_283 },
            ],
          },
        }),
      );
    },
  },
  'entry-blocked': entry('blocked', {
    error: { code: 'store.key_missing', message: '', hint: '', details: {} },
  }),
  'entry-wiped': entry('wiped', { wiped: { kind: 'lost', at: '2017-11-14T09:12:00Z', unsent: 3 } }),
  'entry-left': entry('wiped', { wiped: { kind: 'leave', at: '2017-11-14T09:12:00Z', unsent: 0 } }),
  'entry-preparing': entry('locked', { preparing: 0.43 }),
  'entry-went-back': entry('blocked', {
    error: { code: 'store.went_back', message: '', hint: '', details: { reason: 'counter' } },
  }),
  'entry-open-older': {
    play: async (page) => {
      await entry('blocked', {
        error: { code: 'store.went_back', message: '', hint: '', details: { reason: 'head' } },
      }).play(page);
      await page.getByRole('button', { name: 'Open it anyway' }).click();
    },
  },
  'entry-restore': {
    play: async (page) => {
      await entry('blocked', {
        error: { code: 'store.damaged', message: '', hint: '', details: {} },
      }).play(page);
      await page.getByRole('button', { name: 'Restore a backup' }).click();
    },
  },
  'record-deal': { play: (page) => openDeal(page) },
  'record-edit': {
    play: async (page) => {
      await openDeal(page);
      await page.getByRole('button', { name: 'Edit close date' }).click();
    },
  },
  'record-put-back': {
    play: async (page) => {
      await openDeal(page);
      await page
        .getByRole('button', { name: /^Put back close date/ })
        .first()
        .hover();
    },
  },
  'record-put-back-refused': {
    play: async (page) => {
      await openDeal(page);
      await stage(page, (fake) => {
        const first = fake.data.audit.find((entry) => entry.field === 'stage');
        if (first !== undefined) Object.assign(first, { from: 'lost' });
        fake.emit('audit.changed', { total: fake.data.audit.length });
      });
      await page
        .getByRole('button', { name: /^Put back stage, Lost/ })
        .first()
        .press('Enter');
      await page.getByRole('list', { name: 'Timeline' }).getByRole('alert').waitFor();
    },
  },
  'audit-put-back': {
    play: async (page) => {
      await nav(page, 'Audit log');
      await page.getByRole('grid').getByRole('row').nth(3).click();
      await page.getByRole('button', { name: 'Put back' }).click();
      await page.getByText(/new entry|this value now/).waitFor();
    },
  },
  'record-account': {
    play: async (page) => {
      await nav(page, 'Accounts');
      const row = page.getByRole('grid').getByRole('row').nth(3);
      await row.dblclick();
      await page.getByRole('heading', { name: 'Details' }).waitFor();
    },
  },
  'record-create': {
    play: async (page) => {
      await nav(page, 'Open deals');
      await page.getByRole('grid').waitFor();
      await page.keyboard.press('c');
      await page.getByRole('dialog').getByLabel('Name').fill('Isdom GTX Pro fleet refresh');
      await page.getByRole('dialog').getByLabel('Amount').fill('a lot');
      await page.keyboard.press('Control+Enter');
    },
  },
  audit: {
    play: async (page) => {
      await nav(page, 'Audit log');
      await page.getByRole('grid').getByRole('row').nth(5).click();
    },
  },
  inbox: {
    play: async (page) => {
      await nav(page, 'Inbox');
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    },
  },
  sync: {
    play: async (page) => {
      await nav(page, 'Sync status');
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    },
  },
  'sync-kept': {
    play: async (page) => {
      await nav(page, 'Sync status');
      await stage(page, (fake) =>
        fake.setSync({ heldBack: { changes: 3, at: '2017-11-14T08:20:00Z' }, waiting: 2 }),
      );
      await page.getByRole('button', { name: 'Understood' }).waitFor();
    },
  },
  'sync-by-hand': {
    play: async (page) => {
      await nav(page, 'Sync status');
      await stage(page, (fake) => fake.setSync({ state: 'by-hand', waiting: 4 }));
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    },
  },
  'settings-leave': {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('button', { name: 'Leave', exact: true }).click();
    },
  },
  'settings-end': {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('heading', { level: 2 }).last().scrollIntoViewIfNeeded();
      await page.getByRole('region', { name: 'Sync' }).scrollIntoViewIfNeeded();
    },
  },
  'sync-signed-out': {
    play: async (page) => {
      await nav(page, 'Sync status');
      await stage(page, (fake) => fake.setSync({ state: 'signed-out' }));
      await page.getByRole('region', { name: 'Sign in again' }).waitFor();
    },
  },
  'settings-passphrase': {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByLabel('Present passphrase', { exact: true }).fill('not the right one');
      await page.getByLabel('New passphrase', { exact: true }).fill('a short sentence');
      await page.getByRole('button', { name: 'Change', exact: true }).last().click();
    },
  },
  'settings-code': {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('button', { name: 'Make a new one' }).click();
      await page.getByLabel('Passphrase', { exact: true }).fill('a short sentence');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Keep this recovery code' }).waitFor();
    },
  },
  'settings-restore': {
    play: async (page) => {
      await nav(page, 'Settings');
      await page
        .getByRole('button', { name: /Restore the backup/ })
        .first()
        .click();
    },
  },
  settings: {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    },
  },
};
