import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { BUNDLE } from './store-thread.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Bundles the store's thread once for a test run, as the app carries it: a thread then starts from one file, instead
 * of compiling forty sources each time. The folder is the run's own and goes with it.
 */
export default async function setup(): Promise<() => void> {
  const out = path('../../out');
  mkdirSync(out, { recursive: true });
  const outDir = mkdtempSync(join(out, 'store-thread-'));
  await build({
    configFile: false,
    root: path('../..'),
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['better-sqlite3-multiple-ciphers'] },
    build: {
      ssr: path('../../electron/store/worker.ts'),
      outDir,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'worker.js' } },
    },
  });
  process.env[BUNDLE] = join(outDir, 'worker.js');
  return () => {
    delete process.env[BUNDLE];
    rmSync(outDir, { recursive: true, force: true });
  };
}
