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

async function openDeal(page: Page, index = 3): Promise<void> {
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
  'record-deal': { play: (page) => openDeal(page) },
  'record-edit': {
    play: async (page) => {
      await openDeal(page);
      await page.getByRole('button', { name: 'Edit close date' }).click();
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
  settings: {
    play: async (page) => {
      await nav(page, 'Settings');
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    },
  },
};
