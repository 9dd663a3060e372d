import { call } from '../bridge.ts';
import { useApp } from '../state/app.ts';
import type { Drafts } from './drafts.ts';
import { currentDrafts, lockDrafts, unlockDrafts } from './session.ts';

let following = false;

/** Drafts of this window: opened on first use while the records are open, let go when they lock. */
export async function openDrafts(): Promise<Drafts | null> {
  // Where the platform has no database, forms work without drafts.
  if (!unlocked() || !('indexedDB' in globalThis)) return null;
  follow();
  // What keeps it shut is reported there; the answer below is null then.
  unlockDrafts(async () => (await call('app.draftKey')).key).catch(() => null);
  return await currentDrafts();
}

function follow(): void {
  if (following) return;
  following = true;
  useApp.subscribe(() => {
    if (!unlocked()) void lockDrafts();
  });
}

function unlocked(): boolean {
  return useApp.getState().state?.phase === 'ready';
}
