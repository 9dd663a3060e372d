import { type CSSProperties, memo, type PointerEvent, type Ref } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Placeholder } from '../../components/EmptyState.tsx';
import { SyncMark } from '../../components/Marks.tsx';
import { count, dayMonth, money, overdueDays } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { isOpen } from '../list/Cells.tsx';
import type { CellContext } from '../list/useListContext.ts';

interface CardProps {
  readonly row: RecordRow | undefined;
  readonly account: string | undefined;
  readonly context: CellContext;
}

/** What a card says: name, account, amount, close date, owner. */
export const CardFace = memo(function CardFace({ row, account, context }: CardProps) {
  if (row === undefined) {
    return (
      <>
        <Placeholder width="70%" />
        <Placeholder width="40%" />
        <Placeholder width="55%" />
      </>
    );
  }
  const { amount, closeDate } = row.body;
  const owner = context.people.find((person) => person.id === row.owner);
  return (
    <>
      <span className="row g6">
        <span className="b tr">{row.name}</span>
        <span className="sp" />
        <SyncMark mark={row.mark} />
      </span>
      <span className="card-account f12 q tr">{account}</span>
      <span className="row card-foot">
        {isMoney(amount) ? (
          <span className="n b">{money(amount)}</span>
        ) : (
          <span className="q f12">No amount</span>
        )}
        <span className="sp" />
        {typeof closeDate === 'string' && <CloseDate date={closeDate} row={row} context={context} />}
        {owner !== undefined && (
          <span className="card-owner" title={owner.name}>
            <Avatar name={owner.name} id={owner.id} />
            <span className="aloud">{owner.name}</span>
          </span>
        )}
      </span>
    </>
  );
});

interface CloseDateProps {
  readonly date: string;
  readonly row: RecordRow;
  readonly context: CellContext;
}

function CloseDate({ date, row, context }: CloseDateProps) {
  const late = isOpen(row, context) ? overdueDays(date, context.now) : 0;
  if (late === 0) return <span className="n f11 q">{dayMonth(date, context.now)}</span>;
  return (
    <span className="n f11 sig" title={`${late} days overdue`}>
      {dayMonth(date, context.now)} +{count(late)}d
    </span>
  );
}

interface CardOptionProps extends CardProps {
  readonly id: string;
  readonly place: number;
  readonly of: number;
  readonly style: CSSProperties;
  readonly current: boolean;
  readonly ghost: boolean;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>, row: RecordRow) => void;
  readonly ref?: Ref<HTMLDivElement>;
}

export function CardOption({
  id,
  row,
  account,
  context,
  place,
  of,
  style,
  current,
  ghost,
  onPointerDown,
}: CardOptionProps) {
  const classes = ['bc', current && 'cur', ghost && 'ghost', row === undefined && 'bare'];
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the column has the focus and points at its card
    <div
      id={id}
      role="option"
      aria-selected={current}
      aria-posinset={place + 1}
      aria-setsize={of}
      aria-busy={row === undefined}
      className={classes.filter(Boolean).join(' ')}
      style={style}
      {...(row === undefined
        ? {}
        : {
            'data-id': row.id,
            onPointerDown: (event: PointerEvent<HTMLElement>) => onPointerDown(event, row),
          })}
    >
      <CardFace row={row} account={account} context={context} />
    </div>
  );
}
