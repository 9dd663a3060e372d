import { Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef } from 'react';
import type { RecordRow, Sort, ViewSummary } from '../../../shared/ipc.ts';
import type { Stage } from '../../../shared/model/index.ts';
import { IconButton } from '../../components/Button.tsx';
import { StageGlyph } from '../../components/Marks.tsx';
import { useScaledRows } from '../../components/useScaledRows.ts';
import { count, money } from '../../format.ts';
import type { ViewSource } from '../../state/ViewSource.ts';
import type { CellContext } from '../list/useListContext.ts';
import { CardOption } from './Card.tsx';
import { columnModel, type Move, placeFor } from './column-model.ts';

/** A card of 84 and the gap of 8 to the next. */
export const CARD = 92;
const OVERSCAN = 4;
const NO_MOVES: readonly Move[] = [];

interface ColumnProps {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly source: ViewSource | null;
  /** Makes the column draw anew when its view has changed. */
  readonly stamp: number;
  readonly context: CellContext;
  readonly sort: Sort | undefined;
  readonly moves?: readonly Move[];
  /** The card that hovers over this column, and what dropping it would do. */
  readonly over: { readonly row: RecordRow; readonly change: string } | null;
  /** The card that was picked up here. */
  readonly lifted: string | null;
  /** Card with the cursor, -1 when the cursor is elsewhere. */
  readonly cursor: number;
  readonly onCursor: (stage: string, index: number) => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>, stage: string) => void;
  readonly onPress: (event: PointerEvent<HTMLElement>, row: RecordRow, stage: string) => void;
  readonly onCreate: ((stage: string) => void) | undefined;
}

/** One stage: its head with count and sums, and its cards, of which only those in sight exist. */
export function Column({
  stage,
  stages,
  source,
  context,
  sort,
  moves = NO_MOVES,
  over,
  lifted,
  cursor,
  onCursor,
  onKey,
  onPress,
  onCreate,
}: ColumnProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const visible = useRef<readonly [number, number]>([0, 0]);
  const plain = source === null ? empty : columnModel(source, stage.id, moves);
  const gap = over === null ? null : gapFor(plain, over.row, sort, visible.current);
  const model = source === null ? empty : columnModel(source, stage.id, moves, gap);
  const rows = useScaledRows({ scroller, count: model.count, rowHeight: CARD, overscan: OVERSCAN, foot: 8 });
  const { from, to } = rows;
  const first = Math.floor(rows.offset / CARD);
  visible.current = [first, first + Math.max(0, Math.floor(rows.viewport / CARD) - 1)];
  const look = source?.look;
  useEffect(() => {
    if (to >= from) look?.(from, to);
  }, [from, to, look]);
  const { reveal } = rows;
  const latest = useRef(reveal);
  latest.current = reveal;
  useEffect(() => {
    if (cursor >= 0) latest.current(cursor);
  }, [cursor]);
  const names = source?.names;
  const total = plain.count;
  return (
    <section className={over === null ? 'bcol' : 'bcol over'} data-stage={stage.id} aria-label={stage.name}>
      <ColumnHead
        stage={stage}
        stages={stages}
        total={total}
        summary={source?.summary ?? null}
        onCreate={onCreate}
      />
      <div
        ref={scroller}
        className="cards"
        role="listbox"
        aria-label={`${stage.name}, ${count(total)} deals`}
        aria-activedescendant={cursor >= from && cursor <= to ? `${id}-${cursor}` : undefined}
        tabIndex={0}
        onFocus={(event) => {
          if (cursor < 0 && event.currentTarget.matches(':focus-visible')) onCursor(stage.id, 0);
        }}
        onKeyDown={(event) => onKey(event, stage.id)}
      >
        <div className="cards-in" style={{ height: rows.physical }} role="presentation">
          {rows.items.map(({ index, start }) => {
            const style = { transform: `translateY(${start + 8 - rows.shift}px)` };
            if (index === model.gap && over !== null) {
              return (
                <div key="gap" className="drop" style={style} role="presentation">
                  {over.change}
                </div>
              );
            }
            const row = model.at(index);
            return (
              <CardOption
                key={index}
                id={`${id}-${index}`}
                row={row}
                account={row === undefined ? undefined : names?.[String(row.body.account)]}
                context={context}
                place={index}
                of={model.count}
                style={style}
                current={index === cursor}
                ghost={row !== undefined && row.id === lifted}
                onPointerDown={(event, pressed) => onPress(event, pressed, stage.id)}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

const empty = { count: 0, at: () => undefined, gap: null };

/** Where the gap opens: at its place by the order, or at the edge of what is in sight. */
function gapFor(
  model: { readonly count: number; at(index: number): RecordRow | undefined },
  row: RecordRow,
  sort: Sort | undefined,
  [from, to]: readonly [number, number],
): number {
  const place = placeFor(model, row, sort);
  return Math.max(from, Math.min(place < 0 ? to : place, to));
}

interface ColumnHeadProps {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly total: number;
  readonly summary: ViewSummary | null;
  readonly onCreate: ((stage: string) => void) | undefined;
}

function ColumnHead({ stage, stages, total, summary, onCreate }: ColumnHeadProps) {
  const sum = useMemo(() => summary?.sums[0], [summary]);
  const { limit } = stage;
  const full = limit === undefined ? 0 : Math.min(1, total / limit);
  return (
    <header className="bh">
      <div className="row">
        <StageGlyph stage={stage} stages={stages} />
        <h2 className="bb tr" title={stage.name}>
          {stage.name}
        </h2>
        <span
          className={limit !== undefined && total > limit ? 'n f11 sig' : 'n q f11'}
          title={
            limit === undefined
              ? undefined
              : `${count(total)} deals; the limit of this stage is ${count(limit)}`
          }
        >
          {count(total)}
          {limit === undefined ? '' : ` / ${count(limit)}`}
        </span>
        {onCreate !== undefined && (
          <IconButton
            icon={Plus}
            label={`New deal in ${stage.name}`}
            size="s"
            iconSize={14}
            className="bh-new"
            onClick={() => onCreate(stage.id)}
          />
        )}
      </div>
      <div className="row bh-sums">
        <span className="n b">
          {sum === undefined ? '' : money({ minor: sum.minor, currency: sum.currency }, 'whole')}
        </span>
        <span className="sp" />
        {sum !== undefined && stage.outcome === 'open' && (
          <span className="n q f11" title="Weighted by probability">
            {money({ minor: sum.weightedMinor, currency: sum.currency }, 'whole')} wtd
          </span>
        )}
      </div>
      <div className="wip" aria-hidden="true">
        {limit !== undefined && (
          <i className={full >= 0.95 ? 'full' : ''} style={{ width: `${full * 100}%` }} />
        )}
      </div>
    </header>
  );
}
