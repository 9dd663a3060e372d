import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/**
 * How long a test of each project may take, milliseconds. They are there to end a test that hangs: several times what the
 * slowest one takes on a small machine that others use as well.
 */
const project = (name: string, timeout: number, globalSetup: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    globalSetup,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    testTimeout: timeout,
    hookTimeout: timeout,
  },
});

/** Suites of the server that must hold on PostgreSQL as they do on a file: the same tests, run on both. */
const onBoth = [
  ...['push', 'push-merge', 'push-rules', 'pull', 'tenants', 'live', 'scopes', 'scopes-walk', 'auth'],
  ...['retention', 'admin', 'access', 'import', 'devices', 'orders', 'order-proof'],
  ...['quarantine', 'scopes-admin', 'projections'],
];

const postgres = {
  extends: true as const,
  test: {
    ...project('postgres', 300_000, ['tests/postgres/support/setup.ts']).test,
    include: ['tests/postgres/**/*.test.ts', ...onBoth.map((name) => `tests/api/${name}.test.ts`)],
  },
};
/** Only when asked for: whoever runs one file by its name wants it once. */
const onPostgres = process.env.ROADBOOK_TEST_DATABASE === 'postgres';

const storeThread = 'tests/factories/bundle-store-thread.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  test: {
    // Forks, not threads: native modules and process-wide state (argon2, SQLite) belong to one file at a time.
    pool: 'forks',
    // One less than there are processors would be one on a small machine, which then idles while a test waits.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A file that wants a DOM says so itself: // @vitest-environment happy-dom
    environment: 'node',
    restoreMocks: true,
    passWithNoTests: true,
    projects: onPostgres
      ? [postgres]
      : [
          project('unit', 120_000, [storeThread]),
          project('api', 180_000),
          project('sync', 300_000, [storeThread]),
          project('security', 300_000),
        ],
    coverage: {
      provider: 'istanbul',
      // Naming the files makes those that no test loads count as uncovered; once per test command is enough.
      ...(process.env.ROADBOOK_COVER_ALL === '1'
        ? { include: ['shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}', 'sync-server/**/*.ts'] }
        : {}),
      exclude: ['**/*.d.ts'],
      reporter: ['json'],
      // A failing test must not hide what the others covered.
      reportOnFailure: true,
      clean: true,
    },
  },
});
