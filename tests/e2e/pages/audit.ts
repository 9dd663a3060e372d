import { expect, type Locator, type Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** One line of the audit log as it stands on the screen. */
export interface AuditLine {
  readonly who: string;
  readonly what: string;
  readonly record: string;
  readonly change: string;
}

export class AuditPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get grid(): Locator {
    return this.page.getByRole('grid', { name: 'Audit log' });
  }

  async open(): Promise<void> {
    await new Shell(this.page).go('Audit log');
    await expect(this.grid).toBeVisible();
  }

  /** Narrows the log to what was made offline. */
  async offlineOnly(): Promise<void> {
    await this.page.getByRole('button', { name: 'Made', exact: true }).click();
    await this.page.getByRole('option', { name: 'Offline', exact: true }).click();
    await expect(this.page.getByRole('button', { name: 'Made is Offline' })).toBeVisible();
  }

  async lines(): Promise<AuditLine[]> {
    const rows = this.grid.getByRole('row').filter({ has: this.page.getByRole('gridcell') });
    await expect(rows.first()).toBeVisible();
    const cells = await rows.evaluateAll((elements) =>
      elements.map((row) =>
        [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent?.trim() ?? ''),
      ),
    );
    return cells.map(([, , who = '', what = '', record = '', change = '']) => ({
      who,
      what,
      record,
      change,
    }));
  }

  /** Waits until the chain was verified and returns what the banner says. */
  async verified(): Promise<string> {
    await this.page.keyboard.press('r');
    const banner = this.page.getByRole('status').filter({ hasText: /(?:entry|entries), chain verified/ });
    await expect(banner).toBeVisible();
    return (await banner.textContent()) ?? '';
  }
}
