import { Button } from '../components/Button.tsx';
import { instant, time, today } from '../format.ts';

interface RestoredProps {
  /** When it had been typed, ms since 1970; null = nothing was restored. */
  readonly at: number | null;
  readonly onDiscard: () => void;
}

/** Says that a form is not empty because of what was typed before Roadbook closed. */
export function Restored({ at, onDiscard }: RestoredProps) {
  if (at === null) return null;
  const iso = new Date(at).toISOString();
  const when = today(new Date(at)) === today() ? time(iso) : instant(iso);
  return (
    <div className="restored" role="status">
      <span className="tr sp">
        Restored what you typed at <span className="n">{when}</span>
      </span>
      <Button size="s" variant="ghost" onClick={onDiscard}>
        Discard
      </Button>
    </div>
  );
}
