import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** An instrumented build lies beside the plain one, so that a coverage run never replaces what people start. */
export const instrumented = process.env.ROADBOOK_COVERAGE === '1';
export const appDir = join(root, 'out', instrumented ? 'app-cov' : 'app');
export const coverageDir = join(root, 'out', 'coverage', 'e2e');

/** The Node that the sync server runs on. */
export const node24 = join(root, 'node_modules', 'node', 'bin', 'node');

export interface Runtime {
  readonly executable: string;
  readonly electronVersion: string;
  /** SQLite module that this Electron can load; null where the installed one fits. */
  readonly nativeBinding: string | null;
}

/** The Electron that set-up found for this checkout. Throws a line that says what to do when there is none. */
export function runtime(): Runtime {
  const file = join(root, 'node_modules', '.cache', 'roadbook', 'runtime.json');
  if (!existsSync(file)) throw new Error('No Electron is set up in this checkout. Run: npm run setup');
  return JSON.parse(readFileSync(file, 'utf8')) as Runtime;
}
