import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  // The pictures of the README are taken only when they are asked for: ROADBOOK_PICTURES=1.
  testMatch: process.env.ROADBOOK_PICTURES === '1' ? '**/readme.pictures.ts' : '**/*.spec.ts',
  outputDir: 'out/e2e/results',
  globalSetup: './tests/e2e/support/display.ts',
  // Every test starts whole desktops; two at a time would only measure each other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes the second time has found something: it counts as failed.
  retries: 0,
  // Both end what hangs; on a machine that stands still for seconds everything comes, later.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['junit', { outputFile: 'out/e2e/junit.xml' }]],
});
