import type { RecordDetail, RecordRow } from '../../../shared/ipc.ts';

/**
 * A record that the step before already holds: the page of the next one in a list stands at once, and what else is
 * known of it follows. One at a time, and only until it was used.
 */
let seed: RecordDetail | null = null;

export function seedRecord(row: RecordRow, names: Readonly<Record<string, string>>): void {
  seed = { row, names: { ...names }, waitingFields: [], inbox: {} };
}

export function seedOf(collection: string, id: string): RecordDetail | null {
  return seed !== null && seed.row.collection === collection && seed.row.id === id ? seed : null;
}

export function forgetSeed(): void {
  seed = null;
}
