import './inbox.css';
import { GitMerge, Inbox, ShieldCheck } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { ViewRequest } from '../../../shared/ipc.ts';
import { asRoadbookError } from '../../bridge.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Icon } from '../../components/Icon.tsx';
import { KeyHint } from '../../components/Kbd.tsx';
import { counted, dayMonth, time, today } from '../../format.ts';
import { useShortcuts } from '../../keys.ts';
import { useApp } from '../../state/app.ts';
import { useDirectory } from '../../state/directory.ts';
import { useKnownNames } from '../record/useNames.ts';
import { useRows } from '../record/useRows.ts';
import { PageHead } from '../shell/Page.tsx';
import { shortWords } from './choices.ts';
import { ItemPane } from './ItemPane.tsx';
import { type InboxItem, isMine, itemTitle, sections, settledTitle, toItem } from './items.ts';
import { SettledPane } from './SettledPane.tsx';

const byTime: ViewRequest['sort'] = [{ field: 'at', direction: 'desc' }];
const OPEN: ViewRequest = {
  collection: 'inbox',
  filters: [{ field: 'status', op: 'is', value: 'open' }],
  sort: byTime,
};
const SETTLED: ViewRequest = {
  collection: 'inbox',
  filters: [{ field: 'status', op: 'is', value: 'resolved' }],
  sort: byTime,
};
const MOST_OPEN = 100;
const MOST_SETTLED = 50;
/** Panes drawn at once; further open items follow as these are settled. */
const MOST_PANES = 10;

/** What needs a person, and what was settled: each item says what, who, why, and what to press. */
export function InboxPage({ item: wanted }: { readonly item?: string | undefined }) {
  const me = useApp((store) => store.state?.user?.id ?? '');
  const open = useRows(OPEN, MOST_OPEN);
  const settled = useRows(SETTLED, MOST_SETTLED);
  const [selected, setSelected] = useState<string | null>(wanted ?? null);
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const [failures, setFailures] = useState<ReadonlyMap<string, RoadbookError>>(new Map());
  const pipelines = useDirectory((state) => state.pipelines);
  const stages = useMemo(() => pipelines.flatMap((pipeline) => pipeline.stages), [pipelines]);
  const names = useKnownNames();

  useEffect(() => {
    if (wanted !== undefined) setSelected(wanted);
  }, [wanted]);

  const items = useMemo(
    () => [...open.rows, ...settled.rows].filter((row) => isMine(row, me)).map(toItem),
    [open.rows, settled.rows, me],
  );
  const groups = sections(
    items.filter((item) => !leaving.has(item.id)),
    new Date(),
  );
  const order = [...groups.open, ...groups.settledToday, ...groups.earlier];
  const current = order.find((item) => item.id === selected) ?? order[0];
  const loading = open.count === null || settled.count === null;

  const settle = (item: InboxItem, act: () => Promise<void>) => {
    const next = groups.open[groups.open.findIndex((other) => other.id === item.id) + 1];
    setSelected(next?.id ?? groups.open.find((other) => other.id !== item.id)?.id ?? null);
    setLeaving((before) => new Set([...before, item.id]));
    setFailures((before) => new Map([...before].filter(([id]) => id !== item.id)));
    act()
      .catch((thrown: unknown) => {
        setFailures((before) => new Map([...before, [item.id, asRoadbookError(thrown)]]));
        setSelected(item.id);
      })
      .finally(() => setLeaving((before) => new Set([...before].filter((id) => id !== item.id))));
  };
  const move = (step: number) => {
    const at = order.findIndex((item) => item.id === current?.id);
    const to = order[Math.max(0, Math.min(order.length - 1, at + step))];
    if (to !== undefined) setSelected(to.id);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1), arrowdown: () => move(1), arrowup: () => move(-1) });

  const line = (item: InboxItem) => (
    <button
      key={item.id}
      type="button"
      className={item.id === current?.id ? 'ibx on' : 'ibx'}
      aria-current={item.id === current?.id ? 'true' : undefined}
      onClick={() => setSelected(item.id)}
    >
      <span className="ibx-mark">
        {item.open ? (
          <span className="dia" role="img" aria-label="Needs you" />
        ) : (
          <Icon of={item.kind === 'refusal' ? ShieldCheck : GitMerge} tone={3} />
        )}
      </span>
      <span className={item.open ? 'tr bb' : 'tr m'}>
        {item.open ? itemTitle(item) : settledTitle(item, (value) => shortWords(item, value, names, stages))}
      </span>
      <span className="n f11 q">{shortTime(item.at)}</span>
      <span className="f12 q tr ibx-subject">{item.subject}</span>
    </button>
  );
  const group = (label: string, members: readonly InboxItem[]) =>
    members.length > 0 && (
      <section aria-label={label}>
        <div className="h ibx-group">{label}</div>
        {members.map(line)}
      </section>
    );

  return (
    <>
      <PageHead
        icon={Inbox}
        title="Inbox"
        actions={
          <span className="row g16">
            <KeyHint keys={['J', 'K']}>move</KeyHint>
            <KeyHint keys={['1', '2', '3']}>choose</KeyHint>
            <KeyHint keys={['Enter']}>apply</KeyHint>
          </span>
        }
      >
        <span className="n q f11">
          {groups.open.length === 0
            ? 'nothing needs you'
            : `${groups.open.length} ${groups.open.length === 1 ? 'needs' : 'need'} you`}
        </span>
      </PageHead>
      {!loading && order.length === 0 ? (
        <EmptyState>
          Nothing needs you. When two people change the same amount, stage or owner without seeing each other,
          or the server refuses a change, it waits here.
        </EmptyState>
      ) : (
        <div className="two">
          <nav className="lst" aria-label="Inbox items">
            {group('Needs you', groups.open)}
            {group('Settled today', groups.settledToday)}
            {group('Earlier', groups.earlier)}
          </nav>
          <div className="det">
            {current !== undefined && !current.open && (
              <SettledPane item={current} names={names} stages={stages} />
            )}
            {(current === undefined || current.open) &&
              groups.open
                .slice(0, MOST_PANES)
                .map((item, index) => (
                  <ItemPane
                    key={item.id}
                    item={item}
                    place={`${index + 1} of ${groups.open.length}`}
                    active={item.id === current?.id}
                    me={me}
                    error={failures.get(item.id) ?? null}
                    onSettle={settle}
                  />
                ))}
            {groups.open.length > MOST_PANES && current?.open === true && (
              <p className="q f12 pn">
                {counted(groups.open.length - MOST_PANES, 'more item', 'more items')} below these.
              </p>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function shortTime(iso: string): string {
  const day = today(new Date(iso));
  return day === today() ? time(iso) : dayMonth(day);
}
