import { Columns3, Plus, Rows3 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Filter, Sort, ViewRequest } from '../../../shared/ipc.ts';
import { may } from '../../../shared/rules/permissions.ts';
import { entityFor } from '../../../shared/rules/shown.ts';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { Button, Segments } from '../../components/Button.tsx';
import { EmptyState, ErrorState } from '../../components/EmptyState.tsx';
import type { TableHandle } from '../../components/VirtualTable.tsx';
import { useShortcuts } from '../../keys.ts';
import { builtinViews } from '../../state/builtin-views.ts';
import { useCounts } from '../../state/counts.ts';
import { useDirectory } from '../../state/directory.ts';
import { placeOf, rememberPlace, resetList, setList, useLists } from '../../state/lists.ts';
import { type ListCollection, navigate, openCreate, type Route, routeKey } from '../../state/router.ts';
import { useOpenView } from '../../state/useView.ts';
import { objectIcons } from '../shell/objects.ts';
import { PageHead, Toolbar } from '../shell/Page.tsx';
import { BulkBar } from './BulkBar.tsx';
import { FilterBar } from './FilterBar.tsx';
import { ListTable } from './ListTable.tsx';
import { columnsOf, defaultSort } from './layout.ts';
import { OpeningBar } from './OpeningBar.tsx';
import { SortMenu } from './SortMenu.tsx';
import { StatusFoot } from './StatusFoot.tsx';
import { useKeepPlace } from './useKeepPlace.ts';
import { useCellContext } from './useListContext.ts';
import { useSelection } from './useSelection.ts';
import { ViewPicker } from './ViewPicker.tsx';

interface ListPageProps {
  readonly collection: ListCollection;
  readonly view?: string | undefined;
  readonly user: SessionUser;
}

const nothing: Readonly<Record<string, string>> = {};

/** A list of one object: any number of records, filtered, ordered, selected and opened by keys or pointer. */
export function ListPage({ collection, view, user }: ListPageProps) {
  const entity = entityFor(user.role, collection);
  const route: Route = useMemo(() => ({ name: 'list', collection, view }), [collection, view]);
  const key = routeKey(route);
  const { pipelines, loaded } = useDirectory();
  const builtin = useMemo(
    () => builtinViews(user, pipelines).find((candidate) => candidate.id === view),
    [user, pipelines, view],
  );
  const settings = useLists((state) => state.settings[key]);
  const filters = settings?.filters ?? builtin?.filters ?? noFilters;
  const sort = settings?.sort ?? builtin?.sort ?? defaultSort(collection);
  // A built-in view speaks of stages, so it waits for them.
  const waiting = view !== undefined && !loaded;
  const request = useMemo<ViewRequest | null>(
    () => (waiting ? null : { collection, filters: [...filters], sort: [...sort] }),
    [waiting, collection, filters, sort],
  );
  const { source, opening } = useOpenView(request, { summary: true });
  /** The list as it stood before one that takes long: there Cancel leads. */
  const before = useRef<{ key: string; filters: readonly Filter[]; sort: readonly Sort[] } | null>(null);
  // While the next one is on its way, `source` is still the list before it.
  if (source?.state === 'ready' && JSON.stringify(source.request) === JSON.stringify(request)) {
    before.current = { key, filters, sort };
  }
  const context = useCellContext(user.id, source?.names ?? nothing);
  const mayUpdate = may(user.role, 'update', collection);
  const selection = useSelection(source, mayUpdate);
  const [cursor, setCursorState] = useState(() => placeOf(key).cursor);
  const [adding, setAdding] = useState(false);
  const table = useRef<TableHandle>(null);
  const total = useCounts((state) => state.counts[collection]);

  const setCursor = useCallback(
    (index: number) => {
      setCursorState(index);
      rememberPlace(key, { cursor: index });
    },
    [key],
  );
  useKeepPlace(source, { cursor, setCursor });
  const moveTo = (index: number) => {
    if (source === null || source.count === 0) return;
    const next = Math.max(0, Math.min(source.count - 1, index));
    setCursor(next);
    table.current?.reveal(next);
    table.current?.focus();
  };
  const open = useCallback(
    (index: number) => {
      const row = source?.at(index);
      if (row === undefined || source === null || source.viewId === null) return;
      setCursor(index);
      const title = builtin?.label ?? entity.labelPlural;
      navigate({ name: 'record', collection, id: row.id, list: { viewId: source.viewId, title, route } });
    },
    [source, setCursor, builtin, entity, collection, route],
  );
  const changeFilters = (next: readonly Filter[]) => {
    setList(key, { filters: next });
    startOver();
  };
  const changeSort = (next: readonly Sort[]) => {
    setList(key, { sort: next });
    startOver();
  };
  const cancelOpening = () => {
    const last = before.current;
    if (last?.key === key) setList(key, { filters: last.filters, sort: last.sort });
    else resetList(key);
  };
  const startOver = () => {
    setCursorState(-1);
    table.current?.scrollTo(0);
  };
  const step = (by: number, select: boolean) => {
    if (select && cursor >= 0 && selection.ids.size === 0) selection.toggle(cursor);
    moveTo(cursor + by);
    if (select && source !== null) selection.extendTo(Math.max(0, Math.min(source.count - 1, cursor + by)));
  };
  const page = () => table.current?.page() ?? 1;
  useShortcuts({
    j: () => step(1, false),
    k: () => step(-1, false),
    arrowdown: () => step(1, false),
    arrowup: () => step(-1, false),
    'shift+j': () => step(1, true),
    'shift+k': () => step(-1, true),
    'shift+arrowdown': () => step(1, true),
    'shift+arrowup': () => step(-1, true),
    pagedown: () => moveTo(cursor + page()),
    pageup: () => moveTo(cursor - page()),
    home: () => moveTo(0),
    end: () => moveTo((source?.count ?? 1) - 1),
    enter: cursor < 0 ? undefined : () => open(cursor),
    x: cursor < 0 ? undefined : () => selection.toggle(cursor),
    'shift+x': cursor < 0 ? undefined : () => selection.extendTo(cursor),
    f: () => setAdding(true),
    // The bulk bar has Escape while something is selected.
    escape: selection.ids.size > 0 || cursor < 0 ? undefined : () => setCursor(-1),
  });
  useEffect(() => table.current?.focus(), []);

  const columns = useMemo(() => columnsOf(collection, user.role), [collection, user.role]);
  const create = may(user.role, 'create', collection) ? () => openCreate(collection) : undefined;
  const isEmpty = source?.state === 'ready' && source.count === 0;
  return (
    <>
      <PageHead
        icon={objectIcons[collection]}
        title={entity.labelPlural}
        actions={
          <>
            {collection === 'deals' && (
              <Segments
                label="Shape"
                value="list"
                options={[
                  { value: 'list', label: 'List', icon: Rows3 },
                  { value: 'board', label: 'Board', icon: Columns3 },
                ]}
                onChange={() => navigate({ name: 'board' })}
              />
            )}
            {create !== undefined && (
              <Button variant="primary" icon={Plus} kbd="C" onClick={create}>
                New {entity.singular}
              </Button>
            )}
          </>
        }
      >
        {collection === 'deals' && <ViewPicker user={user} pipelines={pipelines} current={route} />}
      </PageHead>
      <Toolbar label="Filters and order">
        <FilterBar
          entity={entity}
          filters={filters}
          context={context}
          onChange={changeFilters}
          adding={adding}
          onAdding={setAdding}
          onClosed={() => table.current?.focus()}
        />
        <span className="sp" />
        <SortMenu entity={entity} sort={sort} onChange={changeSort} />
        {settings !== undefined && (
          <>
            <span className="vr" />
            <Button
              variant="ghost"
              size="s"
              className="acc"
              onClick={() => {
                resetList(key);
                startOver();
              }}
            >
              Reset
            </Button>
          </>
        )}
      </Toolbar>
      <ListTable
        ref={table}
        label={builtin?.label ?? entity.labelPlural}
        collection={collection}
        columns={columns}
        source={source}
        context={context}
        sort={sort}
        onSort={changeSort}
        cursor={cursor}
        selection={selection}
        selectable={mayUpdate}
        onOpen={open}
        onCursor={setCursor}
        initialOffset={placeOf(key).offset}
        onScroll={(offset) => rememberPlace(key, { offset })}
      >
        {source?.state === 'failed' && source.error !== null ? (
          <ErrorState error={source.error} onRetry={() => source.retry()} />
        ) : isEmpty && total !== 0 && filters.length > 0 ? (
          <EmptyState action={<Button onClick={() => changeFilters([])}>Clear filters</Button>}>
            No {entity.labelPlural.toLowerCase()} match these filters.
          </EmptyState>
        ) : isEmpty ? (
          <EmptyState
            action={
              create === undefined ? undefined : (
                <Button icon={Plus} onClick={create}>
                  New {entity.singular}
                </Button>
              )
            }
          >
            No {entity.labelPlural.toLowerCase()} on this device yet.
          </EmptyState>
        ) : undefined}
      </ListTable>
      {opening !== null && opening.share !== null && (
        <OpeningBar entity={entity} total={total} share={opening.share} onCancel={cancelOpening} />
      )}
      {selection.rows.length > 0 && source !== null && (
        <BulkBar
          entity={entity}
          rows={selection.rows}
          source={source}
          context={context}
          mayDelete={may(user.role, 'delete', collection)}
          onClear={selection.clear}
        />
      )}
      <StatusFoot
        entity={entity}
        source={source}
        request={request}
        context={context}
        selectable={mayUpdate}
      />
    </>
  );
}

const noFilters: readonly Filter[] = [];
