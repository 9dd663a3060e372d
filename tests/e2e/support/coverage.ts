import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { coverageDir, instrumented } from './runtime.ts';

let taken = 0;

/**
 * Keeps the counters of a window. Those of the main process and of its worker are written by the instrumented
 * build itself. Does nothing in a plain build.
 */
export async function keepCoverage(page: Page): Promise<void> {
  if (!instrumented || page.isClosed()) return;
  const counters = await page.evaluate(() => JSON.stringify(Reflect.get(globalThis, '__coverage__') ?? {}));
  taken += 1;
  mkdirSync(coverageDir, { recursive: true });
  writeFileSync(join(coverageDir, `window-${process.pid}-${taken}.json`), counters);
}
