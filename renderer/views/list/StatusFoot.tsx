import type { ViewRequest } from '../../../shared/ipc.ts';
import type { Entity } from '../../../shared/model/index.ts';
import { KeyHint } from '../../components/Kbd.tsx';
import { addDays, count, money } from '../../format.ts';
import { useCounts } from '../../state/counts.ts';
import { useViewCount } from '../../state/useViewCount.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import { StatusLine } from '../shell/Page.tsx';
import { overdueFilters } from './filters.ts';
import type { CellContext } from './useListContext.ts';

interface StatusFootProps {
  readonly entity: Entity;
  readonly source: ViewSource | null;
  readonly request: ViewRequest | null;
  readonly context: CellContext;
  readonly selectable: boolean;
}

/** How many there are, what they add up to, how many are late. */
export function StatusFoot({ entity, source, request, context, selectable }: StatusFootProps) {
  const total = useCounts((state) => state.counts[entity.name]);
  const overdue = useViewCount(overdueRequest(request, entity, context));
  const many = entity.labelPlural.toLowerCase();
  const ready = source !== null && source.state === 'ready';
  // Prices and yearly revenues can be added up, but the sum says nothing.
  const adds = entity.name === 'deals' || entity.name === 'leads';
  const sums = ready && adds ? (source.summary?.sums ?? []) : [];
  const weighted = Object.hasOwn(entity.fields, 'probability');
  return (
    <StatusLine>
      {ready && (
        <span role="status">
          <span className="n">{count(source.count)}</span>
          {total !== undefined && total !== source.count && (
            <>
              {' of '}
              <span className="n">{count(total)}</span>
            </>
          )}{' '}
          {source.count === 1 && total === source.count ? entity.singular : many}
        </span>
      )}
      {sums.slice(0, 2).map(({ currency, minor, weightedMinor }) => (
        <span key={currency} className="row g16">
          <span className="vr" />
          <span>
            Sum <span className="n b">{money({ minor, currency }, 'whole')}</span>
          </span>
          {weighted && (
            <span>
              Weighted <span className="n b">{money({ minor: weightedMinor, currency }, 'whole')}</span>
            </span>
          )}
        </span>
      ))}
      {overdue !== null && overdue > 0 && (
        <>
          <span className="vr" />
          <span>
            <span className="n sig">{count(overdue)}</span> <span className="sig">overdue</span>
          </span>
        </>
      )}
      <span className="sp" />
      <KeyHint keys={['J', 'K']}>move</KeyHint>
      {selectable && <KeyHint keys={['X']}>select</KeyHint>}
      <KeyHint keys={['Enter']}>open</KeyHint>
      <KeyHint keys={['?']}>all keys</KeyHint>
    </StatusLine>
  );
}

function overdueRequest(
  request: ViewRequest | null,
  entity: Entity,
  { today, pipelines }: CellContext,
): ViewRequest | null {
  if (request === null) return null;
  const late = overdueFilters(entity.name, addDays(today, -1), pipelines);
  return late === null
    ? null
    : { collection: request.collection, filters: [...request.filters, ...late], sort: [] };
}
