import './board.css';
import { Columns3, Plus, Rows3 } from 'lucide-react';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Filter, RecordRow, Sort } from '../../../shared/ipc.ts';
import { entityOf, type Stage } from '../../../shared/model/index.ts';
import { may } from '../../../shared/rules/permissions.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { asRoadbookError } from '../../bridge.ts';
import { Button, Segments } from '../../components/Button.tsx';
import { EmptyState, ErrorState } from '../../components/EmptyState.tsx';
import { Select } from '../../components/Field.tsx';
import { swallowSecondClick } from '../../components/second-click.ts';
import { money } from '../../format.ts';
import { useShortcuts } from '../../keys.ts';
import { builtinViews } from '../../state/builtin-views.ts';
import { useDirectory } from '../../state/directory.ts';
import { resetList, setList, useLists } from '../../state/lists.ts';
import { navigate, openCreate, type Route, replaceRoute, routeKey } from '../../state/router.ts';
import { FilterBar } from '../list/FilterBar.tsx';
import { defaultSort } from '../list/layout.ts';
import { SortMenu } from '../list/SortMenu.tsx';
import { useCellContext } from '../list/useListContext.ts';
import { ViewPicker } from '../list/ViewPicker.tsx';
import { objectIcons } from '../shell/objects.ts';
import { PageHead, Toolbar } from '../shell/Page.tsx';
import { BoardFoot } from './BoardFoot.tsx';
import { CardFace } from './Card.tsx';
import { Column } from './Column.tsx';
import { columnModel, placeFor, weightedChange } from './column-model.ts';
import { isNeed, needsFor } from './deal-shape.ts';
import type { StageNeed } from './StageForm.tsx';
import { StageForm } from './StageForm.tsx';
import { useBoardCursor } from './useBoardCursor.ts';
import { type Lift, useBoardDrag } from './useBoardDrag.ts';
import { useColumns } from './useColumns.ts';
import { type MoveRequest, useMoves } from './useMoves.ts';

interface BoardPageProps {
  readonly view?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly user: SessionUser;
}

const noFilters: readonly Filter[] = [];
const noNames: Readonly<Record<string, string>> = {};
const entity = entityOf('deals');

/** Deals by stage of one pipeline: drag a card, or Space and arrows, to move it. */
export function BoardPage({ view, pipeline: pipelineId, user }: BoardPageProps) {
  const route: Route = useMemo(() => ({ name: 'board', view, pipeline: pipelineId }), [view, pipelineId]);
  const key = routeKey(route);
  const { pipelines, loaded } = useDirectory();
  const builtin = useMemo(
    () => builtinViews(user, pipelines).find((candidate) => candidate.id === view),
    [user, pipelines, view],
  );
  const pipeline = pipelines.find((candidate) => candidate.id === pipelineId) ?? pipelines[0];
  const settings = useLists((state) => state.settings[key]);
  const filters = settings?.filters ?? builtin?.filters ?? noFilters;
  const sort: readonly Sort[] = settings?.sort ?? defaultSort('deals');
  const { columns, stamp } = useColumns(pipeline, filters, sort);
  const stages = pipeline?.stages ?? [];
  const sourceOf = useCallback(
    (stage: string) => columns.find((column) => column.stage.id === stage)?.source ?? null,
    [columns],
  );
  const context = useCellContext(user.id, noNames);
  const { moves, error, move, fail } = useMoves(sourceOf, stages, stamp);
  const [asked, setAsked] = useState<{ request: MoveRequest; needs: readonly StageNeed[] } | null>(null);
  const [adding, setAdding] = useState(false);
  const board = useRef<HTMLDivElement>(null);
  const clone = useRef<HTMLDivElement>(null);
  const mayUpdate = may(user.role, 'update', 'deals');

  const drop = ({ row, from, over }: Lift) => {
    const to = stages.find((stage) => stage.id === over);
    const source = sourceOf(over);
    if (to === undefined || source === null || over === from) return;
    const index = Math.max(0, placeFor(columnModel(source, over, moves), row, sort[0]));
    const request: MoveRequest = { row, from, to, index, values: {} };
    const needs = needsFor(row, to, stages);
    if (needs.length > 0) setAsked({ request, needs });
    else void carryOut(request);
  };
  const carryOut = async (request: MoveRequest) => {
    try {
      await move(request);
    } catch (thrown) {
      const refused = asRoadbookError(thrown);
      const need = refused.details.fieldName;
      if (isNeed(need)) setAsked({ request, needs: [need] });
      else fail(request.row, refused);
    }
  };
  const open = (row: RecordRow, stage: string) => {
    const viewId = sourceOf(stage)?.viewId;
    if (viewId === null || viewId === undefined) return;
    const name = stages.find((candidate) => candidate.id === stage)?.name ?? '';
    swallowSecondClick();
    navigate({ name: 'record', collection: 'deals', id: row.id, list: { viewId, title: name, route } });
  };
  const drag = useBoardDrag({ enabled: mayUpdate, onDrop: drop, onOpen: open, board, clone });
  const cursor = useBoardCursor({ columns, moves, board, drag, onOpen: open });
  useShortcuts({ f: () => setAdding(true) });

  const { lift } = drag;
  const overStage = stages.find((stage) => stage.id === lift?.over);
  const change =
    lift === null || overStage === undefined ? 0 : weightedChange(lift.row, overStage.probability);
  const currency = (lift?.row.body.amount as { currency?: string } | undefined)?.currency ?? 'USD';
  const over =
    lift === null || lift.over === lift.from
      ? null
      : {
          row: lift.row,
          change:
            change === 0
              ? ''
              : `${change > 0 ? '+' : ''}${money({ minor: change, currency }, 'whole')} weighted`,
        };
  const failed = columns.find((column) => column.source?.state === 'failed')?.source;
  const create = may(user.role, 'create', 'deals');
  return (
    <>
      <PageHead
        icon={objectIcons.deals}
        title={entity.labelPlural}
        actions={
          <>
            <Segments
              label="Shape"
              value="board"
              options={[
                { value: 'list', label: 'List', icon: Rows3 },
                { value: 'board', label: 'Board', icon: Columns3 },
              ]}
              onChange={() => navigate({ name: 'list', collection: 'deals' })}
            />
            {create && (
              <Button variant="primary" icon={Plus} kbd="C" onClick={() => openCreate('deals')}>
                New deal
              </Button>
            )}
          </>
        }
      >
        <ViewPicker user={user} pipelines={pipelines} current={route} />
      </PageHead>
      <Toolbar label="Filters and order">
        {pipelines.length > 1 && pipeline !== undefined && (
          <span className="board-pipeline">
            <Select
              size="s"
              aria-label="Pipeline"
              value={pipeline.id}
              options={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(event) => replaceRoute({ name: 'board', view, pipeline: event.target.value })}
            />
          </span>
        )}
        <FilterBar
          entity={entity}
          filters={filters}
          context={context}
          onChange={(next) => setList(key, { filters: next })}
          adding={adding}
          onAdding={setAdding}
        />
        <span className="sp" />
        <SortMenu entity={entity} sort={sort} onChange={(next) => setList(key, { sort: next })} />
        {settings !== undefined && (
          <>
            <span className="vr" />
            <Button variant="ghost" size="s" className="acc" onClick={() => resetList(key)}>
              Reset
            </Button>
          </>
        )}
      </Toolbar>
      {failed?.error != null ? (
        <ErrorState error={failed.error} onRetry={() => failed.retry()} />
      ) : loaded && pipeline === undefined ? (
        <EmptyState>No pipeline has come to this device yet.</EmptyState>
      ) : (
        <div className="board" ref={board} style={{ gridTemplateColumns: tracks(stages) }}>
          {columns.map(({ stage, source }) => (
            <Column
              key={stage.id}
              stage={stage}
              stages={stages}
              source={source}
              stamp={stamp}
              context={context}
              sort={sort[0]}
              moves={moves}
              over={over !== null && lift?.over === stage.id ? over : null}
              lifted={lift?.from === stage.id ? lift.row.id : null}
              cursor={cursor.stage === stage.id ? cursor.index : -1}
              onCursor={cursor.set}
              onKey={(event: KeyboardEvent<HTMLElement>, from) => cursor.key(event, from)}
              onPress={drag.press}
              onCreate={
                create ? (to) => openCreate('deals', { pipeline: pipeline?.id, stage: to }) : undefined
              }
            />
          ))}
        </div>
      )}
      {lift?.by === 'pointer' && (
        <div className="drag" ref={clone} style={{ width: lift.width }} aria-hidden="true">
          <CardFace
            row={lift.row}
            account={sourceOf(lift.from)?.names[String(lift.row.body.account)]}
            context={context}
          />
        </div>
      )}
      <div className="aloud" role="status" aria-live="assertive">
        {lift !== null &&
          `${lift.row.name} picked up, over ${overStage?.name ?? ''}. Space puts it down, Escape puts it back.`}
      </div>
      <BoardFoot columns={columns} error={error} />
      {asked !== null && (
        <StageForm
          subject={asked.request.row.name}
          stage={asked.request.to}
          stages={stages}
          needs={asked.needs}
          onCancel={() => setAsked(null)}
          onSubmit={async (values) => {
            await move({ ...asked.request, values });
            setAsked(null);
          }}
        />
      )}
    </>
  );
}

/** Stages that are over need less room: they are looked up, not worked in. */
function tracks(stages: readonly Stage[]): string {
  return stages
    .map((stage) => (stage.outcome === 'open' ? 'minmax(216px, 1.25fr)' : 'minmax(172px, 1fr)'))
    .join(' ');
}
