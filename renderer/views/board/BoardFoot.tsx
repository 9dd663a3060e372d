import type { RoadbookError } from '../../../shared/errors.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import { KeyHint } from '../../components/Kbd.tsx';
import { count, money } from '../../format.ts';
import { StatusLine } from '../shell/Page.tsx';
import type { StageColumn } from './useColumns.ts';

interface BoardFootProps {
  readonly columns: readonly StageColumn[];
  readonly error: { readonly row: RecordRow; readonly error: RoadbookError } | null;
}

/** Deals on the board and what the open ones add up to; in its place the reason, when a move was refused. */
export function BoardFoot({ columns, error }: BoardFootProps) {
  const total = columns.reduce((sum, { source }) => sum + (source?.count ?? 0), 0);
  const open = new Map<string, { minor: number; weighted: number }>();
  for (const { stage, source } of columns) {
    if (stage.outcome !== 'open') continue;
    for (const { currency, minor, weightedMinor } of source?.summary?.sums ?? []) {
      const before = open.get(currency) ?? { minor: 0, weighted: 0 };
      open.set(currency, { minor: before.minor + minor, weighted: before.weighted + weightedMinor });
    }
  }
  return (
    <StatusLine>
      <span>
        <span className="n">{count(total)}</span> {total === 1 ? 'deal' : 'deals'}
      </span>
      {[...open].slice(0, 2).map(([currency, { minor, weighted }]) => (
        <span key={currency} className="row g16">
          <span className="vr" />
          <span>
            Open <span className="n b">{money({ minor, currency }, 'whole')}</span>
          </span>
          <span>
            Weighted <span className="n b">{money({ minor: weighted, currency }, 'whole')}</span>
          </span>
        </span>
      ))}
      {error !== null && (
        <span className="row board-problem sig" role="alert">
          <span className="dia" aria-hidden="true" />
          <span className="tr">
            {error.row.name} was put back. {error.error.message} {error.error.hint}
          </span>
        </span>
      )}
      <span className="sp" />
      <KeyHint keys={['←', '→']}>move stage</KeyHint>
      <KeyHint keys={['Space']}>pick up</KeyHint>
      <KeyHint keys={['Esc']}>put back</KeyHint>
    </StatusLine>
  );
}
