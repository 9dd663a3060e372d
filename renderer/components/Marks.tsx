import './marks.css';
import type { SyncMark as Mark } from '../../shared/ipc.ts';
import type { Stage } from '../../shared/model/index.ts';

const words: Record<Exclude<Mark, 'in-step'>, string> = {
  waiting: 'Saved here, not sent',
  'needs-you': 'Needs you',
};

/** How a record stands towards the server: ring = saved here, diamond = needs you, nothing = in step. */
export function SyncMark({ mark }: { readonly mark: Mark }) {
  if (mark === 'in-step') return null;
  return (
    <span
      className={mark === 'waiting' ? 'dot un' : 'dia'}
      role="img"
      aria-label={words[mark]}
      title={words[mark]}
    />
  );
}

const BARS = 4;

/** Bars that are filled when a deal stands in that stage: 1 to 4 for open stages, whatever their number is. */
export function stageLevel(stage: Stage, stages: readonly Stage[]): number {
  const open = stages.filter((candidate) => candidate.outcome === 'open');
  const index = open.findIndex((candidate) => candidate.id === stage.id);
  return index < 0 ? 0 : Math.ceil(((index + 1) / open.length) * BARS);
}

interface StageMarkProps {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
}

/** The picture of a stage without its word: only where the word stands beside it. */
export function StageGlyph({ stage, stages }: StageMarkProps) {
  if (stage.outcome === 'won') {
    return (
      <svg width="22" height="10" aria-hidden="true">
        <rect width="22" height="10" rx="1" className="stage-won" />
        <path d="m8 5 2 2 4-4" className="stage-check" />
      </svg>
    );
  }
  if (stage.outcome === 'lost') {
    return (
      <svg width="22" height="10" aria-hidden="true">
        <rect x=".5" y=".5" width="21" height="9" rx="1" className="stage-lost" />
        <path d="M1 9.5 21 .5" className="stage-lost" />
      </svg>
    );
  }
  const level = stageLevel(stage, stages);
  return (
    <svg width="22" height="10" aria-hidden="true">
      {[0, 1, 2, 3].map((bar) => (
        <rect
          key={bar}
          x={bar * 6}
          width="4"
          height="10"
          rx="1"
          className={bar < level ? 'stage-full' : 'stage-empty'}
        />
      ))}
    </svg>
  );
}

/** A stage: its picture and always its word. */
export function StageMark({ stage, stages }: StageMarkProps) {
  return (
    <span className="stg">
      <StageGlyph stage={stage} stages={stages} />
      <span className="tr">{stage.name}</span>
    </span>
  );
}
