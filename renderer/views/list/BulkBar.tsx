import './bulk-bar.css';
import { Signpost, Trash2, User } from 'lucide-react';
import { useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import type { Body, Entity, Stage } from '../../../shared/model/index.ts';
import { Button } from '../../components/Button.tsx';
import { StageGlyph } from '../../components/Marks.tsx';
import { OptionList } from '../../components/OptionList.tsx';
import { Popover } from '../../components/Popover.tsx';
import { count, counted, money } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { useShortcuts } from '../../keys.ts';
import { deleteMany, type ManyResult, restoreMany, undoUpdates, updateMany } from '../../state/acts.ts';
import { offerUndo } from '../../state/toasts.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import { needsFor } from '../board/deal-shape.ts';
import { StageForm, type StageNeed } from '../board/StageForm.tsx';
import type { CellContext } from './useListContext.ts';
import { peopleOptions } from './value-options.tsx';

interface BulkBarProps {
  readonly entity: Entity;
  readonly rows: readonly RecordRow[];
  readonly source: ViewSource;
  readonly context: CellContext;
  readonly mayDelete: boolean;
  readonly onClear: () => void;
}

interface Asked {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly needs: readonly StageNeed[];
}

/** Acts on everything selected. What a rule refuses stays selected, with the reason beside it. */
export function BulkBar({ entity, rows, source, context, mayDelete, onClear }: BulkBarProps) {
  const [open, setOpen] = useState<'stage' | 'owner' | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const hasStage = entity.name === 'deals';
  const what = (many: number) => counted(many, entity.singular, entity.labelPlural.toLowerCase());

  const report = ({ done, refused }: ManyResult, words: string, undo: () => Promise<void>) => {
    if (done.length > 0) offerUndo(`${what(done.length)} ${words}`, undo);
    const [first] = refused;
    setProblem(first === undefined ? null : `${count(refused.length)} not changed: ${first.error.message}`);
    if (refused.length === 0) onClear();
  };
  const change = async (values: Body, words: string, stages: readonly Stage[] = []) => {
    setProblem(null);
    const result = await updateMany(rows, values, source, stages);
    const fields = 'stage' in values ? [...Object.keys(values), 'probability'] : Object.keys(values);
    report(result, words, () => undoUpdates(result.done, fields));
  };
  const moveTo = (stageId: string) => {
    setOpen(null);
    const { stages = [] } = stagesOf(rows[0], context) ?? {};
    const stage = stages.find((candidate) => candidate.id === stageId);
    if (stage === undefined) return;
    const needs = [...new Set(rows.flatMap((row) => needsFor(row, stage, stages)))];
    if (needs.length > 0) setAsked({ stage, stages, needs });
    else void change({ stage: stage.id }, `moved to ${stage.name}`, stages);
  };
  const remove = async () => {
    const result = await deleteMany(rows);
    report(result, 'deleted', () => restoreMany(result.done));
  };

  useShortcuts({
    s: hasStage ? () => setOpen('stage') : undefined,
    a: () => setOpen('owner'),
    delete: mayDelete ? () => void remove() : undefined,
    escape: onClear,
  });

  const stages = hasStage ? (stagesOf(rows[0], context)?.stages ?? []) : [];
  return (
    <div className="float bulk" role="toolbar" aria-label="Selected records">
      <span className="b" role="status">
        {count(rows.length)} selected
      </span>
      <BulkSum rows={rows} />
      <span className="vr" />
      {hasStage && (
        <Popover
          open={open === 'stage'}
          onOpenChange={(on) => setOpen(on ? 'stage' : null)}
          label="Change stage"
          side="top"
          trigger={
            <Button variant="ghost" icon={Signpost} kbd="S">
              Stage
            </Button>
          }
        >
          <OptionList
            label="Stage"
            placeholder="Move to"
            options={stages.map((stage) => ({
              value: stage.id,
              label: stage.name,
              mark: <StageGlyph stage={stage} stages={stages} />,
            }))}
            onPick={moveTo}
          />
        </Popover>
      )}
      <Popover
        open={open === 'owner'}
        onOpenChange={(on) => setOpen(on ? 'owner' : null)}
        label="Change owner"
        side="top"
        trigger={
          <Button variant="ghost" icon={User} kbd="A">
            Owner
          </Button>
        }
      >
        <OptionList
          label="Owner"
          placeholder="Assign to"
          options={peopleOptions(context)}
          onPick={(owner) => {
            setOpen(null);
            const name = context.people.find((person) => person.id === owner)?.name ?? 'someone';
            void change({ owner }, `assigned to ${name}`);
          }}
        />
      </Popover>
      {mayDelete && (
        <Button variant="ghost" icon={Trash2} kbd="Del" onClick={() => void remove()}>
          Delete
        </Button>
      )}
      <span className="vr" />
      {problem !== null && (
        <span className="sig f12 tr bulk-problem" role="alert">
          {problem}
        </span>
      )}
      <Button variant="ghost" kbd="Esc" onClick={onClear}>
        Clear
      </Button>
      {asked !== null && (
        <StageForm
          {...asked}
          subject={rows.length === 1 ? (rows[0]?.name ?? '') : what(rows.length)}
          onCancel={() => setAsked(null)}
          onSubmit={async (values) => {
            const { stage, stages: all } = asked;
            await change({ ...values, stage: stage.id }, `moved to ${stage.name}`, all);
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}

function stagesOf(row: RecordRow | undefined, { pipelines }: CellContext) {
  return pipelines.find((pipeline) => pipeline.id === row?.body.pipeline) ?? pipelines[0];
}

/** Sum of the amounts, where all are in one currency. */
function BulkSum({ rows }: { readonly rows: readonly RecordRow[] }) {
  const amounts = rows.map((row) => row.body.amount).filter(isMoney);
  const [first] = amounts;
  if (first === undefined || amounts.some((amount) => amount.currency !== first.currency)) return null;
  const minor = amounts.reduce((sum, amount) => sum + amount.minor, 0);
  return <span className="n m bulk-sum">{money({ minor, currency: first.currency }, 'whole')}</span>;
}
