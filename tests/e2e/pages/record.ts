import { expect, type Locator, type Page } from '@playwright/test';

/** A record's own page: fields edited in place, notes, timeline. */
export class RecordPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get details(): Locator {
    return this.page.getByRole('region', { name: 'Details' });
  }

  get timeline(): Locator {
    return this.page.getByRole('list', { name: 'Timeline' });
  }

  /** The line of one field: label, value, mark. */
  field(label: string): Locator {
    const named = this.page.locator('.fld-label').getByText(label, { exact: true });
    return this.details.locator('.fld').filter({ has: named });
  }

  async showEmpty(): Promise<void> {
    const hidden = this.details.getByRole('button', { name: /empty hidden$/ });
    if (await hidden.isVisible()) await hidden.click();
  }

  /** Edits a field in place by keyboard: Enter on the value, type, Enter. */
  async edit(label: string, text: string): Promise<void> {
    await this.showEmpty();
    await this.startEdit(label);
    await this.input(label).fill(text);
    await this.page.keyboard.press('Enter');
    await expect(this.input(label)).toBeHidden();
  }

  async startEdit(label: string): Promise<void> {
    const start = this.details.getByRole('button', { name: `Edit ${label.toLowerCase()}`, exact: true });
    await start.focus();
    await this.page.keyboard.press('Enter');
    await expect(this.input(label)).toBeFocused();
  }

  input(label: string): Locator {
    return this.details.getByRole('textbox', { name: label, exact: true });
  }

  async addNote(text: string): Promise<void> {
    await this.writeNote(text);
    await this.page.keyboard.press('Control+Enter');
    await expect(this.timeline.getByText(text)).toBeVisible();
  }

  /** Types a note and leaves it unsaved. */
  async writeNote(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: /^Write a note/ }).focus();
    await this.page.getByRole('textbox', { name: /^Write a note/ }).fill(text);
  }
}
