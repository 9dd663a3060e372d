import { expect, type Locator, type Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** What needs a person. */
export class InboxPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await new Shell(this.page).go('Inbox');
    await expect(this.page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  }

  item(title: string): Locator {
    return this.page.getByRole('region', { name: title });
  }

  /** One side of a conflict, e.g. 'On the server'. */
  side(title: string, label: string): Locator {
    return this.item(title).locator('.op').filter({ hasText: label });
  }
}
