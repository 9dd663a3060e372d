import type { AppState } from '../../../shared/ipc.ts';

/** Screens before the records are open. */
export function EntryScreen({ state }: { readonly state: AppState }) {
  return <main className="main">{state.phase}</main>;
}
