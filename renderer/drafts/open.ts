import { call } from '../bridge.ts';
import { useApp } from '../state/app.ts';
import type { Drafts } from './drafts.ts';
import { currentDrafts, lockDrafts, unlockDrafts } from './session.ts';
import { clearWithdrawn, followWithdrawn, report } from './withdrawn.ts';

let following = false;
/** Those that were looked through since they were opened, and the look itself. */
let cleared: { readonly drafts: Drafts; readonly done: Promise<void> } | null = null;

/** Drafts of this window: opened on first use while the records are open, let go when they lock. */
export async function openDrafts(): Promise<Drafts | null> {
  // Where the platform has no database, forms work without drafts.
  if (!unlocked() || !('indexedDB' in globalThis)) return null;
  follow();
  // What keeps it shut is reported there; the answer below is null then.
  unlockDrafts(async () => (await call('app.draftKey')).key).catch(() => null);
  const drafts = await currentDrafts();
  if (drafts === null) return null;
  if (drafts !== cleared?.drafts) cleared = { drafts, done: clearWithdrawn(drafts).catch(report) };
  await cleared.done;
  return drafts;
}

function follow(): void {
  if (following) return;
  following = true;
  followWithdrawn(currentDrafts);
  useApp.subscribe(() => {
    if (!unlocked()) void lockDrafts();
  });
}

function unlocked(): boolean {
  return useApp.getState().state?.phase === 'ready';
}
