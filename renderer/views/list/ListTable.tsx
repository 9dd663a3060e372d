import { ArrowDown, ArrowUp } from 'lucide-react';
import { type MouseEvent, type ReactNode, type Ref, useCallback, useMemo } from 'react';
import type { Sort } from '../../../shared/ipc.ts';
import { Icon } from '../../components/Icon.tsx';
import { swallowSecondClick } from '../../components/second-click.ts';
import { type TableColumn, type TableHandle, VirtualTable } from '../../components/VirtualTable.tsx';
import { rowHeight, usePreferences } from '../../state/preferences.ts';
import type { ListCollection } from '../../state/router.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import { RowCells } from './Cells.tsx';
import type { ListColumn } from './layout.ts';
import { firstDirection, pressHead } from './sorting.ts';
import type { CellContext } from './useListContext.ts';
import type { ListSelection } from './useSelection.ts';

interface ListTableProps {
  readonly label: string;
  readonly collection: ListCollection;
  readonly columns: readonly ListColumn[];
  readonly source: ViewSource | null;
  readonly context: CellContext;
  readonly sort: readonly Sort[];
  readonly onSort: (sort: readonly Sort[]) => void;
  readonly cursor: number;
  readonly selection: ListSelection;
  readonly selectable: boolean;
  readonly onOpen: (index: number) => void;
  readonly onCursor: (index: number) => void;
  readonly initialOffset: number;
  readonly onScroll: (offset: number) => void;
  readonly ref: Ref<TableHandle>;
  readonly children?: ReactNode;
}

/** Rows drawn while the number of rows is not known yet. */
const GUESS = 40;
const GUTTER = 28;
const DIGIT = 7;

export function ListTable({
  label,
  columns,
  source,
  context,
  sort,
  onSort,
  cursor,
  selection,
  selectable,
  onOpen,
  onCursor,
  initialOffset,
  onScroll,
  ref,
  children,
}: ListTableProps) {
  const height = rowHeight(usePreferences((state) => state.density));
  const opening = source === null || source.state === 'opening';
  const digits = String(source?.count ?? 0).length;
  const heads = useMemo(() => headsOf(columns, sort, onSort, digits), [columns, sort, onSort, digits]);
  const look = useCallback((from: number, to: number) => source?.look(from, to), [source]);
  const press = (event: MouseEvent, index: number) => {
    const inGutter = event.target instanceof Element && event.target.closest('[data-gutter]') !== null;
    if (event.shiftKey) selection.extendTo(index);
    else if (inGutter || event.ctrlKey || event.metaKey) {
      onCursor(index);
      if (selectable) selection.toggle(index);
    } else {
      swallowSecondClick();
      onOpen(index);
    }
  };
  return (
    <div className={selectable ? 'list selectable' : 'list'} aria-busy={opening}>
      <VirtualTable
        ref={ref}
        label={label}
        count={opening ? GUESS : source.count}
        rowHeight={height}
        columns={heads}
        cursor={cursor}
        multiselectable={selectable}
        onVisible={look}
        onScroll={onScroll}
        initialOffset={initialOffset}
        rowProps={(index) => {
          const row = source?.at(index);
          const selected = row !== undefined && selection.ids.has(row.id);
          return {
            ...(selectable ? { 'aria-selected': selected } : {}),
            ...(row === undefined ? {} : { 'data-id': row.id }),
            className: selected ? 'sel' : '',
            onClick: (event) => press(event, index),
            onMouseDown: (event) => {
              // Shift would select text between two presses.
              if (event.shiftKey) event.preventDefault();
            },
          };
        }}
        renderRow={(index) => {
          const row = source?.at(index);
          return (
            <RowCells
              row={row}
              index={index}
              columns={columns}
              context={context}
              selected={row !== undefined && selection.ids.has(row.id)}
            />
          );
        }}
      >
        {children}
      </VirtualTable>
    </div>
  );
}

function headsOf(
  columns: readonly ListColumn[],
  sort: readonly Sort[],
  onSort: (sort: readonly Sort[]) => void,
  digits: number,
): TableColumn[] {
  // The inset before the gutter has room for two more digits than the gutter itself.
  const gutter = GUTTER + DIGIT * Math.max(0, digits - 6);
  return [
    { key: 'gutter', label: <span className="aloud">Selected</span>, track: `${gutter}px`, min: gutter },
    ...columns.map((column): TableColumn => {
      const at = sort.findIndex((candidate) => candidate.field === column.field);
      const own = sort[at];
      const { field, spec, track, min, align } = column;
      return {
        key: field,
        track,
        min,
        label: <HeadLabel label={column.label} sort={own} place={at} />,
        ...(align === undefined ? {} : { align }),
        ...(own === undefined ? {} : { sort: own.direction === 'asc' ? 'ascending' : 'descending' }),
        ...(column.sortable
          ? { onSort: (add: boolean) => onSort(pressHead(sort, field, firstDirection(field, spec), add)) }
          : {}),
      };
    }),
  ];
}

interface HeadLabelProps {
  readonly label: string;
  readonly sort: Sort | undefined;
  readonly place: number;
}

/** The first order shows its direction, further ones their place. */
function HeadLabel({ label, sort, place }: HeadLabelProps) {
  return (
    <>
      {label}
      {sort !== undefined && place === 0 && (
        <Icon of={sort.direction === 'asc' ? ArrowUp : ArrowDown} size={12} tone="current" />
      )}
      {place > 0 && <span className="n f11 q">{place + 1}</span>}
    </>
  );
}
