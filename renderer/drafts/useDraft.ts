import { useCallback, useEffect, useRef, useState } from 'react';
import { openDrafts } from './open.ts';

interface DraftHandle {
  /** Keeps this input; call it on every change. */
  note(payload: unknown): void;
  /** Saved or cancelled: the draft goes. */
  drop(): void;
  /** When what was restored had been typed, in ms since 1970; null when nothing was restored. */
  readonly restoredAt: number | null;
  /** The person has seen the notice. */
  dismiss(): void;
}

/**
 * Ties a form to its draft: what was left unfinished comes back once, when the form opens.
 * @param identity names the form; null = no draft is kept
 * @param restore is given what had been typed
 */
export function useDraft(identity: string | null, restore: (payload: unknown) => void): DraftHandle {
  const [restoredAt, setRestoredAt] = useState<number | null>(null);
  const restoring = useRef(restore);
  restoring.current = restore;
  const touched = useRef(false);

  useEffect(() => {
    touched.current = false;
    setRestoredAt(null);
    if (identity === null) return;
    let left = false;
    const look = async () => {
      const draft = await (await openDrafts())?.load(identity);
      // Whoever began to type before the draft was read means what they type now.
      if (draft === null || draft === undefined || left || touched.current) return;
      restoring.current(draft.payload);
      setRestoredAt(draft.at);
    };
    look().catch((error: Error) => console.warn('A draft could not be looked for.', error.name));
    return () => {
      left = true;
    };
  }, [identity]);

  const note = useCallback(
    (payload: unknown) => {
      touched.current = true;
      if (identity === null) return;
      void openDrafts().then((drafts) => drafts?.note(identity, payload));
    },
    [identity],
  );

  const drop = useCallback(() => {
    touched.current = true;
    setRestoredAt(null);
    if (identity === null) return;
    void openDrafts().then((drafts) => drafts?.drop(identity));
  }, [identity]);

  const dismiss = useCallback(() => setRestoredAt(null), []);
  return { note, drop, restoredAt, dismiss };
}
