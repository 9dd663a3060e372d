import { expect, type Locator, type Page } from '@playwright/test';

/** Search over everything, by keyboard. */
export class Palette {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get input(): Locator {
    return this.page.getByRole('combobox', { name: 'Search or jump to' });
  }

  get records(): Locator {
    return this.page.getByRole('listbox', { name: 'Results' }).getByRole('group', { name: 'Records' });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await expect(this.input).toBeFocused();
    await this.input.fill(text);
  }

  /** Opens the record whose name is `name`, found by `text`. */
  async open(text: string, name: string): Promise<void> {
    await this.type(text);
    await expect(this.records.getByRole('option').first()).toContainText(name);
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }
}
