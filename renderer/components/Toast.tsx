import './toast.css';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RoadbookError } from '../../shared/errors.ts';
import { asRoadbookError } from '../bridge.ts';
import { dismissToast, useToasts } from '../state/toasts.ts';
import { Button, IconButton } from './Button.tsx';
import { useLeaves } from './useLeaves.ts';

/** What was just done, and the way back; or what did not happen. Stays while the pointer or the focus is on it. */
export function UndoToast() {
  const toast = useToasts((state) => state.toast);
  const [error, setError] = useState<RoadbookError | null>(null);
  const id = toast?.id;
  const undo = toast?.undo ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new toast starts afresh
  useEffect(() => setError(null), [id]);
  // What did not happen stays until it was read.
  const hold = useLeaves(undo === null ? null : `${id}`, () => dismissToast(id));
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toast !== null && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a sentence and its button
        <div
          role="group"
          aria-label={undo === null ? 'Not done' : 'Last change'}
          className={undo === null ? 'float toast trouble' : 'float toast'}
          {...hold}
        >
          {undo === null ? (
            <span role="alert">{toast.text}</span>
          ) : (
            <span className="tr">{error === null ? toast.text : error.message}</span>
          )}
          {undo !== null && error === null && (
            <Button
              variant="ghost"
              className="acc"
              onClick={() => {
                undo().then(
                  () => dismissToast(toast.id),
                  (thrown: unknown) => setError(asRoadbookError(thrown)),
                );
              }}
            >
              Undo
            </Button>
          )}
          <IconButton
            icon={X}
            label="Dismiss"
            size="s"
            iconSize={14}
            onClick={() => dismissToast(toast.id)}
          />
        </div>
      )}
    </div>
  );
}
