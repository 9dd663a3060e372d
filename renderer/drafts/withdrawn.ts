import { call, on } from '../bridge.ts';
import type { Drafts } from './drafts.ts';

/** Most records that are asked about at once. */
const AT_ONCE = 1000;

/**
 * Drafts of records that have left this device go as well. The main process keeps in mind that this is to be done until
 * the window says that it is: asked once when drafts open, and whenever records leave.
 */
export async function clearWithdrawn(drafts: Drafts): Promise<void> {
  const records = await drafts.records();
  let first = 0;
  for (let at = 0; at === 0 || at < records.length; at += AT_ONCE) {
    const { number, gone } = await call('drafts.withdrawn', { records: records.slice(at, at + AT_ONCE) });
    if (number === 0) return;
    // What leaves between two questions is due again.
    if (first === 0) first = number;
    if (gone.length > 0) await drafts.forget(gone);
  }
  await call('drafts.cleared', { number: first });
}

/** @returns the way to stop */
export function followWithdrawn(current: () => Promise<Drafts | null>): () => void {
  return on('records.withdrawn', () => {
    current()
      .then((drafts) => (drafts === null ? undefined : clearWithdrawn(drafts)))
      .catch(report);
  });
}

export function report(error: Error): void {
  // It is asked for again with the next start.
  console.warn('Drafts of records that left could not be cleared.', error.name);
}
