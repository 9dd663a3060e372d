import { useCallback, useMemo, useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { showTrouble } from '../../state/toasts.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import { extend, noSelection, rangeOf, type Selection, toggle } from './selection.ts';

const PAGE = 500;
/** A selection is a list of acts to come; a longer one belongs to an import. */
export const MAX_SELECTED = 5000;

export interface ListSelection {
  readonly ids: ReadonlySet<string>;
  readonly rows: readonly RecordRow[];
  readonly toggle: (index: number) => void;
  /** Everything between the last toggled row and that one. */
  readonly extendTo: (index: number) => void;
  readonly clear: () => void;
}

/** Selected records of a list, kept by id so that sorting and changes elsewhere leave them selected. */
export function useSelection(source: ViewSource | null, enabled: boolean): ListSelection {
  const [selection, setSelection] = useState<Selection>(noSelection);
  // Rows that were selected, as they last were: they may have left the view since.
  const [kept] = useState(() => new Map<string, RecordRow>());
  const clear = useCallback(() => {
    kept.clear();
    setSelection(noSelection);
  }, [kept]);
  const toggleAt = useCallback(
    (index: number) => {
      const row = enabled ? source?.at(index) : undefined;
      if (row === undefined) return;
      kept.set(row.id, row);
      setSelection((old) => toggle(old, row.id, index));
    },
    [source, enabled, kept],
  );
  const extendTo = useCallback(
    (index: number) => {
      if (!enabled || source === null || source.viewId === null) return;
      const { viewId } = source;
      const [from, to] = rangeOf(selection, index);
      const rows = rowsHere(source, from, to);
      const take = (all: readonly RecordRow[]) => {
        for (const row of all) kept.set(row.id, row);
        setSelection((old) =>
          extend(
            old,
            all.map((row) => row.id),
            index,
          ),
        );
      };
      if (rows !== null) take(rows);
      // Rows that are not here yet are fetched; if that fails the selection stays as it was, and the person hears of it.
      else {
        fetchRows(viewId, from, Math.min(to, from + MAX_SELECTED - 1)).then(take, (thrown: unknown) =>
          showTrouble('Nothing more was selected.', asRoadbookError(thrown)),
        );
      }
    },
    [source, enabled, selection, kept],
  );
  const stamp = source?.getStamp();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp grows when the rows of the source change
  const rows = useMemo(() => {
    if (selection.ids.size === 0) return [];
    const current = new Map(kept);
    for (const row of source?.known() ?? []) if (selection.ids.has(row.id)) current.set(row.id, row);
    return [...selection.ids].flatMap((id) => current.get(id) ?? []);
  }, [selection, source, kept, stamp]);
  return { ids: selection.ids, rows, toggle: toggleAt, extendTo, clear };
}

function rowsHere(source: ViewSource, from: number, to: number): RecordRow[] | null {
  const rows: RecordRow[] = [];
  for (let index = from; index <= to; index += 1) {
    const row = source.at(index);
    if (row === undefined) return null;
    rows.push(row);
  }
  return rows;
}

async function fetchRows(viewId: string, from: number, to: number): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  for (let at = from; at <= to; at += PAGE) {
    const page = await call('view.rows', { viewId, from: at, count: Math.min(PAGE, to - at + 1) });
    rows.push(...page.rows);
  }
  return rows;
}
