import { type Body, type Entity, type Row, withField } from '../../shared/model/index.ts';
import { onStageChange } from '../../shared/rules/stages.ts';
import { sameValue } from '../../shared/sync/canonical.ts';
import type { StoreApi } from '../store/contract.ts';
import { firstPipeline } from './pipelines.ts';
import { stagesFor } from './rules.ts';

// What Roadbook fills in on deals by itself; other objects pass through unchanged.

/** Values of a new record with what is not given: the first pipeline, its first stage, and what follows from it. */
export async function withDefaults(store: StoreApi, entity: Entity, values: Body): Promise<Body> {
  if (entity.name !== 'deals') return values;
  const pipeline = values.pipeline ?? (await firstPipeline(store))?.id ?? null;
  const stages = await stagesFor(store, entity, { pipeline });
  const stage = values.stage ?? stages[0]?.id ?? null;
  const derived = typeof stage === 'string' ? onStageChange(stage, stages) : {};
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return { ...derived, pipeline, stage, ...given };
}

/** What else changes with these values: a deal that enters a stage takes its probability. */
export async function withDerived(store: StoreApi, entity: Entity, row: Row, values: Body): Promise<Body> {
  if (entity.name !== 'deals' || typeof values.stage !== 'string' || 'probability' in values) return values;
  if (sameValue(values.stage, row.body.stage)) return values;
  const stages = await stagesFor(store, entity, { ...row.body, ...values });
  return { ...onStageChange(values.stage, stages), ...values };
}

/** The server computes it again; until then the device shows what it will be. */
export function stageEntered(entity: Entity, row: Row, at: string): Row {
  return entity.name === 'deals' ? withField(row, 'stageEnteredAt', at) : row;
}
