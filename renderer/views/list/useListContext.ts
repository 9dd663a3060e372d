import { useMemo } from 'react';
import { today } from '../../format.ts';
import { useDirectory } from '../../state/directory.ts';
import type { FilterContext } from './filters.ts';

/** What cells and chips need beside the row: people, stages, today. One object for all rows, so that memos hold. */
export interface CellContext extends FilterContext {
  readonly today: string;
  readonly now: Date;
}

const MINUTE = 60_000;

export function useCellContext(me: string, names: Readonly<Record<string, string>>): CellContext {
  const people = useDirectory((state) => state.people);
  const pipelines = useDirectory((state) => state.pipelines);
  const teams = useDirectory((state) => state.teams);
  const territories = useDirectory((state) => state.territories);
  const minute = Math.floor(Date.now() / MINUTE);
  return useMemo(() => {
    const now = new Date(minute * MINUTE);
    return { me, names, people, pipelines, places: [...teams, ...territories], now, today: today(now) };
  }, [me, names, people, pipelines, teams, territories, minute]);
}
