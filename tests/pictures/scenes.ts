import type { Page } from '@playwright/test';
import { recordScenes } from './record-scenes.ts';

export interface Scene {
  /** More of the page's address, e.g. `deals=0`. */
  readonly query?: string;
  readonly play: (page: Page) => Promise<void>;
}

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name, exact: false }).first().click();
const rows = (page: Page) => page.locator('[role="row"][data-id]').first().waitFor();
const list = (name: string): Scene => ({
  play: async (page) => {
    await nav(page, name);
    await rows(page);
  },
});

async function openDeals(page: Page): Promise<void> {
  await nav(page, 'Open deals');
  await rows(page);
}

async function openBoard(page: Page): Promise<void> {
  await nav(page, 'My board');
  await page.locator('.bc[data-id]').first().waitFor();
}

/** What is photographed, by name. */
export const scenes: Record<string, Scene> = {
  ...recordScenes,
  'list-deals': { play: openDeals },
  'list-selected': {
    play: async (page) => {
      await openDeals(page);
      for (const row of [1, 3, 5]) await page.locator('[data-gutter]').nth(row).click();
      await page.mouse.move(5, 400);
    },
  },
  'list-accounts': list('Accounts'),
  'list-contacts': list('Contacts'),
  'list-leads': list('Leads'),
  'list-activities': list('Activities'),
  'list-products': list('Products'),
  'list-filter': {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('f');
      await page.getByRole('option', { name: 'Stage' }).click();
      await page.getByRole('option', { name: 'Proposal' }).click();
    },
  },
  'list-no-match': {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('f');
      await page.getByRole('option', { name: 'Name', exact: true }).click();
      await page.getByRole('textbox', { name: 'Value' }).fill('zzzz');
      await page.keyboard.press('Enter');
      await page.getByText('match these filters').waitFor();
    },
  },
  'list-empty': {
    query: 'deals=0',
    play: async (page) => {
      await nav(page, 'Deals');
      await page.getByText('on this device yet').waitFor();
    },
  },
  'list-loading': {
    query: 'delay=2000',
    play: async (page) => {
      await page.locator('.bar8').first().waitFor();
      await page.waitForTimeout(400);
    },
  },
  'list-error': {
    query: 'fail=view.open',
    play: async (page) => {
      await page.getByRole('alert').waitFor();
    },
  },
  'list-comfortable': { query: 'density=comfortable', play: openDeals },
  'list-rail': {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('[');
    },
  },
  'list-million': {
    query: 'rows=1000000&density=comfortable',
    play: async (page) => {
      await nav(page, 'Deals');
      await rows(page);
      await page.keyboard.press('End');
      await page.getByText('999999', { exact: true }).waitFor();
    },
  },
  board: { play: openBoard },
  'board-drag': {
    play: async (page) => {
      await openBoard(page);
      const card = page.locator('[data-stage="proposal"] .bc').nth(1);
      const box = await card.boundingBox();
      if (box === null) throw new Error('no card');
      await page.mouse.move(box.x + 40, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 60, box.y + 30, { steps: 4 });
      await page.mouse.move(box.x + 210, box.y + 60, { steps: 8 });
      await page.waitForTimeout(100);
    },
  },
  'board-needs': {
    play: async (page) => {
      await openBoard(page);
      const card = await page.locator('[data-stage="proposal"] .bc').nth(1).boundingBox();
      const lost = await page.locator('[data-stage="lost"]').boundingBox();
      if (card === null || lost === null) throw new Error('no card');
      await page.mouse.move(card.x + 40, card.y + 20);
      await page.mouse.down();
      await page.mouse.move(lost.x + 60, card.y + 30, { steps: 8 });
      await page.mouse.up();
      await page.getByRole('dialog').waitFor();
    },
  },
  palette: {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('hal');
      await page.getByRole('option').nth(3).waitFor();
    },
  },
  'palette-start': {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
    },
  },
  keys: {
    play: async (page) => {
      await openDeals(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  'menu-user': {
    play: async (page) => {
      await openDeals(page);
      await page.locator('.me').click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
};
