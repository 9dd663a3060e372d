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

  /** Two keys, one soon after the other; pressed again where a busy machine has pulled them too far apart. */
  async jump(keys: readonly [string, string], to: Locator): Promise<void> {
    await expect(async () => {
      for (const key of keys) await this.page.keyboard.press(key);
      await expect(to).toBeVisible({ timeout: 5_000 });
    }).toPass();
  }

  async lock(): Promise<void> {
    await this.page.keyboard.press('Control+l');
    await expect(this.page.getByRole('heading', { level: 1, name: /^Good/ })).toBeVisible();
  }

  async inStep(timeout = 60_000): Promise<void> {
    await expect(this.pill).toHaveText(/^(In step|\d+ needs? you)/, { timeout });
  }
}
