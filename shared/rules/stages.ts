import type { Stage } from '../model/definition.ts';
import type { Body, Row } from '../model/entity.ts';
import type { Problem } from './problem.ts';

/** The company's default pipeline for a fresh start (probabilities as mature CRMs ship them). */
export const defaultStages: readonly Stage[] = [
  { id: 'prospecting', name: 'Prospecting', order: 0, probability: 10, outcome: 'open' },
  { id: 'qualification', name: 'Qualification', order: 1, probability: 20, outcome: 'open' },
  { id: 'proposal', name: 'Proposal', order: 2, probability: 50, outcome: 'open' },
  { id: 'negotiation', name: 'Negotiation', order: 3, probability: 80, outcome: 'open' },
  { id: 'won', name: 'Won', order: 4, probability: 100, outcome: 'won' },
  { id: 'lost', name: 'Lost', order: 5, probability: 0, outcome: 'lost' },
];

export function stagesOf(pipeline: Pick<Row, 'body'> | undefined): readonly Stage[] {
  const stages = pipeline?.body.stages;
  return Array.isArray(stages) ? [...(stages as Stage[])].sort((a, b) => a.order - b.order) : [];
}

/**
 * What a deal needs to stand in its stage. Checked when stage, amount, close date or lost reason change; imported
 * history that lacks them is flagged, not refused.
 * @param stages of the deal's pipeline; empty when the pipeline is not known here, then nothing can be checked
 */
export function checkStage(deal: Body, stages: readonly Stage[]): Problem[] {
  if (stages.length === 0) return [];
  const stage = stages.find((candidate) => candidate.id === deal.stage);
  if (stage === undefined) {
    return [{ field: 'stage', code: 'stage.unknown', details: { stage: String(deal.stage) } }];
  }
  const problems: Problem[] = [];
  if (stage.outcome === 'won') {
    if (isEmpty(deal.amount)) problems.push({ field: 'amount', code: 'stage.amount_required', details: {} });
    if (isEmpty(deal.closeDate))
      problems.push({ field: 'closeDate', code: 'stage.close_date_required', details: {} });
  }
  if (stage.outcome === 'lost' && isEmpty(deal.lostReason)) {
    problems.push({ field: 'lostReason', code: 'stage.lost_reason_required', details: {} });
  }
  return problems;
}

/** Fields that `checkStage` reads: an edit of any of these is checked, an edit of others is not held up by them. */
export const stageFields: readonly string[] = ['stage', 'pipeline', 'amount', 'closeDate', 'lostReason'];

/** What else changes when a deal enters a stage: its probability. A person may change it afterwards. */
export function onStageChange(stageId: string, stages: readonly Stage[]): Body {
  const stage = stages.find((candidate) => candidate.id === stageId);
  return stage === undefined ? {} : { probability: stage.probability };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
