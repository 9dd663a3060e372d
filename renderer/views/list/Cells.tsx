// biome-ignore-all lint/a11y/useSemanticElements: cells of a grid that is laid out freely, see VirtualTable
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus
import './cells.css';
import { memo, type ReactNode } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import type { EmailItem, FieldSpec, PhoneItem } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Placeholder } from '../../components/EmptyState.tsx';
import { StageMark, SyncMark } from '../../components/Marks.tsx';
import { ago, count, date, instant, money, overdueDays, percent } from '../../format.ts';
import { findStage } from '../../state/directory.ts';
import { isMoney } from './filters.ts';
import type { ListColumn } from './layout.ts';
import type { CellContext } from './useListContext.ts';

interface RowCellsProps {
  readonly row: RecordRow | undefined;
  readonly index: number;
  readonly columns: readonly ListColumn[];
  readonly context: CellContext;
  readonly selected: boolean;
}

/** The cells of one row. Memoised: while scrolling only rows that are new are drawn. */
export const RowCells = memo(function RowCells({ row, index, columns, context, selected }: RowCellsProps) {
  return (
    <>
      <span className="gut" role="gridcell" data-gutter="">
        <span className={selected ? 'gut-box on' : 'gut-box'} aria-hidden="true" />
        <span className="gut-n n f11 q">{index + 1}</span>
      </span>
      {columns.map((column, at) => (
        <span
          key={column.field}
          role="gridcell"
          className={column.align === 'right' ? 'cell r' : 'cell'}
          aria-colindex={at + 2}
        >
          {row === undefined ? (
            <Placeholder width={`${barWidth(index, at)}%`} />
          ) : (
            <Cell row={row} column={column} context={context} />
          )}
        </span>
      ))}
    </>
  );
});

interface CellProps {
  readonly row: RecordRow;
  readonly column: ListColumn;
  readonly context: CellContext;
}

function Cell({ row, column, context }: CellProps): ReactNode {
  const { field, spec } = column;
  if (field === 'name') {
    return (
      <>
        <span className="tr b">{row.name === '' ? 'Without a name' : row.name}</span>
        <SyncMark mark={row.mark} />
      </>
    );
  }
  if (field === 'updatedAt') return <span className="m tr">{ago(row.updatedAt, context.now)}</span>;
  if (field === 'owner') return <PersonCell id={row.owner} context={context} />;
  return spec === undefined ? null : (
    <FieldCell value={row.body[field]} spec={spec} field={field} row={row} context={context} />
  );
}

function PersonCell({ id, context }: { readonly id: string; readonly context: CellContext }) {
  if (id === '') return null;
  const name = context.people.find((person) => person.id === id)?.name ?? context.names[id];
  if (name === undefined) return <span className="q">Unknown</span>;
  return (
    <>
      <Avatar name={name} id={id} />
      <span className="tr">{name}</span>
    </>
  );
}

interface FieldCellProps {
  readonly value: unknown;
  readonly spec: FieldSpec;
  readonly field: string;
  readonly row: RecordRow;
  readonly context: CellContext;
}

function FieldCell({ value, spec, field, row, context }: FieldCellProps): ReactNode {
  if (value === undefined || value === null || value === '') return null;
  switch (spec.kind) {
    case 'money':
      return isMoney(value) ? <span className="n">{money(value)}</span> : null;
    case 'percent':
      return <span className="n m">{percent(Number(value))}</span>;
    case 'integer':
      return <span className="n m">{count(Number(value))}</span>;
    case 'date':
      return <DateCell value={String(value)} row={row} context={context} />;
    case 'instant':
      return <span className="n m tr">{instant(String(value), context.now)}</span>;
    case 'boolean':
      return <span className="m">{value === true ? 'Yes' : 'No'}</span>;
    case 'choice':
      return <ChoiceCell value={String(value)} spec={spec} field={field} row={row} context={context} />;
    case 'reference': {
      const name = context.names[String(value)];
      return name === undefined ? <span className="q">Not here</span> : <span className="m tr">{name}</span>;
    }
    case 'emails':
      return <span className="m tr">{(value as EmailItem[])[0]?.address}</span>;
    case 'phones':
      return <span className="n m tr">{(value as PhoneItem[])[0]?.number}</span>;
    case 'text':
    case 'long-text':
    case 'url':
      return <span className="m tr">{String(value)}</span>;
    case 'tags':
      return <span className="m tr">{(value as string[]).join(', ')}</span>;
    case 'address':
    case 'items':
    case 'data':
      return null;
  }
}

function ChoiceCell({
  value,
  spec,
  field,
  row,
  context,
}: FieldCellProps & { readonly value: string }): ReactNode {
  if (field === 'stage') {
    const found = findStage(context.pipelines, value, row.body.pipeline);
    return found === undefined ? <span className="q">{value}</span> : <StageMark {...found} />;
  }
  const word = spec.choices?.[value] ?? value;
  return <span className="m tr">{word}</span>;
}

interface DateCellProps {
  readonly value: string;
  readonly row: RecordRow;
  readonly context: CellContext;
}

/** A day; of a record that is still open also how many days it is late. */
function DateCell({ value, row, context }: DateCellProps) {
  const late = isOpen(row, context) ? overdueDays(value, context.now) : 0;
  if (late === 0) return <span className={value === context.today ? 'n' : 'n m'}>{date(value)}</span>;
  return (
    <>
      <span className="n sig">{date(value)}</span>
      <span className="n sig f11 b" title={`${late} days overdue`}>
        +{count(late)}d
      </span>
    </>
  );
}

/** Whether anything is still expected of a record: only then can it be late. */
export function isOpen(row: RecordRow, { pipelines }: Pick<CellContext, 'pipelines'>): boolean {
  const { body } = row;
  switch (row.collection) {
    case 'deals':
      return findStage(pipelines, String(body.stage), body.pipeline)?.stage.outcome === 'open';
    case 'activities':
      return body.status === undefined || body.status === 'open';
    case 'leads':
      return body.status !== 'converted' && body.status !== 'dead';
    default:
      return false;
  }
}

/** Bars of different lengths, the same for the same place. */
function barWidth(index: number, column: number): number {
  return 40 + ((index * 37 + column * 53) % 45);
}
