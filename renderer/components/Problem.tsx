import './problem.css';
import type { RoadbookError } from '../../shared/errors.ts';

/** What went wrong with what was just asked for, and what to do about it. */
export function Problem({ error }: { readonly error: RoadbookError | null }) {
  if (error === null) return null;
  return (
    <div className="problem" role="alert">
      <div className="b">{error.message}</div>
      <div className="m f12">{error.hint}</div>
    </div>
  );
}
