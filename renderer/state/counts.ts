import { create } from 'zustand';
import { call, on } from '../bridge.ts';

interface CountStore {
  readonly counts: Readonly<Record<string, number>>;
}

/** Records on this device per collection. */
export const useCounts = create<CountStore>()(() => ({ counts: {} }));

export function watchCounts(): () => void {
  const set = ({ counts }: { counts: Record<string, number> }) => useCounts.setState({ counts });
  const stop = on('counts.changed', set);
  // Counts are an ornament of the navigation: without an answer it stands without numbers until the next event.
  call('counts.get').then(set, () => useCounts.setState({ counts: {} }));
  return stop;
}
