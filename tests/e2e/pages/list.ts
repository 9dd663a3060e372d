import { expect, type Locator, type Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** A virtual list of one object. */
export class ListPage {
  readonly page: Page;
  readonly label: string;

  constructor(page: Page, label: string) {
    this.page = page;
    this.label = label;
  }

  get grid(): Locator {
    return this.page.getByRole('grid', { name: this.label });
  }

  /** The line at the foot: how many there are. */
  get count(): Locator {
    return this.page.getByRole('main').getByRole('status').filter({ hasText: this.label.toLowerCase() });
  }

  async open(): Promise<void> {
    await new Shell(this.page).go(this.label);
    await expect(this.grid).toBeFocused();
    await expect(this.row(1)).toBeVisible();
  }

  /** The n-th record, beginning with 1; the heads are the first row of the grid. */
  row(place: number): Locator {
    return this.grid.locator(`[role="row"][aria-rowindex="${place + 1}"]`);
  }

  /** The cell of that row under the column of that name. */
  async cell(place: number, column: string): Promise<string> {
    const heads = await this.grid.getByRole('columnheader').allTextContents();
    const at = heads.findIndex((head) => head.trim() === column);
    if (at < 0) throw new Error(`No column "${column}" among ${heads.join(', ')}.`);
    return (await this.row(place).getByRole('gridcell').nth(at).textContent())?.trim() ?? '';
  }
}
