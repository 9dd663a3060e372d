import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { setTheme } from './look.ts';

/** Rules whose answer hangs on colours; a theme changes nothing else. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds on the screen as it stands, one line each: impact, rule, and the elements.
 * @param rules all of axe's own by default
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The window's policy lets no page load a script; the inspector may.
  if (!(await page.evaluate(() => Reflect.has(window, 'axe')))) await page.evaluate(axe.source);
  return page.evaluate(async (wanted) => {
    const runner = Reflect.get(window, 'axe') as typeof axe;
    // Preloading fetches style sheets, which the window may not.
    const { violations } = await runner.run(document, {
      preload: false,
      resultTypes: ['violations'],
      ...(wanted === undefined ? {} : { runOnly: [...wanted] }),
    });
    return violations.map(({ impact, id, help, nodes }) => {
      const places = nodes.slice(0, 4).map((node) => node.target.join(' '));
      return `${impact} ${id}: ${help} (${nodes.length}×: ${places.join(', ')})`;
    });
  }, rules);
}

/** Holds a screen to finding nothing with axe, in both themes. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
    const findings = await axeFindings(page, theme === 'light' ? undefined : OF_COLOURS);
    expect.soft(findings, `${screen}, ${theme}`).toEqual([]);
  }
  await setTheme(page, 'light');
}
