import './empty-state.css';
import type { ReactNode } from 'react';
import type { RoadbookError } from '../../shared/errors.ts';
import { Button } from './Button.tsx';

interface EmptyStateProps {
  /** One sentence. */
  readonly children: ReactNode;
  /** One button. */
  readonly action?: ReactNode;
}

/** Nothing here: one sentence and one button, at the inset where the first row would stand. */
export function EmptyState({ children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <p className="m">{children}</p>
      {action}
    </div>
  );
}

interface ErrorStateProps {
  readonly error: RoadbookError;
  readonly onRetry: () => void;
}

/** What could not be shown, why, and what to do. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  return (
    <div className="empty" role="alert">
      <p className="b">{error.message}</p>
      <p className="m">{error.hint}</p>
      <div className="row g12">
        <Button onClick={onRetry}>Try again</Button>
        <span className="n q f11">{error.code}</span>
      </div>
    </div>
  );
}

/** Where text will stand: a bar of 8 px in the final row height. Widths vary so that it reads as lines. */
export function Placeholder({ width }: { readonly width: number | string }) {
  return <span className="bar8" style={{ width }} aria-hidden="true" />;
}
