import type { RecordRow } from '../../../shared/ipc.ts';
import { type Body, entityOf, type Stage } from '../../../shared/model/index.ts';
import { checkStage } from '../../../shared/rules/stages.ts';
import type { StageNeed } from './StageForm.tsx';

export type { Body, Stage };

const { fields } = entityOf('deals');

/** Labels of the fields that stages ask for, as the model has them. */
export const deals: Readonly<Record<StageNeed, string>> = {
  amount: fields.amount?.label ?? 'Amount',
  closeDate: fields.closeDate?.label ?? 'Close date',
  lostReason: fields.lostReason?.label ?? 'Lost reason',
};

/** What a deal still lacks to stand in a stage; the same rule runs again when it is saved. */
export function needsFor(row: RecordRow, stage: Stage, stages: readonly Stage[]): readonly StageNeed[] {
  const problems = checkStage({ ...row.body, stage: stage.id }, stages);
  return problems.map((problem) => problem.field).filter(isNeed);
}

export function isNeed(field: unknown): field is StageNeed {
  return field === 'amount' || field === 'closeDate' || field === 'lostReason';
}
