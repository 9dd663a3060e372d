import { useCallback, useEffect, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import type { Body, Stage } from '../../../shared/model/index.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { undoUpdates, withValues } from '../../state/acts.ts';
import { offerUndo } from '../../state/toasts.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import type { Move } from './column-model.ts';

export interface MoveRequest {
  readonly row: RecordRow;
  readonly from: string;
  readonly to: Stage;
  readonly index: number;
  /** What the stage needs besides. */
  readonly values: Body;
}

interface Moves {
  readonly moves: readonly Move[];
  readonly error: { readonly row: RecordRow; readonly error: RoadbookError } | null;
  /** Shows the card in its new column at once. @throws RoadbookError when a rule refuses; the card is back by then */
  readonly move: (request: MoveRequest) => Promise<void>;
  readonly fail: (row: RecordRow, error: RoadbookError) => void;
}

/**
 * Moves that the board shows early. Each stands until both columns have heard of it and have drawn it, or until it is
 * refused: then the card is back where it was.
 */
export function useMoves(
  sourceOf: (stage: string) => ViewSource | null,
  stages: readonly Stage[],
  stamp: number,
): Moves {
  const [moves, setMoves] = useState<readonly Move[]>([]);
  const [error, setError] = useState<Moves['error']>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp grows when a column has changed
  useEffect(() => {
    setMoves((old) => {
      const left = old.filter((move) => !isSettled(move, sourceOf(move.from), sourceOf(move.to)));
      return left.length === old.length ? old : left;
    });
  }, [stamp, sourceOf]);

  const move = useCallback(
    async ({ row, from, to, index, values }: MoveRequest) => {
      const change = { ...values, stage: to.id };
      const shown: Move = {
        row: withValues(row, change, stages),
        from,
        to: to.id,
        index,
        fromVersion: sourceOf(from)?.version ?? 0,
        toVersion: sourceOf(to.id)?.version ?? 0,
        saved: false,
      };
      setError(null);
      setMoves((old) => [...old.filter((other) => other.row.id !== row.id), shown]);
      try {
        const saved = await call('record.update', { collection: 'deals', id: row.id, values: change });
        setMoves((old) =>
          old.map((other) => (other === shown ? { ...shown, row: saved, saved: true } : other)),
        );
        const fields = [...Object.keys(change), 'probability'];
        offerUndo(`${row.name} moved to ${to.name}`, () => undoUpdates([row], fields));
      } catch (thrown) {
        setMoves((old) => old.filter((other) => other !== shown));
        throw asRoadbookError(thrown);
      }
    },
    [sourceOf, stages],
  );
  const fail = useCallback((row: RecordRow, refused: RoadbookError) => setError({ row, error: refused }), []);
  return { moves, error, move, fail };
}

function isSettled(move: Move, from: ViewSource | null, to: ViewSource | null): boolean {
  if (!move.saved || from === null || to === null) return move.saved;
  return from.version > move.fromVersion && to.version > move.toVersion && from.caughtUp && to.caughtUp;
}
