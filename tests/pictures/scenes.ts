import type { Page } from '@playwright/test';
import { recordScenes } from './record-scenes.ts';

export interface Scene {
  /** More of the page's address, e.g. `deals=0`. */
  readonly query?: string;
  readonly play: (page: Page) => Promise<void>;
}

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name }).first().click();

/** What is photographed, by name. */
export const scenes: Record<string, Scene> = {
  ...recordScenes,
  'list-deals': {
    play: async (page) => {
      await nav(page, 'Open deals');
      await page.getByText('GX Field').first().waitFor();
    },
  },
};
