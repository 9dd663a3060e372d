import { useCallback, useMemo } from 'react';
import type { Body, Stage } from '../../../shared/model/index.ts';
import { findStage, useDirectory } from '../../state/directory.ts';

/** What the company defined, as forms and record pages need it. */
export function useCompany() {
  const pipelines = useDirectory((state) => state.pipelines);
  const lostReasons = useDirectory((state) => state.lostReasons);
  const currency = useDirectory((state) => state.currency);

  const stagesOfDeal = useCallback(
    (deal: Body): readonly Stage[] => {
      const own = pipelines.find((pipeline) => pipeline.id === deal.pipeline);
      if (own !== undefined) return own.stages;
      return typeof deal.stage === 'string' ? (findStage(pipelines, deal.stage)?.stages ?? []) : [];
    },
    [pipelines],
  );

  /** Words of the choices that are not in the model; undefined where the field has none. */
  const choicesOf = useCallback(
    (field: string, deal: Body): Readonly<Record<string, string>> | undefined => {
      if (field === 'stage')
        return Object.fromEntries(stagesOfDeal(deal).map((stage) => [stage.id, stage.name]));
      if (field !== 'lostReason' || lostReasons.length === 0) return undefined;
      return Object.fromEntries(lostReasons.map((reason) => [reason, reason]));
    },
    [stagesOfDeal, lostReasons],
  );

  return useMemo(
    () => ({ pipelines, currency, stagesOfDeal, choicesOf }),
    [pipelines, currency, stagesOfDeal, choicesOf],
  );
}

/** Stages of all pipelines, for logs that tell of deals of any of them. */
export function useCompanyStages(): readonly Stage[] {
  const pipelines = useDirectory((state) => state.pipelines);
  return useMemo(() => pipelines.flatMap((pipeline) => pipeline.stages), [pipelines]);
}
