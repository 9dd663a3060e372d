import { expect, type Locator, type Page } from '@playwright/test';
import type { Person } from '../support/company.ts';

/** The screens before the records, as a person meets them. */
export class Entry {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  get passphrase(): Locator {
    return this.page.getByLabel('Passphrase', { exact: true });
  }

  async signIn({ email, password }: Person, server?: string): Promise<void> {
    const { page } = this;
    await expect(this.heading('Set up this device')).toBeVisible();
    if (server !== undefined) await page.getByLabel('Server').fill(server);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }

  /** Chooses a passphrase and keeps the recovery code, which it returns. */
  async choosePassphrase(passphrase: string): Promise<string> {
    const { page } = this;
    await expect(this.heading('Choose a passphrase')).toBeVisible();
    await this.passphrase.fill(passphrase);
    await page.getByLabel('The same again').fill(passphrase);
    await page.keyboard.press('Enter');

    await expect(this.heading('Keep this recovery code')).toBeVisible();
    return this.keepCode();
  }

  /** Reads the code that is shown, types the group that is asked for, and goes on. Returns the code. */
  async keepCode(): Promise<string> {
    const { page } = this;
    const items = page.getByRole('list', { name: 'Recovery code' }).getByRole('listitem');
    const groups = (await items.allInnerTexts()).map((text) => text.trim().split(/\s+/).at(-1) ?? '');
    const question = page.getByLabel(/^Type group \d+/);
    const label = (await page.getByText(/^Type group \d+/).textContent()) ?? '';
    const asked = Number(/\d+/.exec(label)?.[0]);
    await question.fill(groups[asked - 1] ?? '');
    await page.keyboard.press('Enter');
    return groups.join('-');
  }

  /** From an empty device to the records; returns the recovery code. Waits until all rows and the search are here. */
  async firstRun(person: Person, passphrase: string, server?: string): Promise<string> {
    await this.signIn(person, server);
    const code = await this.choosePassphrase(passphrase);
    await expect(this.heading('Everything is here')).toBeVisible({ timeout: 180_000 });
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    return code;
  }

  async unlock(passphrase: string): Promise<void> {
    await expect(this.heading(/^Good/)).toBeVisible();
    await this.passphrase.fill(passphrase);
    await this.page.keyboard.press('Enter');
  }

  /** Unlocks and waits for the records. */
  async open(passphrase: string): Promise<void> {
    await this.unlock(passphrase);
    await expect(this.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  }
}
