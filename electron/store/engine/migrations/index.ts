import { parts } from './2-parts.ts';
import type { Migration } from './migration.ts';

/** Every step, in order; the first format had none. */
export const migrations: readonly Migration[] = [parts];

/** The format that steps lead to. */
export function formatAfter(steps: readonly Migration[]): number {
  return steps.at(-1)?.format ?? 1;
}
