// biome-ignore-all lint/a11y/useSemanticElements: rows are laid out freely, which table elements cannot be; the grid roles say the same
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and points at its row
import './table.css';
import {
  type CSSProperties,
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { useScaledRows } from './useScaledRows.ts';

export interface TableColumn {
  readonly key: string;
  readonly label: ReactNode;
  /** CSS grid track, e.g. `76px` or `minmax(160px, 2fr)`. */
  readonly track: string;
  /** Least width in pixels, for the point from which the table scrolls sideways. */
  readonly min: number;
  readonly align?: 'right';
  /** Pressed heads sort; shift adds a second order. */
  readonly onSort?: ((add: boolean) => void) | undefined;
  readonly sort?: 'ascending' | 'descending' | undefined;
}

export interface TableHandle {
  /** Brings a row into view with as little movement as possible. */
  reveal(index: number): void;
  scrollTo(offset: number): void;
  focus(): void;
  /** Rows that fit, for Page up and Page down. */
  page(): number;
}

interface VirtualTableProps {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly columns: readonly TableColumn[];
  /** Cells of one row: as many as there are columns. Keep them memoised, this runs while scrolling. */
  readonly renderRow: (index: number) => ReactNode;
  readonly rowProps?: (index: number) => HTMLAttributes<HTMLElement> & { readonly 'data-id'?: string };
  /** Row with the cursor, -1 for none. */
  readonly cursor?: number;
  readonly onVisible?: (from: number, to: number) => void;
  readonly onScroll?: (offset: number) => void;
  readonly initialOffset?: number;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  readonly multiselectable?: boolean;
  readonly ref?: Ref<TableHandle>;
  /** In place of rows: empty, no match, error. */
  readonly children?: ReactNode;
}

const HEAD = 28;
const OVERSCAN = 8;

/** A grid of any number of rows of one height, of which only those in sight exist. */
export function VirtualTable({
  label,
  count,
  rowHeight,
  columns,
  renderRow,
  rowProps,
  cursor = -1,
  onVisible,
  onScroll,
  initialOffset = 0,
  onKeyDown,
  multiselectable,
  ref,
  children,
}: VirtualTableProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useScaledRows({ scroller, count, rowHeight, inset: HEAD, overscan: OVERSCAN, initialOffset });
  const { items, from, to, offset, shift } = rows;
  useEffect(() => {
    if (to >= from) onVisible?.(from, to);
  }, [from, to, onVisible]);
  useEffect(() => onScroll?.(offset), [offset, onScroll]);
  useImperativeHandle(ref, () => ({
    reveal: rows.reveal,
    scrollTo: rows.scrollTo,
    focus: () => scroller.current?.focus({ preventScroll: true }),
    page: () => Math.max(1, Math.floor(rows.viewport / rowHeight) - 1),
  }));

  // As many row elements as are ever there together: the one that leaves at one end becomes the one that enters at the
  // other, which costs a third of making a new one.
  const pool = Math.max(Math.ceil((rows.viewport + HEAD) / rowHeight) + 2 * OVERSCAN + 2, items.length);
  const layout = {
    '--cols': columns.map((column) => column.track).join(' '),
    '--row-height': `${rowHeight}px`,
    minWidth: columns.reduce((sum, column) => sum + column.min + 16, 16),
  } as CSSProperties;
  return (
    <div
      ref={scroller}
      className="vt"
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={multiselectable === true ? true : undefined}
      aria-activedescendant={cursor >= from && cursor <= to ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className="vt-in" style={layout}>
        <TableHead columns={columns} />
        {children === undefined ? (
          <div className="vt-rows" role="rowgroup" style={{ height: rows.physical }}>
            {items.map(({ index, start }) => {
              const props = rowProps?.(index);
              return (
                <div
                  key={index % pool}
                  id={`${id}-${index}`}
                  role="row"
                  aria-rowindex={index + 2}
                  {...props}
                  className={['td', index === cursor && 'cur', props?.className].filter(Boolean).join(' ')}
                  // By layout, not by transform: at 30 million pixels a float has no place left for a hairline.
                  style={{ top: Math.round(start - shift) }}
                >
                  {renderRow(index)}
                </div>
              );
            })}
          </div>
        ) : (
          <div className="vt-note">{children}</div>
        )}
      </div>
    </div>
  );
}

function TableHead({ columns }: { readonly columns: readonly TableColumn[] }) {
  return (
    <div className="vt-head" role="rowgroup">
      <div className="th" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            className={column.align === 'right' ? 'r' : undefined}
            aria-sort={column.sort ?? (column.onSort === undefined ? undefined : 'none')}
          >
            {column.onSort === undefined ? (
              column.label
            ) : (
              <button
                type="button"
                tabIndex={-1}
                className={column.sort === undefined ? 'th-sort' : 'th-sort s'}
                onClick={(event) => column.onSort?.(event.shiftKey)}
              >
                {column.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
