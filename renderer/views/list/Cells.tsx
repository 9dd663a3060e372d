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
import { isMoney } from '../../forms/show.ts';
import { findStage } from '../../state/directory.ts';
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
      {columns.map((column, at) => {
        const face = row === undefined ? loading(index, at) : faceOf(row, column, context);
        return (
          <span
            key={column.field}
            role="gridcell"
            className={column.align === 'right' ? `cell r ${face.look}` : `cell ${face.look}`}
            aria-colindex={at + 2}
          >
            {face.content}
          </span>
        );
      })}
    </>
  );
});

/**
 * What stands in a cell. Plain words are one element with one text, because a list draws thousands of them; `fx` lays
 * out several parts side by side.
 */
interface Face {
  readonly look: string;
  readonly content: ReactNode;
}

const nothing: Face = { look: '', content: null };

function words(content: string | undefined): Face {
  return { look: 'm', content };
}

function figures(content: string, look = 'n m'): Face {
  return { look, content };
}

function loading(index: number, column: number): Face {
  return { look: 'fx', content: <Placeholder width={`${barWidth(index, column)}%`} /> };
}

function faceOf(row: RecordRow, { field, spec }: ListColumn, context: CellContext): Face {
  if (field === 'name') return nameFace(row);
  if (field === 'updatedAt') return words(ago(row.updatedAt, context.now));
  if (field === 'owner') return personFace(row.owner, context);
  return spec === undefined ? nothing : fieldFace(row, field, spec, context);
}

function nameFace(row: RecordRow): Face {
  const name = row.name === '' ? 'Without a name' : row.name;
  if (row.mark === 'in-step') return { look: 'b', content: name };
  return {
    look: 'fx',
    content: (
      <>
        <span className="tr b">{name}</span>
        <SyncMark mark={row.mark} />
      </>
    ),
  };
}

function personFace(id: string, context: CellContext): Face {
  if (id === '') return nothing;
  const name = context.people.find((person) => person.id === id)?.name ?? context.names[id];
  if (name === undefined) return { look: 'q', content: 'Unknown' };
  return {
    look: 'fx',
    content: (
      <>
        <Avatar name={name} id={id} />
        <span className="tr">{name}</span>
      </>
    ),
  };
}

function fieldFace(row: RecordRow, field: string, spec: FieldSpec, context: CellContext): Face {
  const value = row.body[field];
  if (value === undefined || value === null || value === '') return nothing;
  switch (spec.kind) {
    case 'money':
      return isMoney(value) ? figures(money(value), 'n') : nothing;
    case 'percent':
      return figures(percent(Number(value)));
    case 'integer':
      return figures(count(Number(value)));
    case 'date':
      return dateFace(String(value), row, context);
    case 'instant':
      return figures(instant(String(value), context.now));
    case 'boolean':
      return words(value === true ? 'Yes' : 'No');
    case 'choice':
      return choiceFace(String(value), row, field, spec, context);
    case 'reference': {
      const name = context.names[String(value)];
      return name === undefined ? { look: 'q', content: 'Not on this device' } : words(name);
    }
    case 'emails':
      return words((value as EmailItem[])[0]?.address);
    case 'phones':
      return figures((value as PhoneItem[])[0]?.number ?? '');
    case 'text':
    case 'long-text':
    case 'url':
      return words(String(value));
    case 'tags':
      return words((value as string[]).join(', '));
    case 'address':
    case 'items':
    case 'data':
      return nothing;
  }
}

function choiceFace(
  value: string,
  row: RecordRow,
  field: string,
  spec: FieldSpec,
  context: CellContext,
): Face {
  if (field !== 'stage') return words(spec.choices?.[value] ?? value);
  const found = findStage(context.pipelines, value, row.body.pipeline);
  return found === undefined
    ? { look: 'q', content: value }
    : { look: 'fx', content: <StageMark {...found} /> };
}

/** A day; of a record that is still open also how many days it is late. */
function dateFace(value: string, row: RecordRow, context: CellContext): Face {
  const late = isOpen(row, context) ? overdueDays(value, context.now) : 0;
  if (late === 0) return figures(date(value), value === context.today ? 'n' : 'n m');
  return {
    look: 'fx',
    content: (
      <>
        <span className="n sig">{date(value)}</span>
        <span className="n sig f11 b" title={`${late} days overdue`}>
          +{count(late)}d
        </span>
      </>
    ),
  };
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
