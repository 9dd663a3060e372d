import { useEffect, useMemo, useState } from 'react';
import type { Filter, Sort, ViewRequest } from '../../../shared/ipc.ts';
import type { Stage } from '../../../shared/model/index.ts';
import type { Pipeline } from '../../state/directory.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import { acquireView, releaseView } from '../../state/viewCache.ts';

export interface StageColumn {
  readonly stage: Stage;
  readonly source: ViewSource | null;
}

interface ColumnsState {
  readonly key: string;
  readonly sources: ReadonlyMap<string, ViewSource>;
}

/** One view per stage. The views of older filters stay on the screen until the new ones are open. */
export function useColumns(
  pipeline: Pipeline | undefined,
  filters: readonly Filter[],
  sort: readonly Sort[],
): { columns: readonly StageColumn[]; stamp: number } {
  const key =
    pipeline === undefined
      ? ''
      : JSON.stringify([pipeline.id, pipeline.stages.map((stage) => stage.id), filters, sort]);
  const [state, setState] = useState<ColumnsState>({ key: '', sources: new Map() });
  const [stamp, setStamp] = useState(0);
  useEffect(() => {
    if (key === '') return;
    const [pipelineId, stageIds, own, order] = JSON.parse(key) as [string, string[], Filter[], Sort[]];
    const sources = new Map(
      stageIds.map(
        (stage) => [stage, acquireView(columnRequest(pipelineId, stage, own, order), true)] as const,
      ),
    );
    let shown = false;
    const show = () => {
      if (!shown && [...sources.values()].every((source) => source.state !== 'opening')) {
        shown = true;
        setState({ key, sources });
      }
      setStamp((old) => old + 1);
    };
    setState((old) => (old.key === '' ? { key, sources } : old));
    const stops = [...sources.values()].map((source) => source.subscribe(show));
    show();
    return () => {
      for (const stop of stops) stop();
      for (const source of sources.values()) releaseView(source);
    };
  }, [key]);
  const stages = pipeline?.stages;
  const columns = useMemo(
    () => (stages ?? []).map((stage) => ({ stage, source: state.sources.get(stage.id) ?? null })),
    [stages, state],
  );
  return { columns, stamp };
}

function columnRequest(
  pipeline: string,
  stage: string,
  filters: readonly Filter[],
  sort: readonly Sort[],
): ViewRequest {
  return {
    collection: 'deals',
    filters: [
      ...filters,
      { field: 'pipeline', op: 'is', value: pipeline },
      { field: 'stage', op: 'is', value: stage },
    ],
    sort: [...sort],
  };
}
