import { type KeyboardEvent, type RefObject, useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import { columnModel, type Move } from './column-model.ts';
import type { BoardDrag } from './useBoardDrag.ts';
import type { StageColumn } from './useColumns.ts';

interface CursorOptions {
  readonly columns: readonly StageColumn[];
  readonly moves: readonly Move[];
  readonly board: RefObject<HTMLElement | null>;
  readonly drag: BoardDrag;
  readonly onOpen: (row: RecordRow, stage: string) => void;
}

interface Cursor {
  readonly stage: string | null;
  readonly index: number;
  readonly set: (stage: string, index: number) => void;
  readonly key: (event: KeyboardEvent<HTMLElement>, stage: string) => void;
}

/** The keys of the board: arrows between cards, Space to pick up and put down, Enter to open. */
export function useBoardCursor({ columns, moves, board, drag, onOpen }: CursorOptions): Cursor {
  const [at, setAt] = useState<{ stage: string | null; index: number }>({ stage: null, index: -1 });

  const modelOf = (stage: string) => {
    const source = columns.find((column) => column.stage.id === stage)?.source;
    return source === null || source === undefined ? null : columnModel(source, stage, moves);
  };
  const neighbour = (stage: string, by: number) =>
    columns[columns.findIndex((column) => column.stage.id === stage) + by]?.stage.id;
  const focus = (stage: string, index: number) => {
    const last = (modelOf(stage)?.count ?? 0) - 1;
    setAt({ stage, index: Math.max(0, Math.min(index, last)) });
    board.current
      ?.querySelector<HTMLElement>(`[data-stage="${CSS.escape(stage)}"] [role="listbox"]`)
      ?.focus({ preventScroll: false });
  };

  const carrying = (event: KeyboardEvent<HTMLElement>): boolean => {
    const { lift } = drag;
    if (lift === null || lift.by !== 'keys') return false;
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by !== 0) {
      const next = neighbour(lift.over, by);
      if (next !== undefined) {
        drag.carry(next);
        board.current
          ?.querySelector(`[data-stage="${CSS.escape(next)}"]`)
          ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    } else if (event.key === ' ' || event.key === 'Enter') drag.putDown();
    else if (event.key === 'Escape') drag.putBack();
    return true;
  };

  const key = (event: KeyboardEvent<HTMLElement>, stage: string) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (carrying(event)) {
      event.preventDefault();
      return;
    }
    const model = modelOf(stage);
    const row = model?.at(at.index);
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        focus(stage, at.index + 1);
        break;
      case 'ArrowUp':
      case 'k':
        focus(stage, at.index - 1);
        break;
      case 'ArrowLeft':
      case 'ArrowRight': {
        const next = neighbour(stage, event.key === 'ArrowLeft' ? -1 : 1);
        if (next !== undefined) focus(next, at.index);
        break;
      }
      case 'Home':
        focus(stage, 0);
        break;
      case 'End':
        focus(stage, Number.MAX_SAFE_INTEGER);
        break;
      case ' ':
        if (row !== undefined) drag.pickUp(row, stage);
        break;
      case 'Enter':
        if (row !== undefined) onOpen(row, stage);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  return { ...at, set: (stage, index) => setAt({ stage, index }), key };
}
