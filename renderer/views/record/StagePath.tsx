import { Check } from 'lucide-react';
import { useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { AuditEntry, RecordRow } from '../../../shared/ipc.ts';
import { type Body, entityOf, type Stage } from '../../../shared/model/index.ts';
import { validateEdit } from '../../../shared/rules/validate.ts';
import { asRoadbookError } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { navigate } from '../../state/router.ts';
import { StageDialog } from './StageDialog.tsx';
import { checkpoints, daysInStages } from './stage-times.ts';

interface StagePathProps {
  readonly row: RecordRow;
  readonly stages: readonly Stage[];
  readonly history: readonly AuditEntry[];
  readonly mayEdit: boolean;
  readonly waiting: boolean;
  /** Open inbox item about the stage. */
  readonly item: string | undefined;
  readonly onMove: (values: Body) => Promise<void>;
}

/** The road of a deal: pressing a checkpoint moves it there; what that stage needs is asked for first. */
export function StagePath({ row, stages, history, mayEdit, waiting, item, onMove }: StagePathProps) {
  const [asking, setAsking] = useState<Stage | null>(null);
  const [error, setError] = useState<RoadbookError | null>(null);
  const days = daysInStages(row, history, new Date());
  const lostFrom = history.find((entry) => entry.field === 'stage' && entry.to === row.body.stage)?.from;
  const points = checkpoints(stages, row.body.stage, typeof lostFrom === 'string' ? lostFrom : undefined);
  const standing = stages.find((stage) => stage.id === row.body.stage);
  const lost = stages.find((stage) => stage.outcome === 'lost');

  const move = (stage: Stage) => {
    if (stage.id === row.body.stage || !mayEdit) return;
    setError(null);
    const after = { ...row.body, stage: stage.id };
    if (validateEdit(entityOf('deals'), after, ['stage'], { stages }).length > 0) {
      setAsking(stage);
      return;
    }
    onMove({ stage: stage.id }).catch((thrown: unknown) => setError(asRoadbookError(thrown)));
  };

  return (
    <>
      <ol className="path" aria-label="Stage">
        {points.map(({ stage, state }) => (
          <li key={stage.id} className={`ck ${state}`}>
            <button
              type="button"
              disabled={!mayEdit}
              aria-current={state === 'current' ? 'step' : undefined}
              aria-label={`${stage.name}${stateWords[state]}`}
              title={mayEdit && state !== 'current' ? `Move to ${stage.name}` : undefined}
              onClick={() => move(stage)}
            >
              <span className="pt" aria-hidden="true">
                {state === 'done' && <Check size={12} strokeWidth={1.5} absoluteStrokeWidth />}
              </span>
              <span className="ck-name">{stage.name}</span>
            </button>
            {days.has(stage.id) && state !== 'next' && stage.outcome === 'open' && (
              <span className="n f11">{days.get(stage.id)} d</span>
            )}
            {item !== undefined && state === 'current' && (
              <button
                type="button"
                className="field-diamond"
                aria-label="Stage needs you: open it in the inbox"
                title="Needs you: open in the inbox"
                onClick={() => navigate({ name: 'inbox', item })}
              >
                <span className="dia" aria-hidden="true" />
              </button>
            )}
            {waiting && state === 'current' && (
              <span className="dot un" role="img" aria-label="Saved here, not sent" />
            )}
          </li>
        ))}
        {lost !== undefined &&
          (standing?.outcome === 'lost' ? (
            <li className="path-lost">
              <span className="tag">
                <span className="lost-mark" aria-hidden="true" />
                {lost.name}
                {typeof row.body.lostReason === 'string' && `: ${row.body.lostReason}`}
              </span>
            </li>
          ) : (
            <li className="path-lost">
              <Button size="s" disabled={!mayEdit} onClick={() => move(lost)}>
                Mark lost
              </Button>
            </li>
          ))}
      </ol>
      {error !== null && (
        <p className="path-error f12" role="alert">
          {error.message} {error.hint}
        </p>
      )}
      {asking !== null && (
        <StageDialog
          row={row}
          stage={asking}
          stages={stages}
          onClose={() => setAsking(null)}
          onSave={async (values) => {
            await onMove(values);
            setAsking(null);
          }}
        />
      )}
    </>
  );
}

const stateWords = { done: ', passed', current: ', here now', next: '' } as const;
