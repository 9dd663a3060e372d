/**
 * The named steps of everything that changes a file, in the order in which they happen. A test may watch them, and end
 * the process at one: nothing but code that calls watchSteps() turns that on.
 */
export const STEPS = [
  'create-drafted',
  'create-head',
  'create-renamed',
  'open-checked',
  'open-head',
  'commit-begun',
  'commit-row',
  'commit-words',
  'commit-history',
  'commit-outbox',
  'commit-memberships',
  'commit-counted',
  'commit-done',
  'commit-head',
  'commit-answered',
  'behind-begun',
  'behind-stepped',
  'behind-done',
  'close-begun',
  'close-database',
] as const;

/** Those of an open that brings an older file to the present format; a store takes them once. */
export const MIGRATION_STEPS = [
  'migrate-copied',
  'migrate-begun',
  'migrate-applied',
  'migrate-stepped',
] as const;

export type Step = (typeof STEPS)[number] | (typeof MIGRATION_STEPS)[number];

let watcher: ((step: Step) => void) | undefined;

/** For tests: hears of every step before the next one begins. */
export function watchSteps(watch: (step: Step) => void): void {
  watcher = watch;
}

export function passed(step: Step): void {
  watcher?.(step);
}
