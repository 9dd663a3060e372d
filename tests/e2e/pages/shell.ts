import { expect, type Locator, type Page } from '@playwright/test';

/** What stands around every screen of the records: navigation, sync pill, person. */
export class Shell {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get navigation(): Locator {
    return this.page.getByRole('navigation', { name: 'Main' });
  }

  get pill(): Locator {
    return this.page.getByRole('complementary', { name: 'Sidebar' }).getByRole('status');
  }

  async go(label: string): Promise<void> {
    await this.navigation.getByRole('button', { name: new RegExp(`^${label}( |$)`) }).click();
  }

  async lock(): Promise<void> {
    await this.page.keyboard.press('Control+l');
    await expect(this.page.getByRole('heading', { level: 1, name: /^Good/ })).toBeVisible();
  }

  async inStep(timeout = 30_000): Promise<void> {
    await expect(this.pill).toHaveText(/^(In step|\d+ needs? you)/, { timeout });
  }
}
