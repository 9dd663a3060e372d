import type { ViewRequest } from '../../../shared/ipc.ts';
import { openStages } from '../../state/builtin-views.ts';
import { type Pipeline, useDirectory } from '../../state/directory.ts';
import { type HighlightSource, highlights } from './highlights.ts';
import { useSummary } from './useSummary.ts';

type HighlightsProps = Omit<HighlightSource, 'open' | 'won' | 'now'>;

/** The strip of figures under a record's head. */
export function Highlights(props: HighlightsProps) {
  const pipelines = useDirectory((state) => state.pipelines);
  const link = dealLink(props.row);
  const requests =
    link === null || pipelines.length === 0 ? null : dealRequests(link.field, link.id, pipelines);
  const open = useSummary(requests?.open ?? null);
  const won = useSummary(requests?.won ?? null);
  const figures = highlights({ ...props, open, won, now: new Date() });
  return (
    <dl className="hls">
      {figures.map(({ label, value, figures: mono, note }) => (
        <div className="hl" key={label}>
          <dt className="h">{label}</dt>
          <dd className={mono && value !== null ? 'n big tr' : 'big tr'}>
            {value ?? <span className="q">—</span>}
          </dd>
          <dd className="f11 q tr">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The field by which deals point to this record, directly or through its account. */
function dealLink(row: HighlightsProps['row']): { field: string; id: string } | null {
  if (row.collection === 'accounts') return { field: 'account', id: row.id };
  if (row.collection === 'products') return { field: 'product', id: row.id };
  if (row.collection === 'contacts' && typeof row.body.account === 'string') {
    return { field: 'account', id: row.body.account };
  }
  return null;
}

function dealRequests(field: string, id: string, pipelines: readonly Pipeline[]) {
  const won = pipelines.flatMap(({ stages }) =>
    stages.filter((stage) => stage.outcome === 'won').map(({ id }) => id),
  );
  const request = (stages: readonly string[]): ViewRequest => ({
    collection: 'deals',
    filters: [
      { field, op: 'is', value: id },
      { field: 'stage', op: 'any-of', value: [...new Set(stages)] },
    ],
    sort: [],
  });
  return { open: request(openStages(pipelines)), won: request(won) };
}
